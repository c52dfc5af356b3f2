"""Nodes that repeat what stands between them."""
