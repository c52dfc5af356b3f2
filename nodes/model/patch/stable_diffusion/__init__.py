"""Changes for Stable Diffusion 3."""
