"""Prompts for Stable Diffusion's own text encoders."""
