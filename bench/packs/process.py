"""One pack in a process of its own, which can neither install anything nor hang for ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1800
"""Seconds that one pack may take; what was not tried by then counts as not reached."""
TAIL = 2000
"""Characters that are kept of what a process said."""


def measured(folder: Path, name: str, nodes: str) -> dict[str, Any]:
    """What one pack's process found out; it goes on with the next node where one ended it."""
    result: dict[str, Any] = {}
    left = nodes
    for _ in range(10):
        found = _once(folder, name, left)
        tried = {id: one for id, one in result.get("nodes", {}).items() if one["cause"] != "not reached"}
        result = {**found, "nodes": {**found.get("nodes", {}), **tried}}
        deadly = found.pop("at", None)
        if not deadly or result["state"] != "loaded":
            break
        result["nodes"][deadly] = {**result["nodes"][deadly], "cause": "died", "why": found["problem"]}
        wanted = nodes.split(",") if nodes else list(result["nodes"])
        left = ",".join(id for id in wanted if result["nodes"][id]["cause"] == "not reached")
        if not left:
            break
    result.pop("at", None)
    return result


def _once(folder: Path, name: str, nodes: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        out = Path(place) / "out.json"
        words = [str(folder.resolve()), name, nodes, str(out)]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "bench.packs.inside", *words],
                cwd=place,  # nodes write where they are
                env=environment(place),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=LIMIT,
                check=False,
            )
            said = f"the process ended with {done.returncode}: {done.stderr[-TAIL:]}"
        except subprocess.TimeoutExpired:
            said = f"it took more than {LIMIT} seconds"
        if not out.exists():
            return {"state": "died", "problem": said, "nodes": {}}
        result: dict[str, Any] = json.loads(out.read_text())
        if result.get("at"):
            result["problem"] = said
        return result


def environment(place: str) -> dict[str, str]:
    """What a pack finds: our code, one thread, no way to install, nothing of the user's home."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    quiet = {"PYTHONPATH": path, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1", "HOME": place}
    offline = {"PIP_NO_INDEX": "1", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    return {**os.environ, **quiet, **offline}
