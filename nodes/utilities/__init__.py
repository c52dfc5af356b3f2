"""Nodes for the graph itself."""
