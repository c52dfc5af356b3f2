"""Operations on latent images, as values."""
