"""The inputs that several nodes share, each with its range and its tooltip, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from safelight import Choice, File, Free, Number, Seed, Text, Toggle, socket

if TYPE_CHECKING:
    Box = dict[str, Any]
    Curve = dict[str, Any]
    Hex = str
else:
    Box = socket("BOUNDING_BOX")
    Curve = socket("CURVE")
    Hex = socket("COLOR")

LARGEST_SIDE = 16384


def _samplers() -> Sequence[str]:
    from safelight import diffusion

    return diffusion.names.SAMPLERS


def _schedules() -> Sequence[str]:
    from safelight import diffusion

    return diffusion.names.SCHEDULES


CheckpointName = Annotated[
    str, File("checkpoints", tip="The model: a .safetensors file or a diffusers folder.")
]
PictureName = Annotated[str, File("input", upload="image", tip="A picture in the input folder.")]
FilePrefix = Annotated[
    str,
    Text(
        tip="What the file names begin with; a / makes folders. %year%, %month%, %day%, %hour%, %minute%, "
        "%second%, %width%, %height% and %batch_num% are filled in."
    ),
]

SeedInt = Annotated[int, Seed(tip="The noise to start from: the same seed gives the same picture.")]
Steps = Annotated[int, Number(min=1, max=10_000, tip="Denoising steps: more take longer and settle finer.")]
Cfg = Annotated[
    float,
    Number(
        min=0.0,
        max=100.0,
        step=0.1,
        round=0.01,
        tip="How closely to follow the prompt; too high burns the colours. 1 ignores the negative prompt.",
    ),
]
SamplerName = Annotated[str, Choice(of=_samplers, tip="The method that walks from noise to picture.")]
SchedulerName = Annotated[str, Choice(of=_schedules, tip="How the noise is spread over the steps.")]
Denoise = Annotated[
    float,
    Number(
        min=0.0,
        max=1.0,
        step=0.01,
        tip="How much of the picture to make anew: 1 starts from pure noise, less keeps more of the input.",
    ),
]

PixelWidth = Annotated[int, Number(min=16, max=LARGEST_SIDE, step=8, tip="Width in pixels.")]
PixelHeight = Annotated[int, Number(min=16, max=LARGEST_SIDE, step=8, tip="Height in pixels.")]
LatentWidth = Annotated[
    int, Number(min=0, max=LARGEST_SIDE, step=8, tip="Width in pixels; 0 keeps the proportions.")
]
LatentHeight = Annotated[
    int, Number(min=0, max=LARGEST_SIDE, step=8, tip="Height in pixels; 0 keeps the proportions.")
]
NewWidth = Annotated[
    int, Number(min=0, max=LARGEST_SIDE, step=1, tip="Width in pixels; 0 keeps the proportions.")
]
NewHeight = Annotated[
    int, Number(min=0, max=LARGEST_SIDE, step=1, tip="Height in pixels; 0 keeps the proportions.")
]
ScaleBy = Annotated[float, Number(min=0.01, max=8.0, step=0.01, tip="2 doubles width and height.")]
LatentMethod = Annotated[
    Literal["nearest-exact", "bilinear", "area", "bicubic", "bislerp"],
    Choice(tip="How new values are made from old ones. bislerp keeps the strength of latents."),
]
ImageMethod = Annotated[
    Literal["nearest-exact", "bilinear", "area", "bicubic", "lanczos"],
    Choice(tip="How new pixels are made from old ones: lanczos is sharpest, nearest-exact keeps hard edges."),
]
Crop = Annotated[
    Literal["disabled", "center"],
    Choice(tip="What happens when the proportions change: stretch, or cut the edges off evenly."),
]

Strength = Annotated[
    float, Number(min=0.0, max=10.0, step=0.01, tip="Its weight against the other conditionings there.")
]
AreaSide = Annotated[int, Number(min=64, max=LARGEST_SIDE, step=8, tip="Size of the area in pixels.")]
AreaOffset = Annotated[
    int, Number(min=0, max=LARGEST_SIDE, step=8, tip="Where the area begins, in pixels from the top left.")
]
AreaShare = Annotated[
    float, Number(min=0.0, max=1.0, step=0.01, tip="Size of the area as a share of the picture.")
]
AreaStart = Annotated[
    float, Number(min=0.0, max=1.0, step=0.01, tip="Where the area begins, as a share of the picture.")
]
Moment = Annotated[
    float,
    Number(min=0.0, max=1.0, step=0.001, tip="A moment of the denoising: 0 is its beginning, 1 its end."),
]

Words = Annotated[str, Text(multiline=True, tip="The text to work on.")]
Pattern = Annotated[str, Text(multiline=True, tip="A regular expression in Python's syntax.")]
IgnoreCase = Annotated[bool, Toggle(advanced=True, tip="Whether A and a are the same letter.")]
EachLine = Annotated[
    bool, Toggle(advanced=True, tip="Whether ^ and $ match at every line, not only at the ends.")
]
DotAll = Annotated[bool, Toggle(advanced=True, tip="Whether . also matches a line break.")]
MindCase = Annotated[bool, Toggle(advanced=True, tip="Whether A and a are different letters.")]

PartWidth = Annotated[int, Number(min=1, max=LARGEST_SIDE, step=1, tip="Width in pixels.")]
PartHeight = Annotated[int, Number(min=1, max=LARGEST_SIDE, step=1, tip="Height in pixels.")]
PlaceX = Annotated[int, Number(min=0, max=LARGEST_SIDE, step=1, tip="Pixels from the left.")]
PlaceY = Annotated[int, Number(min=0, max=LARGEST_SIDE, step=1, tip="Pixels from the top.")]
CellX = Annotated[int, Number(min=0, max=LARGEST_SIDE, step=8, tip="Pixels from the left, in steps of 8.")]
CellY = Annotated[int, Number(min=0, max=LARGEST_SIDE, step=8, tip="Pixels from the top, in steps of 8.")]
FlipMethod = Annotated[
    Literal["x-axis: vertically", "y-axis: horizontally"],
    Choice(tip="Swap up and down (about the x-axis) or left and right (about the y-axis)."),
]
Rotation = Annotated[
    Literal["none", "90 degrees", "180 degrees", "270 degrees"], Choice(tip="How far to turn, clockwise.")
]
BatchIndex = Annotated[
    int,
    Number(min=-LARGEST_SIDE, max=LARGEST_SIDE, tip="The first to take; 0 is the first of all, -1 the last."),
]
BatchSize = Annotated[int, Number(min=1, max=4096, tip="How many to put into each batch.")]
SetSeed = Annotated[int, Seed(tip="What is drawn at random: the same seed draws the same.")]
CropWidth = Annotated[int, Number(min=1, max=8192, tip="Width in pixels.")]
CropHeight = Annotated[int, Number(min=1, max=8192, tip="Height in pixels.")]
TileOverlap = Annotated[int, Number(min=0, max=4096, tip="Pixels that neighbouring tiles share.")]
FrameRate = Annotated[float, Number(min=0.01, max=1000.0, step=0.01, tip="Pictures a second.")]
VaeOverlap = Annotated[
    int, Number(min=0, max=4096, step=32, advanced=True, tip="Pixels that neighbouring tiles share.")
]
FrameTile = Annotated[
    int, Number(min=8, max=4096, step=4, advanced=True, tip="Frames to work on at once, of a video.")
]
FrameOverlap = Annotated[
    int,
    Number(min=4, max=4096, step=4, advanced=True, tip="Frames that neighbouring parts of a video share."),
]

SigmaMax = Annotated[
    float, Number(min=0.0, max=5000.0, step=0.01, advanced=True, tip="The level to begin at.")
]
SigmaMin = Annotated[
    float,
    Number(min=0.0, max=5000.0, step=0.01, advanced=True, tip="The last level before zero."),
]
Eta = Annotated[
    float,
    Number(
        min=0.0,
        max=100.0,
        step=0.01,
        advanced=True,
        tip="How much fresh noise each step adds: 0 none, 1 as much as the reverse diffusion.",
    ),
]
NoiseStrength = Annotated[
    float,
    Number(
        min=0.0,
        max=100.0,
        step=0.01,
        advanced=True,
        tip="The strength of that fresh noise; a little below 1 smooths, above 1 roughens.",
    ),
]
NoiseDevice = Annotated[
    Literal["gpu", "cpu"],
    Choice(advanced=True, tip="Where noise is drawn: cpu gives the same picture on every machine."),
]
RunLength = Annotated[int, Number(min=1, max=10_000, tip="Denoising steps.")]
Line = Annotated[str, Text(tip="A text.")]
Indent = Annotated[int, Number(min=0, max=8, tip="Blanks before each level; 0 writes all in one line.")]
Colour = Annotated[Hex, Free(tip="A colour, written #rrggbb.")]
CurveShape = Annotated[Curve, Free(tip="Points from 0 to 1, and how the curve goes from one to the next.")]
STRAIGHT = {"points": [[0.0, 0.0], [1.0, 1.0]], "interpolation": "monotone_cubic"}
