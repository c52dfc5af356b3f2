"""Nodes that change the colours of pictures."""
