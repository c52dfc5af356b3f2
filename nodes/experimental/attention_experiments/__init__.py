"""Nodes that change attention, for experiments."""
