"""Preview Image."""

from __future__ import annotations

from typing import Annotated

from nodes.image.save import write
from safelight import Context, Image, Out, node


@node("PreviewImage", category="image", title="Preview Image", aliases=("show",), effect=True, lane="io")
def preview_image(
    ctx: Context, *, images: Image
) -> Annotated[Image, Out("The pictures as they came in.", name="images")]:
    """Show pictures without keeping them: they go to the temporary folder."""
    write(ctx, images, "preview", "temp", compress=1)
    return images
