"""Nodes that bend guidance."""
