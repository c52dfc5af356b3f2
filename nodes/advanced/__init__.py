"""Nodes for special purposes."""
