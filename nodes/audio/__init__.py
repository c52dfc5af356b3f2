"""Nodes that load, change and save sounds."""
