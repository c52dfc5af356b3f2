"""Changes for Flux models."""
