"""Nodes that load, steer and run diffusion models."""
