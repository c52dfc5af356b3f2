"""Nodes that denoise."""
