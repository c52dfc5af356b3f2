"""How much of the first model each part of a merge has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from safelight import Named, Number

PARTS = {
    "time_embed": "its sense of time",
    "label_emb": "its sense of labels and picture sizes",
    "middle_block": "part {} of the middle, which sees the whole,",
    "input_blocks": "input block {}, which reads the picture,",
    "output_blocks": "output block {}, which draws,",
    "out": "the last layers",
}


def shares(**counts: int) -> Named:
    """An input for each part, called as SD 1 and 2 name it; `counts` says how many blocks there are."""
    return Named({name: _widget(name) for name in _names(counts, ".")}, default=1.0)


def short_shares(**counts: int) -> Named:
    """The same, called as for SDXL: blocks end without a dot."""
    return Named({name: _widget(name) for name in _names(counts, "")}, default=1.0)


def _names(counts: Mapping[str, int], end: str) -> Iterable[str]:
    yield from ("time_embed.", "label_emb.")
    for part, count in counts.items():
        yield from (f"{part}.{number}{end}" for number in range(count))
    yield "out."


def _widget(name: str) -> Number:
    part, _, number = name.rstrip(".").partition(".")
    return Number(
        min=0.0, max=1.0, step=0.01, tip=f"How much of the first model {PARTS[part].format(number)} has."
    )
