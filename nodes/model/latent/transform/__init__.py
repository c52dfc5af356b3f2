"""Nodes that cut and turn latent images."""
