"""Nodes that make hooks."""
