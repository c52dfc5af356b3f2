"""Nodes that make one model of two, and write models to files."""
