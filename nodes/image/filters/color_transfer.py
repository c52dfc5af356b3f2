"""Transfer Color."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from safelight import BadInput, Choice, Image, In, Number, Out, Variants, node

METHOD = Choice(
    tip="Match mean and spread of each channel (reinhard), how channels go together too (mkl), or all levels."
)
STRENGTH = Number(min=0.0, max=10.0, step=0.01, tip="How much of the change to make: 0 none, 1 all of it.")
INDEX = Number(min=0, max=10000, tip="Which picture of the batch all are judged by; 0 is the first.")


class Chosen(NamedTuple):
    """One picture stands for all."""

    target_index: Annotated[int, INDEX] = 0


STATS = Variants(
    {"per_frame": None, "uniform": None, "target_frame": Chosen},
    tip="What is measured before: each picture by itself, all together, or one of them for all.",
)


@node(
    "ColorTransfer",
    category="image/filters",
    title="Transfer Color",
    aliases=("color match", "grading", "palette", "reinhard", "mkl"),
)
def color_transfer(
    *,
    image_target: Annotated[Image, In("The pictures to change.")],
    image_ref: Annotated[Image, In("The picture whose colours are wanted.")],
    method: Annotated[Literal["reinhard_lab", "mkl_lab", "histogram"], METHOD] = "reinhard_lab",
    source_stats: Annotated[dict[str, Any], STATS],
    strength: Annotated[float, STRENGTH] = 1.0,
) -> Annotated[Image, Out("The pictures in those colours.", name="image")]:
    """Give pictures the colours of another one.

    Reinhard et al. 2001 and Pitie and Kokaram 2007, both in CIE Lab, or each channel's levels by rank. An
    alpha channel is left out.
    """
    from safelight import diffusion

    frames = {"per_frame": None, "uniform": -1, "target_frame": source_stats.get("target_index", 0)}
    frame = frames[source_stats["source_stats"]]
    if frame is not None and frame >= len(image_target):
        problem = f"there is no picture {frame} in a batch of {len(image_target)}"
        raise BadInput("source_stats.target_index", problem, f"Choose {len(image_target) - 1} at most.")
    target, reference = (diffusion.channel.coloured(image) for image in (image_target, image_ref))
    return diffusion.transfer.transferred(target, reference, method, strength, frame)
