"""Save Video."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from nodes.types import FilePrefix
from nodes.video.source import checked, texts
from safelight import BadInput, Choice, Context, Number, Out, Variants, Video, node

SPACE = Choice(tip="What the colours mean; films for screens are sRGB.")
HOW = "Whether a film that was loaded may be copied as it is, or is coded anew."


class H264Again(NamedTuple):
    """H.264, coded anew."""

    crf: Annotated[
        float, Number(min=0.0, max=51.0, step=1.0, tip="How much may be lost: 0 nothing, 51 nearly all.")
    ] = 23.0
    color_space: Annotated[Literal["auto", "sRGB", "HDR", "HDR PQ"], SPACE] = "auto"


class Av1Again(NamedTuple):
    """AV1, coded anew."""

    crf: Annotated[
        float,
        Number(min=0.0, max=63.0, step=1.0, tip="How much may be lost: 0 hardly anything, 63 nearly all."),
    ] = 30.0
    color_space: Annotated[Literal["auto", "sRGB", "HDR", "HDR PQ"], SPACE] = "auto"


class H264(NamedTuple):
    """What every player shows."""

    encoding: Annotated[dict[str, Any], Variants({"auto": None, "re-encode": H264Again}, tip=HOW)]


class Av1(NamedTuple):
    """Smaller, and slower to make."""

    encoding: Annotated[dict[str, Any], Variants({"auto": None, "re-encode": Av1Again}, tip=HOW)]


CODECS: dict[str, type | None] = {"auto": None, "h264": H264, "av1": Av1}
CODED = "How the film is coded: auto takes over what a loaded film has, and else what players know best."


class Usual(NamedTuple):
    """Files that hold either."""

    codec: Annotated[dict[str, Any], Variants(CODECS, tip=CODED)]


class Web(NamedTuple):
    """Files for the web."""

    codec: Annotated[dict[str, Any], Variants({"auto": None, "av1": Av1}, tip=CODED)]


FORMATS = Variants(
    {"auto": Usual, "mp4": Usual, "mkv": Usual, "webm": Web}, tip="What kind of file is written; auto is mp4."
)
OLD_CODEC = Variants(CODECS, tip="Where older files keep the codec.", hidden=True)


@node(
    "SaveVideo",
    category="video",
    title="Save Video",
    aliases=("export", "film", "movie", "mp4"),
    effect=True,
    lane="io",
)
def save_video(
    ctx: Context,
    *,
    video: Video,
    filename_prefix: FilePrefix = "video/ComfyUI",
    format: Annotated[dict[str, Any], FORMATS],
    codec: Annotated[dict[str, Any], OLD_CODEC],
) -> Annotated[Video, Out("The film as it came in.", name="video")]:
    """Save a film in the output folder. It carries its workflow and can be opened as one.

    A loaded film that is neither cut nor coded anew is copied without loss. Needs the package av: pip
    install safelight[video].
    """
    from safelight import diffusion

    chosen = format["codec"] if format["codec"]["codec"] != "auto" else codec
    again = chosen.get("encoding", {})
    if again.get("color_space", "auto").startswith("HDR"):
        problem = "pictures that the HDR models make are not known here"
        raise BadInput("format.codec.encoding.color_space", problem, "Choose auto or sRGB.")
    style = diffusion.recording.Style(format["format"], chosen["codec"], again.get("crf"))
    write(ctx, video, filename_prefix, style)
    return video


def write(ctx: Context, video: Video, prefix: str, style: Any) -> None:
    """Write a film under a new name, and show it."""
    from safelight import diffusion

    film = checked(ctx, video)
    width, height = film.get_dimensions()
    path = ctx.reserve(prefix, f".{style.kind}", width=width, height=height)
    diffusion.recording.write(film, path, style, texts(ctx), ctx.progress)
    ctx.show("images", [ctx.entry(path)])
    ctx.show("animated", [True])
