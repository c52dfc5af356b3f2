"""Create Layered Image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from nodes.image.add_layer import Layers
from nodes.image.save import write
from safelight import BadInput, Context, Free, Image, In, Mask, Out, node, socket

if TYPE_CHECKING:
    Laid = Any
else:
    Laid = socket("COMPOSITOR")

NOT_LAID: dict[str, Any] = {}
LAID = Free(tip="How the layers are laid, where that was changed on the node; nothing for as they come.")


class Montage(NamedTuple):
    """A picture with its transparency."""

    image: Annotated[Image, Out("The picture; with an alpha channel where nothing covers it.", name="IMAGE")]
    mask: Annotated[Mask, Out("White where nothing covers it.", name="MASK")]


@node(
    "ImageCompositor",
    category="image",
    title="Create Layered Image",
    aliases=("compose", "collage", "montage", "layers", "stack"),
    effect=True,
    experimental=True,
)
def compose(
    ctx: Context,
    *,
    layers: Annotated[Layers, In("From Add Layer.")],
    compositor: Annotated[Laid, LAID] = NOT_LAID,
) -> Montage:
    """Compose layers to one picture.

    After a run the layers can be moved, hidden and put in another order on the node; that holds for the
    layers as they were, and when these change they are laid as they come again.
    """
    from safelight import diffusion

    try:
        found = diffusion.montage.layers_of(layers)
        whole = diffusion.montage.composed(*_laid(ctx, layers, found, compositor))
    except diffusion.failure.UnsupportedError as error:
        raise BadInput("layers", error.problem, error.remedy) from error
    image, mask = diffusion.montage.parted(whole)
    write(ctx, image, "montage", "temp", compress=1)
    for layer in found:
        ctx.show("compositor_layers", _shown(ctx, diffusion.montage.seen(layer)))
    ctx.show("compositor_inputs", diffusion.arrangement.marks(found))
    ctx.show("compositor_bboxes", diffusion.arrangement.told(found))
    ctx.show("compositor_canvas", diffusion.montage.canvas_of(layers, found))
    return Montage(image, mask)


def _laid(ctx: Context, stack: Any, layers: list[Any], told: Any) -> tuple[Any, tuple[int, int], Any]:
    """The layers, the size of the canvas and its colour: as the node holds it, else as they come."""
    from safelight import diffusion

    try:
        own = diffusion.arrangement.arranged(layers, told)
    except diffusion.failure.UnsupportedError as error:
        ctx.warn(f"how the layers were laid on the node is not used: {error.problem}")
        ctx.show("compositor_state_stale", [True])
        own = None
    if own is not None:
        return own.layers, own.canvas, own.ground
    return layers, diffusion.montage.canvas_of(stack, layers), None


def _shown(ctx: Context, image: Image) -> Iterator[dict[str, str]]:
    from safelight import diffusion

    path = ctx.reserve("layer", ".png", "temp")
    diffusion.picture.save(image, path, compress=1)
    yield ctx.entry(path, "temp")
