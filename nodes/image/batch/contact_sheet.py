"""Contact Sheet."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Many, Number, Text, node

COLUMNS = Number(min=0, max=100, tip="Pictures side by side; 0 makes the sheet about square.")
LABELS = Text(multiline=True, tip="One line of text under each picture, in order; empty for none.")


@node("ContactSheet", category="image/batch", title="Contact Sheet", aliases=("grid", "montage", "gather"))
def contact_sheet(
    *, images: Many[Image], columns: Annotated[int, COLUMNS] = 0, labels: Annotated[str, LABELS] = ""
) -> Image:
    """Lay pictures out on one sheet, row by row. It gathers whatever a node before it made one by one."""
    from safelight import diffusion

    return diffusion.picture.grid(images, columns, labels.splitlines())
