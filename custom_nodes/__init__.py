"""Packs of nodes; the one here is an example to read and to copy."""
