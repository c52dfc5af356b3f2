"""Nodes that let pictures steer what is made."""
