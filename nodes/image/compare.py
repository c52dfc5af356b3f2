"""Compare Images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from nodes.image.save import saved
from safelight import Context, Free, Image, node, socket

if TYPE_CHECKING:
    View = Any
else:
    View = socket("IMAGECOMPARE")

SLIDER = Free(tip="The two pictures over each other, with a slider between them.")


@node(
    "ImageCompare",
    category="image",
    title="Compare Images",
    aliases=("before after", "difference"),
    effect=True,
    lane="io",
    experimental=True,
)
def compare(
    ctx: Context,
    *,
    compare_view: Annotated[View, SLIDER] = None,  # noqa: ARG001 (the editor's)
    image_a: Image | None = None,
    image_b: Image | None = None,
) -> None:
    """Show two pictures over each other, to be compared with a slider."""
    for name, images in (("a_images", image_a), ("b_images", image_b)):
        if images is not None:
            ctx.show(name, saved(ctx, images, "compare", "temp", compress=1))
