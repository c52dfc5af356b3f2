"""Nodes that change a model without touching its weights."""
