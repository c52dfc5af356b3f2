"""Nodes that load, show and save pictures."""
