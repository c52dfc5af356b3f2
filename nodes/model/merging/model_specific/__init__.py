"""Merges of models of one kind, block by block."""
