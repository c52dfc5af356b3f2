"""An example pack: each typed function is a node. `docs/plugins.md` makes it step by step."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Choice, Context, Image, Mask, Number, Out, node

Warmth = Annotated[float, Number(min=-1.0, max=1.0, step=0.05, tip="Above 0 warmer, below 0 cooler.")]
Frames = Annotated[int, Number(min=1, max=64, tip="How many pictures to make.")]
Edge = Annotated[str, Choice(of=("soft", "hard"), tip="How the bright part is cut out.")]


class Parts(NamedTuple):
    """A picture's bright part, and where it is."""

    image: Annotated[Image, Out("The picture, black where it is dark.")]
    mask: Annotated[Mask, Out("White where it is bright.")]


@node("ExampleTint", category="example", title="Example: Tint", aliases=("warm", "cool"))
def tint(image: Image, warmth: Warmth = 0.2) -> Image:
    """Make a picture warmer or cooler."""
    import torch

    gains = torch.tensor([1.0 + warmth / 2, 1.0, 1.0 - warmth / 2])
    colours = (image[..., :3] * gains).clamp(0.0, 1.0)
    return torch.cat([colours, image[..., 3:]], dim=-1)


@node("ExampleFade", category="example", title="Example: Fade")
def fade(ctx: Context, *, image: Image, frames: Frames = 8) -> Image:
    """Fade a picture in from black, as a batch of frames."""
    import torch

    made = [image * (step / frames) for step in ctx.track(range(1, frames + 1))]
    return torch.cat(made)


@node("ExampleBright", category="example", title="Example: Bright Part")
def bright(
    image: Image,
    threshold: Annotated[float, Number(min=0.0, max=1.0, step=0.01, tip="What counts as bright.")] = 0.5,
    edge: Edge = "soft",
) -> Parts:
    """Cut the bright part out of a picture."""
    level = image[..., :3].mean(dim=-1)
    mask = (level > threshold).float()
    if edge == "soft":
        mask = ((level - threshold) * 8 + 0.5).clamp(0.0, 1.0)
    return Parts(image[..., :3] * mask[..., None], mask)
