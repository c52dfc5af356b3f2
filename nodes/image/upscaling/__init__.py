"""Nodes that change the size of pictures."""
