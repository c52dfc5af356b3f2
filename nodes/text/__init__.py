"""Nodes that write, cut and compare texts."""
