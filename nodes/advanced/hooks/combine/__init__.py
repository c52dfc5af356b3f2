"""Nodes that put hooks together."""
