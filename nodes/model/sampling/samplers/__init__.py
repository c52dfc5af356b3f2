"""Nodes that choose a sampling method and its settings."""
