"""Make Image Grid."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Many, Number, Out, node

COLUMNS = Number(min=1, max=20, tip="Pictures side by side.")
WIDTH = Number(min=32, max=2048, advanced=True, tip="Width of a cell in pixels.")
HEIGHT = Number(min=32, max=2048, advanced=True, tip="Height of a cell in pixels.")
PADDING = Number(min=0, max=50, advanced=True, tip="Pixels between cells.")


@node(
    "ImageGrid",
    category="image/batch",
    title="Make Image Grid",
    aliases=("montage", "gather", "sheet"),
    experimental=True,
)
def grid(
    *,
    images: Many[Image],
    columns: Annotated[int, COLUMNS] = 4,
    cell_width: Annotated[int, WIDTH] = 256,
    cell_height: Annotated[int, HEIGHT] = 256,
    padding: Annotated[int, PADDING] = 4,
) -> Annotated[Image, Out("One picture of them all.", name="images")]:
    """Lay pictures out in cells of one size, row by row.

    Contact Sheet keeps their size and can label them.
    """
    from safelight import diffusion

    singles = [one[None] for batch in images for one in batch]
    return diffusion.transform.table(singles, columns, cell_width, cell_height, padding)
