"""Explanation: a table that says of each node why it ran, or did not have to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from safelight.cli.table import table
from safelight.core.report import Report

LEGEND = {
    "hit (memory)": "hit (memory), hit (disk): its result was kept from before, so it did not run",
    "hit (disk)": "hit (memory), hit (disk): its result was kept from before, so it did not run",
    "not needed": "not needed: nothing that ran asked for its result",
    "not reached": "not reached: the run ended before",
}


def explanation(nodes: Mapping[str, Report], names: Mapping[str, str]) -> Iterator[str]:
    """The lines of the table."""
    rows = [(id, names.get(original(id, names)) or report.type, report.why) for id, report in nodes.items()]
    yield from table(("id", "node", "what happened"), rows)


def original(id: str, names: Mapping[str, str]) -> str:
    """The node that a copy in a loop, or what a node put in its place, stems from; itself if it is none."""
    while id not in names and "." in id:
        id = id.rpartition(".")[0]
    return id


def legend(nodes: Mapping[str, Report]) -> Iterator[str]:
    """What the terms mean that the table uses."""
    lines = dict.fromkeys(LEGEND[report.why] for report in nodes.values() if report.why in LEGEND)
    if lines:
        yield ""
        yield from lines
