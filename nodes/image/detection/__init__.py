"""Nodes about what was found in pictures, and where."""
