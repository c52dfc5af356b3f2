"""Nodes that cut films by frames."""
