"""Join Image with Alpha."""

from __future__ import annotations

from safelight import Image, Mask, node


@node(
    "JoinImageWithAlpha",
    category="image/compositing",
    title="Join Image with Alpha",
    aliases=("transparency", "rgba"),
)
def join_alpha(*, image: Image, alpha: Mask) -> Image:
    """Make pictures transparent where the mask is white."""
    from safelight import diffusion

    return diffusion.composite.transparent(image, alpha)
