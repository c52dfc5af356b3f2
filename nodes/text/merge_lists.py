"""Merge Text Lists."""

from __future__ import annotations

from typing import Annotated

from safelight import Many, Out, Text, node


@node(
    "MergeTextLists",
    category="text",
    title="Merge Text Lists",
    deprecated="Connect the lists themselves: an input that gathers takes them all.",
    experimental=True,
)
def merge_lists(
    *, texts: Annotated[Many[str], Text(tip="Texts, one by one.")]
) -> Annotated[Many[str], Out("All of them.", name="texts")]:
    """Make one list of all texts that come."""
    return Many(texts)
