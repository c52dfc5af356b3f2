"""Nodes for models that enlarge pictures."""
