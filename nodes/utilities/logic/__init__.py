"""Nodes that choose what runs."""
