"""Nodes that calculate with latent images."""
