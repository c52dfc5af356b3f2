"""Nodes that work on a schedule."""
