r"""The prompt language: weights in round brackets, as ComfyUI reads it. Imports no torch.

`(words)` weighs 1.1 times what is around it, `(words:1.3)` weighs 1.3 whatever is around it; brackets nest;
`\(` and `\)` are plain brackets; `embedding:name` is a textual inversion. Brackets without a partner are
plain text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

EMPHASIS = 1.1
EMBEDDING = "embedding:"
_ESCAPED = {"\\(": "\0\2", "\\)": "\0\1"}


class Segment(NamedTuple):
    """A run of text and its weight."""

    text: str
    weight: float


def parse(text: str) -> list[Segment]:
    """The runs of a prompt in order with their weights; only brackets, weights and backslashes are gone."""
    for escape, mark in _ESCAPED.items():
        text = text.replace(escape, mark)
    return [Segment(_unmark(run.text), run.weight) for run in _weigh(text, 1.0)]


def words(segment: str) -> list[str]:
    """A run cut before each `embedding:` that follows a blank, so that it stands at its piece's start."""
    first, *others = re.split(rf" {EMBEDDING}|\n{EMBEDDING}", segment)
    return [piece for piece in (first, *(EMBEDDING + other for other in others)) if piece]


def _unmark(text: str) -> str:
    for escape, mark in _ESCAPED.items():
        text = text.replace(mark, escape[1])
    return text


def _weigh(text: str, weight: float) -> Iterator[Segment]:
    for piece in _pieces(text):
        if len(piece) >= 2 and piece[0] == "(" and piece[-1] == ")":
            inner, own = _own_weight(piece[1:-1])
            yield from _weigh(inner, weight * EMPHASIS if own is None else own)
        else:
            yield Segment(piece, weight)


def _own_weight(text: str) -> tuple[str, float | None]:
    """`words:1.3` as words and number; the text unchanged if what follows the last colon is no number."""
    place = text.rfind(":")
    try:
        number = float(text[place + 1 :]) if place > 0 else math.nan
    except ValueError:
        number = math.nan
    return (text[:place], number) if math.isfinite(number) else (text, None)


def _pieces(text: str) -> Iterator[str]:
    """The text cut at its outermost bracket pairs; a closing bracket too many makes later ones plain."""
    depth = start = 0
    for place, letter in enumerate(text):
        if letter == "(":
            if depth == 0 and place > start:
                yield text[start:place]
                start = place
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                yield text[start : place + 1]
                start = place + 1
    if start < len(text):
        yield text[start:]
