"""`safelight models`: which models there are, what each is, and fetching one."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from safelight import home, hub
from safelight.cli.outcome import DONE
from safelight.cli.speech import paint, plural, size, tell
from safelight.cli.table import table
from safelight.core.digest import Digests
from safelight.core.error import SafelightError
from safelight.core.folder import Folders
from safelight.core.widget import nearest
from safelight.model import ModelFile, describe, known_kinds, models

EVERY = 0.2
"""Seconds between two lines of progress on a terminal."""
SHORT = 10
"""Letters of a hash that model sites show."""


def main(args: Namespace) -> int:
    """List, tell about one, or fetch one."""
    data = home.locate(args.data)
    match args.action:
        case "list":
            _list(args, home.folders(data, prepared=False))
        case "info":
            _info(args, home.folders(data, prepared=False), data)
        case "get":
            _get(args, data)
    return DONE


def _list(args: Namespace, folders: Folders) -> None:
    kinds = known_kinds(folders)
    if args.kind and args.kind not in kinds:
        raise SafelightError(f"no kind of model is called '{args.kind}'", remedy=nearest(args.kind, kinds))
    found = list(models(folders, [args.kind] if args.kind else kinds))
    if args.json:
        print(json.dumps([one.as_tree() for one in found]))
        return
    if not found:
        print(f"There are no models in {folders.data / 'models'} yet: `safelight models get` fetches one.")
        return
    for line in _listed(found):
        print(line)


def _listed(found: list[ModelFile]) -> Iterator[str]:
    """A table for each kind, then what cannot be used."""
    for kind in dict.fromkeys(one.kind for one in found):
        rows = [
            (one.name, one.family or "-", one.variant, one.precision, size(one.size))
            for one in found
            if one.kind == kind and not one.problem
        ]
        if rows:
            yield paint(kind, "bold")
            yield from (
                f"  {line}"
                for line in table(("name", "family", "variant", "precision", "size"), rows, right=(4,))
            )
            yield ""
    total = sum(one.size for one in found)
    yield f"{plural(len(found), 'model')}, {size(total)}"
    for one in found:
        if one.problem:
            yield f"{paint('cannot be used', 'red')}: {one.kind}/{one.name}: {one.problem}"


def _info(args: Namespace, folders: Folders, data: Path) -> None:
    one = _named(args.name, folders)
    digests = Digests(data / "cache" / "digests.json")
    digest = digests.of(one.path)
    digests.save()
    if args.json:
        print(json.dumps({**one.as_tree(), "sha256": digest}))
        return
    rows = [
        ("kind", one.kind),
        ("file", str(one.path)),
        ("title", one.title),
        ("family", one.family or "not known"),
        ("variant", one.variant),
        ("precision", one.precision),
        ("size", size(one.size)),
        ("SHA-256", digest),
        ("short hash", digest[:SHORT]),
        ("triggers", ", ".join(one.triggers)),
        ("thumbnail", str(one.thumbnail or "")),
        ("problem", one.problem),
    ]
    print(paint(one.name, "bold"))
    for word, value in rows:
        if value:
            print(f"  {word:<10}  {value}")


def _named(name: str, folders: Folders) -> ModelFile:
    """The model that `name` means: its name, or its last part, of any kind."""
    there = [(kind, one) for kind in known_kinds(folders) for one in folders.names(kind)]
    wanted = name.replace("\\", "/")
    exact = [(kind, one) for kind, one in there if wanted in (one, f"{kind}/{one}")]
    loose = [(kind, one) for kind, one in there if one.rsplit("/", 1)[-1].rsplit(".", 1)[0] == wanted]
    fitting = exact or [(kind, one) for kind, one in there if one.rsplit("/", 1)[-1] == wanted] or loose
    if len(fitting) == 1:
        kind, one = fitting[0]
        return describe(kind, one, folders.find(kind, one))
    if fitting:
        few = ", ".join(f"'{kind}/{one}'" for kind, one in fitting[:6])
        raise SafelightError(f"'{name}' means several models", remedy=f"Name one of them: {few}.")
    raise SafelightError(f"no model is called '{name}'", remedy=nearest(name, [one for _, one in there]))


def _get(args: Namespace, data: Path) -> None:
    home.prepare(data)
    line = _Line()
    try:
        kind, path = hub.fetch(
            args.repository,
            args.file,
            data / "models",
            kind=args.to,
            name=args.name,
            revision=args.revision,
            progress=line.show,
        )
    finally:
        line.end()
    one = describe(kind, path.name, path)
    tell(f"{size(one.size)} of {one.family or kind}, as '{path.name}' among the {kind}")
    print(path)


class _Line:
    """One line of progress on the terminal; a line for each file elsewhere."""

    def __init__(self) -> None:
        self.last = 0.0
        self.open = False
        self.whole: set[str] = set()

    def show(self, file: str, done: int, total: int) -> None:
        """Tell how much of a file is there."""
        finished = total and done >= total
        if not sys.stderr.isatty():
            if finished and file not in self.whole:
                self.whole.add(file)
                tell(f"{file}: {size(total)}")
            return
        if finished or time.monotonic() - self.last >= EVERY:
            self.last = time.monotonic()
            share = f"{100 * done / total:3.0f} %" if total else ""
            sys.stderr.write(f"\r\033[K{file}: {size(done)} of {size(total)} {share}")
            sys.stderr.flush()
            self.open = True

    def end(self) -> None:
        """Leave the line."""
        if self.open:
            sys.stderr.write("\n")
