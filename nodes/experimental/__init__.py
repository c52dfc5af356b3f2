"""Nodes that are still being tried."""
