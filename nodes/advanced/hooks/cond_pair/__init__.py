"""Nodes that bind hooks and more to a positive and a negative prompt at once."""
