"""Split Batch."""

from __future__ import annotations

from safelight import Image, Many, node


@node("SplitBatch", category="image/batch", title="Split Batch", aliases=("for each", "iterate", "unbatch"))
def split(*, images: Image) -> Many[Image]:
    """Run the rest of the graph once for each picture of a batch, with one picture in memory at a time."""
    return Many(images[number : number + 1] for number in range(len(images)))
