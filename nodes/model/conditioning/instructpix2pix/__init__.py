"""Nodes for models that edit pictures as they are told."""
