"""Nodes that make a schedule: the noise levels that a run visits."""
