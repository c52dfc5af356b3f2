"""`safelight cache`: what the store on disk holds."""

from __future__ import annotations

import time
from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from safelight import home
from safelight.cli.outcome import DONE, FAILED
from safelight.cli.speech import plural, size
from safelight.cli.table import table
from safelight.core.store.disk import DiskStore, Entry
from safelight.setting import Settings
from safelight.worker import open_disk

UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
DAMAGED = "(damaged)"


def main(args: Namespace) -> int:
    """Show, verify or clear."""
    data = home.locate(args.data)
    disk = open_disk(data, Settings.read(data))
    match args.action:
        case "clear":
            return _clear(disk, data / "cache")
        case "verify":
            return _verify(disk)
    for line in _shown(disk):
        print(line)
    return DONE


def _shown(disk: DiskStore) -> Iterator[str]:
    """A line for each node type, the largest first."""
    by_type: dict[str, list[Entry]] = defaultdict(list)
    for entry in disk.entries():
        head = disk.head(entry)
        by_type[DAMAGED if head is None else head["type"]].append(entry)
    total = sum(entry.size for entries in by_type.values() for entry in entries)
    count = sum(map(len, by_type.values()))
    yield f"{disk.root}: {plural(count, 'result')}, {size(total)} of at most {size(disk.limit)}"
    if by_type:
        yield ""
        largest = sorted(by_type.items(), key=lambda item: -sum(entry.size for entry in item[1]))
        yield from table(
            ("node type", "results", "size", "last used", "longest unused"),
            [_row(type, entries) for type, entries in largest],
            right=(1, 2),
        )


def _row(type: str, entries: list[Entry]) -> tuple[str, ...]:
    used = [entry.used for entry in entries]
    weight = size(sum(entry.size for entry in entries))
    return type, str(len(entries)), weight, _ago(max(used)), _ago(min(used))


def _ago(moment: float) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = max(0.0, time.time() - moment)
    for unit, length in UNITS:
        if seconds >= length:
            return f"{plural(int(seconds // length), unit)} ago"
    return "just now"


def _verify(disk: DiskStore) -> int:
    """Read every result whole; 1 if any is damaged."""
    entries = list(disk.entries())
    damaged = [entry for entry in entries if disk.verify(entry) is None]
    for entry in damaged:
        print(f"{entry.path}: damaged")
    if damaged:
        print(
            f"{len(damaged)} of {plural(len(entries), 'result')} are damaged. "
            "Each is deleted and made anew when it is next needed."
        )
        return FAILED
    print(f"{plural(len(entries), 'result')} read, all whole")
    return DONE


def _clear(disk: DiskStore, cache: Path) -> int:
    """Delete all results, the states of half-done nodes, and those that finished runs left."""
    weight = sum(entry.size for entry in disk.entries())
    count = disk.clear()
    halves = list((cache / "checkpoints").glob("*.safetensors"))
    for state in (*halves, *(cache / "waypoints").glob("*.safetensors")):
        state.unlink(missing_ok=True)
    also = f", and {plural(len(halves), 'half-done run')}" if halves else ""
    print(f"deleted {plural(count, 'result')}, {size(weight)}{also}")
    return DONE
