"""Contact Sheet."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Many, Number, Text, node

COLUMNS = Number(min=0, max=100, tip="Pictures side by side; 0 makes the sheet about square.")
LABELS = Text(multiline=True, tip="A line of text for each picture, in order, to stand above it.")


@node("ContactSheet", category="image/batch", title="Contact Sheet", aliases=("grid", "montage", "gather"))
def contact_sheet(
    *, images: Many[Image], columns: Annotated[int, COLUMNS] = 0, labels: Annotated[str, LABELS] = ""
) -> Image:
    """Lay pictures out on one sheet, row by row. It gathers whatever a node before it made one by one."""
    from safelight import diffusion

    return diffusion.picture.grid([one for batch in images for one in batch], columns, labels.splitlines())
