"""Merge Image Lists."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Many, Out, node


@node(
    "MergeImageLists",
    category="image/batch",
    title="Merge Image Lists",
    deprecated="Connect the lists themselves: an input that gathers takes them all.",
    experimental=True,
)
def merge_lists(*, images: Many[Image]) -> Annotated[Many[Image], Out("All of them.", name="images")]:
    """Make one list of all pictures that come."""
    return Many(images)
