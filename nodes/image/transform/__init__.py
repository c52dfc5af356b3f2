"""Nodes that cut, turn and arrange pictures."""
