"""Nodes that put pictures together and take them apart."""
