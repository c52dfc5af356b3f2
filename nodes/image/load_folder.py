"""Load Images from Folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from safelight import BadInput, Context, File, Image, Item, Many, Number, node

FOLDER = File("input", tip="A folder inside the input folder.")
START = Number(min=0, max=1_000_000, tip="How many pictures to leave out at the beginning.")
LIMIT = Number(min=0, max=1_000_000, tip="How many pictures to take at most; 0 takes all.")


@node(
    "LoadImagesFromFolder",
    category="image",
    title="Load Images from Folder",
    aliases=("directory", "bulk"),
    lane="io",
)
def load_folder(
    ctx: Context,
    *,
    folder: Annotated[str, FOLDER],
    start: Annotated[int, START] = 0,
    limit: Annotated[int, LIMIT] = 0,
) -> Many[Image]:
    """Read the pictures of a folder in order of their names, and run the rest of the graph once for each.

    One picture is in memory at a time, however many there are.
    """
    root = ctx.open(ctx.folders.find("input", folder)).path
    names = sorted(
        Path(name).name for name in ctx.folders.names("input") if Path(name).parent == Path(folder)
    )
    chosen = names[start : start + limit if limit else None]
    if not chosen:
        raise BadInput(
            "folder", f"there are no pictures to take in '{folder}'", "Choose a folder that holds pictures."
        )
    return Many(_pictures(ctx, [root / name for name in chosen]))  # type: ignore[arg-type]


def _pictures(ctx: Context, paths: list[Path]) -> Iterator[Item]:
    """Each picture under its file's digest: what was made of it is found whatever else is in the folder."""
    from safelight import diffusion

    for path in paths:
        picture = diffusion.picture.load(path)[0]
        yield Item(picture, ctx.open(path).digest)
