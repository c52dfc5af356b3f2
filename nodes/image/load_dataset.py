"""Load Image (from Folder)."""

from __future__ import annotations

from typing import Annotated

from nodes.image.load_folder import load_folder
from safelight import Context, File, Image, Many, Out, node

FOLDER = File("input", tip="A folder inside the input folder.")


@node(
    "LoadImageDataSetFromFolder",
    category="image",
    title="Load Image (from Folder)",
    aliases=("directory", "data set", "bulk"),
    lane="io",
    experimental=True,
)
def load_dataset(
    ctx: Context, *, folder: Annotated[str, FOLDER]
) -> Annotated[Many[Image], Out("Each picture of the folder.", name="images")]:
    """Read the pictures of a folder in order of their names, and run the rest of the graph once for each.

    Load Images from Folder does the same for a part of them.
    """
    return load_folder(ctx, folder=folder)
