"""`safelight convert`: a workflow in the API format, without torch."""

from __future__ import annotations

import json
from argparse import Namespace

from safelight.cli.outcome import DONE
from safelight.cli.speech import tell_notices
from safelight.compat import Document, to_graph, to_prompt
from safelight.core.registry import Registry


def main(args: Namespace) -> int:
    """Print the API-format JSON; what was read with tolerance goes to standard error."""
    converted = to_graph(Document.read(args.file), Registry().load("nodes"))
    titles = {id: origin.title for id, origin in converted.provenance.items() if origin.title}
    print(json.dumps(to_prompt(converted.graph, titles), indent=2, ensure_ascii=False))
    tell_notices(converted.notices)
    return DONE
