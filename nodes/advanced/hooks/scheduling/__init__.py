"""Nodes that say how strong hooks are when."""
