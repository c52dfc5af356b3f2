"""Nodes that hold one value, to be wired to several inputs."""
