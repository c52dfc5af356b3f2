"""Nodes that combine conditionings and limit where, when and how strongly they act."""
