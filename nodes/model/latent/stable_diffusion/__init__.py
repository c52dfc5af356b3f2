"""Latents of Stable Diffusion 3."""
