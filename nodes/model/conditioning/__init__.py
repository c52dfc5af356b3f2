"""Nodes that turn prompts into what a model is steered by."""
