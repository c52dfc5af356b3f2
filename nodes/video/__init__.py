"""Nodes that load, cut and save films."""
