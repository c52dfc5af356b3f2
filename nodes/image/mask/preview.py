"""Preview Mask."""

from __future__ import annotations

from typing import Annotated

from nodes.image.save import write
from safelight import Context, Mask, Out, node


@node("MaskPreview", category="image/mask", title="Preview Mask", aliases=("show",), effect=True, lane="io")
def preview(ctx: Context, *, mask: Mask) -> Annotated[Mask, Out("The mask as it came in.", name="mask")]:
    """Show a mask as a grey picture, without saving it for good."""
    from safelight import diffusion

    write(ctx, diffusion.mask.to_image(mask), "ComfyUI_temp", "temp", compress=1)
    return mask
