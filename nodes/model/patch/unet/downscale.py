"""PatchModelAddDownscale."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Model, Number, Toggle, node

Block = Annotated[
    int,
    Number(
        min=1,
        max=32,
        step=1,
        advanced=True,
        tip="The input block after which the network works on the smaller size; 3 for most models.",
    ),
]
Factor = Annotated[
    float,
    Number(
        min=0.1, max=9.0, step=0.001, tip="How many times smaller: about your size over the trained size."
    ),
]


def moment(tip: str) -> Number:
    """A moment of the denoising: 0 is its beginning, 1 its end."""
    return Number(min=0.0, max=1.0, step=0.001, advanced=True, tip=tip)


Start = Annotated[float, moment("When it begins, as a share of the denoising.")]
End = Annotated[float, moment("When it ends, as a share of the denoising: detail needs the rest.")]
AfterSkip = Annotated[
    bool, Toggle(advanced=True, tip="Whether the block's own skip connection keeps the whole size.")
]
Method = Literal["bicubic", "nearest-exact", "bilinear", "area", "bislerp"]
DownMethod = Annotated[Method, Choice(tip="How it is made smaller.")]
UpMethod = Annotated[Method, Choice(tip="How it is made large again.")]


@node(
    "PatchModelAddDownscale",
    category="model/patch/unet",
    title="Deep Shrink (Kohya)",
    aliases=("deep shrink", "hires", "kohya"),
)
def add_downscale(
    *,
    model: Model,
    block_number: Block = 3,
    downscale_factor: Factor = 2.0,
    start_percent: Start = 0.0,
    end_percent: End = 0.35,
    downscale_after_skip: AfterSkip = True,
    downscale_method: DownMethod = "bicubic",
    upscale_method: UpMethod = "bicubic",
) -> Model:
    """Make pictures larger than a model was trained at, without doubled heads and repeated motifs.

    In the first steps, when the composition is settled, the inner part of the network works on a smaller
    picture, of the size that it knows. Later it sees the whole.
    """
    from safelight import diffusion

    return diffusion.shrink.with_shrink(
        model,
        block_number,
        downscale_factor,
        start_percent,
        end_percent,
        downscale_after_skip,
        downscale_method,
        upscale_method,
    )
