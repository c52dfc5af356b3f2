"""Nodes about the noise that a run starts from."""
