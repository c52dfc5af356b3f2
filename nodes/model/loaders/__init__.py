"""Nodes that read model files."""
