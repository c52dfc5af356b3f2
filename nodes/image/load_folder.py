"""Load Images from Folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from safelight import BadInput, Context, Image, Many, Number, Text, node

FOLDER = Text(tip="A folder inside the input folder; empty for the input folder itself.")
START = Number(min=0, max=1_000_000, tip="How many pictures to leave out at the beginning.")
LIMIT = Number(min=0, max=1_000_000, tip="How many pictures to take at most; 0 takes all.")


@node(
    "LoadImagesFromFolder",
    category="image",
    title="Load Images from Folder",
    aliases=("directory", "bulk"),
    cached=False,
    lane="io",
)
def load_folder(
    ctx: Context,
    *,
    folder: Annotated[str, FOLDER] = "",
    start: Annotated[int, START] = 0,
    limit: Annotated[int, LIMIT] = 0,
) -> Many[Image]:
    """Read the pictures of a folder in order of their names, and run the rest of the graph once for each.

    One picture is in memory at a time, however many there are.
    """
    names = sorted(
        name for name in ctx.folders.names("input") if name.rpartition("/")[0] == folder.strip("/")
    )
    chosen = names[start : start + limit if limit else None]
    if not chosen:
        raise BadInput("folder", f"there are no pictures to take in '{folder}'", "Put pictures there.")
    return Many(_pictures(ctx, chosen))


def _pictures(ctx: Context, names: list[str]) -> Iterator[Image]:
    from safelight import diffusion

    for name in names:
        yield diffusion.picture.load(ctx.open(ctx.folders.find("input", name)).path)[0]
