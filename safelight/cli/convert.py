"""`safelight convert`: a workflow in the API format, as an editor's file or as a Python script."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import redirect_stdout
from io import TextIOWrapper
from pathlib import Path

from safelight import home
from safelight.cli.outcome import DONE
from safelight.cli.speech import tell_notices
from safelight.compat import Document, Notation, arrange, coerce, replace_nodes, report, to_graph, to_prompt
from safelight.compat.shims.elsewhere import Elsewhere
from safelight.compat.shims.trust import Trust
from safelight.core.registry import Registry


def main(args: Namespace) -> int:
    """Print the workflow in the format asked for; what was read with tolerance goes to standard error."""
    document = Document.read(args.file)
    registry = _registry(document, home.locate(args.data))
    _as_files_are()
    if args.to == "editor":
        if document.dialect == "editor":
            print(document.write(), end="")
        else:
            print(arrange(document, registry).write())
        return DONE
    converted = to_graph(document, registry)
    if args.to == "python":
        from safelight.script import script

        graph, renewed = replace_nodes(converted.graph, registry)
        graph, read = coerce(graph, registry)
        print(script(graph, registry, name=args.file.name), end="")
        tell_notices([*converted.notices, *renewed, *read])
    else:
        print(Notation().write(to_prompt(converted.graph)))
        tell_notices(converted.notices)
    return DONE


def _registry(document: Document, data: Path) -> Registry:
    """The node types that ship, and where the workflow has others, those of packs that the user allowed."""
    registry, folders = Registry().load("nodes"), home.folders(data, prepared=False)
    packs = Elsewhere(folders.packs, Trust.read(data))
    found = (packs.pack_of(lack.type) for lack in report(document, registry, folders.names).types)
    if any(pack is not None and pack[1] for pack in found):
        from safelight.compat.shims import loader

        with redirect_stdout(sys.stderr):  # where packs may print what they like
            loader.load_packs(data, registry, folders)
    return registry


def _as_files_are() -> None:
    """Write UTF-8, as workflows and scripts are, into files and pipes, whatever the terminal shows."""
    if isinstance(sys.stdout, TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
