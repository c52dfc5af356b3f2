"""Nodes that put latent images together and take them apart."""
