"""`safelight diff`: what changed between two workflows or pictures, in words."""

from __future__ import annotations

from argparse import Namespace

from safelight.cli.outcome import DONE, FAILED
from safelight.compat import Document, difference
from safelight.core.registry import Registry


def main(args: Namespace) -> int:
    """Print each change on a line; the exit code says whether there are any that a run would notice."""
    found = difference(Document.read(args.old), Document.read(args.new), Registry().load("nodes"))
    for line in found.meaning:
        print(line)
    for line in found.canvas:
        print(f"(canvas) {line}")
    if not found.meaning:
        print("they compute the same")
    return FAILED if found.meaning else DONE
