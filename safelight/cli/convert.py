"""`safelight convert`: a workflow in the API format, as an editor's file or as a Python script."""

from __future__ import annotations

import json
from argparse import Namespace

from safelight.cli.outcome import DONE
from safelight.cli.speech import tell_notices
from safelight.compat import Document, arrange, to_graph, to_prompt
from safelight.core.registry import Registry


def main(args: Namespace) -> int:
    """Print the workflow in the format asked for; what was read with tolerance goes to standard error."""
    document, registry = Document.read(args.file), Registry().load("nodes")
    if args.to == "editor":
        if document.dialect == "editor":
            print(document.write(), end="")
        else:
            print(arrange(document, registry).write())
        return DONE
    converted = to_graph(document, registry)
    if args.to == "python":
        from safelight.script import script

        print(script(converted.graph, registry, name=args.file.name), end="")
    else:
        print(json.dumps(to_prompt(converted.graph), indent=2, ensure_ascii=False))
    tell_notices(converted.notices)
    return DONE
