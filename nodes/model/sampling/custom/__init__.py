"""Nodes that run a custom sampling, and what bends its guidance."""
