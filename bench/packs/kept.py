"""Kept: the outcomes of packs in a file, so that a further run tries only what it is asked to."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any


class Kept:
    """The outcomes by pack; written whenever a pack is done."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self.packs: dict[str, Any] = {}
        if file is not None and file.exists():
            self.packs = json.loads(file.read_text())

    def todo(self, name: str, args: Namespace) -> str | None:
        """The nodes of a pack to try: all for an empty text, none for None."""
        before = self.packs.get(name)
        if args.nodes:
            return str(args.nodes)
        if before is None or before["state"] != "loaded":
            return ""
        if args.cause:
            causes = args.cause.split(",")
            nodes = [
                id for id, one in before["nodes"].items() if one["registered"] and one["cause"] in causes
            ]
            return ",".join(nodes) or None
        if args.only:
            return ""
        left = [id for id, one in before["nodes"].items() if one["cause"] == "not reached"]
        return ",".join(left) or None

    def add(self, name: str, result: dict[str, Any]) -> None:
        """Take in what was found out; nodes that were not tried keep their former outcomes."""
        before = self.packs.get(name, {}).get("nodes", {})
        for id, one in result.get("nodes", {}).items():
            if one["cause"] == "not reached" and id in before:
                result["nodes"][id] = before[id]
        self.packs[name] = result
        if self._file is not None:
            self._file.write_text(json.dumps(self.packs, indent=1))
