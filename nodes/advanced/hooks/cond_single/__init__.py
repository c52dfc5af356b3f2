"""Nodes that bind hooks and more to one prompt."""
