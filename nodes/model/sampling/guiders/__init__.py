"""Nodes that say how prompts guide a run."""
