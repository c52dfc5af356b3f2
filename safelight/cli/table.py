"""Table: columns of text, the last of which is folded to the width of the terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence

from safelight.cli.speech import paint

GAP = "  "
NARROWEST = 24


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> Iterator[str]:
    """The lines of a table; columns numbered in `right` are set flush right. In a pipe no line is folded."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    before = sum(widths[:-1]) + len(GAP) * (len(head) - 1)
    room = max(NARROWEST, width() - before) if sys.stdout.isatty() else 0
    yield paint(_line(head, widths, right), "dim", sys.stdout)
    for row in rows:
        first, *more = (textwrap.wrap(row[-1], room) if room else []) or [row[-1]]
        yield _line([*row[:-1], first], widths, right)
        for rest in more:
            yield " " * before + rest


def width() -> int:
    """The columns of the terminal."""
    return shutil.get_terminal_size().columns


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    set_ = (
        cell.rjust(wide) if column in right else cell.ljust(wide)
        for column, (cell, wide) in enumerate(zip(cells, widths, strict=True))
    )
    return GAP.join(set_).rstrip()
