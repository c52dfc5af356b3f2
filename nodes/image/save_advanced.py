"""Save Image (Advanced)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from nodes.image.save import save_image
from nodes.types import FilePrefix
from safelight import BadInput, Choice, Context, Image, Out, Variants, node

DEPTH = Choice(advanced=True, tip="Bits for each colour of each pixel.")
SPACE = Choice(advanced=True, tip="What the pictures' numbers mean: levels of a screen, or amounts of light.")


class Png(NamedTuple):
    """Levels of a screen, without loss."""

    bit_depth: Annotated[Literal["8-bit", "16-bit"], DEPTH] = "8-bit"
    input_color_space: Annotated[Literal["sRGB"], SPACE] = "sRGB"


class Exr(NamedTuple):
    """Amounts of light, for further work on them."""

    bit_depth: Annotated[Literal["32-bit float"], DEPTH] = "32-bit float"
    input_color_space: Annotated[Literal["sRGB", "HDR", "linear"], SPACE] = "sRGB"


FORMATS = Variants({"png": Png, "exr": Exr}, tip="What kind of file is written.")


@node(
    "SaveImageAdvanced",
    category="image",
    title="Save Image (Advanced)",
    aliases=("export", "exr", "16 bit", "hdr"),
    effect=True,
    lane="io",
)
def save_advanced(
    ctx: Context,
    *,
    images: Image,
    filename_prefix: FilePrefix = "ComfyUI",
    format: Annotated[dict[str, Any], FORMATS],
) -> Annotated[Image, Out("The pictures as they came in.", name="images")]:
    """Save pictures as PNG of 8 or 16 bits, or as OpenEXR of 32, in the output folder.

    An EXR holds amounts of light: of sRGB pictures they are worked out, linear ones are written as they are.
    Each file carries its workflow.
    """
    if format["format"] == "png" and format["bit_depth"] == "8-bit":
        return save_image(ctx, images=images, filename_prefix=filename_prefix)
    if format["input_color_space"] == "HDR":
        problem = "pictures that the HDR models make are not known here"
        raise BadInput("format.input_color_space", problem, "Choose sRGB or linear.")
    for number, picture in enumerate(images):
        height, width = picture.shape[:2]
        tokens = {"width": width, "height": height, "batch_num": number}
        path = ctx.reserve(filename_prefix, f".{format['format']}", **tokens)
        _write(ctx, picture, path, format)
        ctx.show("images", [ctx.entry(path)])
    return images


def _write(ctx: Context, picture: Any, path: Any, format: dict[str, Any]) -> None:
    from safelight import diffusion

    texts = {"prompt": ctx.prompt, "workflow": ctx.workflow}
    if format["format"] == "png":
        diffusion.deep.save_png(picture, path, **texts)
        return
    if format["input_color_space"] == "sRGB":
        picture = picture.clone()
        picture[..., :3] = diffusion.transfer.linear(picture[..., :3])  # how opaque it is stays as it is
    diffusion.deep.save_exr(picture, path, **texts)
