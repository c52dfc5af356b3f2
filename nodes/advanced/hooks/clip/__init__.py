"""Nodes that bind hooks to a text encoder."""
