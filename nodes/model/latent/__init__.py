"""Nodes that make, change and decode latent images."""
