"""Nodes that change how pictures look."""
