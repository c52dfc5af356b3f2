"""Nodes that change brightness and contrast."""
