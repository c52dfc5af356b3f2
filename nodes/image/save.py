"""Save Image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from nodes.types import FilePrefix
from safelight import Context, Image, Out, node


def saved(ctx: Context, images: Image, prefix: str, folder: str, compress: int) -> Iterator[dict[str, str]]:
    """Write each picture of a batch as a PNG that carries its workflow; how clients name each."""
    from safelight import diffusion

    for number, picture in enumerate(images):
        height, width = picture.shape[:2]
        path = ctx.reserve(prefix, ".png", folder, width=width, height=height, batch_num=number)
        diffusion.picture.save(picture, path, prompt=ctx.prompt, workflow=ctx.workflow, compress=compress)
        yield ctx.entry(path, folder)


def write(ctx: Context, images: Image, prefix: str, folder: str, compress: int) -> None:
    """Write each picture of a batch, and show them."""
    for entry in saved(ctx, images, prefix, folder, compress):
        ctx.show("images", [entry])


@node("SaveImage", category="image", title="Save Image", aliases=("export", "output"), effect=True, lane="io")
def save_image(
    ctx: Context, *, images: Image, filename_prefix: FilePrefix = "ComfyUI"
) -> Annotated[Image, Out("The pictures as they came in.", name="images")]:
    """Save pictures as PNG files in the output folder. Each carries its workflow and can be opened as one."""
    write(ctx, images, filename_prefix, "output", compress=4)
    return images
