"""Nodes that lay pictures over one another."""
