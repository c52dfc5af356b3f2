"""Hot reload with a real server: `python -m bench.reload [--times N] [--json]`.

A pack's file is saved again and again while the server runs. Printed are the seconds from the saved file to
its new node in `/object_info` and the new answer of a route that it serves, how many requests were refused
meanwhile, and what became of the nodes of a graph. The first saves fall into the worker's warming up.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bench.serving import serving

PATIENCE = 120.0
PACK = """
from aiohttp import web
from server import PromptServer

@PromptServer.instance.routes.get("/reloaded")
async def told(request):
    return web.Response(text="{number}")

class Add:
    INPUT_TYPES = classmethod(lambda cls: {{"required": {{"a": ("INT", {{"default": {number}}})}}}})
    RETURN_TYPES, FUNCTION, CATEGORY = ("INT",), "go", "bench"
    def go(self, a): return (a + {number},)

NODE_CLASS_MAPPINGS = {{"BenchAdd": Add}}
"""
GRAPH = {
    "other": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 7}},
    "pack": {"class_type": "BenchAdd", "inputs": {"a": 1}},
    "first": {"class_type": "PreviewAny", "inputs": {"source": ["pack", 0]}},
    "second": {"class_type": "PreviewAny", "inputs": {"source": ["other", 0]}},
}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.reload", description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder) / "data", args.times)
    print(json.dumps(figures) if args.json else "\n".join(f"{name}: {one}" for name, one in figures.items()))
    return 0


def measured(data: Path, times: int) -> dict[str, Any]:
    """The figures of several saves."""
    file = data / "custom_nodes" / "adds" / "__init__.py"
    file.parent.mkdir(parents=True)
    file.write_text(PACK.format(number=0))
    (data / "packs.json").write_text(json.dumps({"allowed": ["adds"]}))
    with serving(data) as (url, _process):
        until(lambda: default(url) == 0)
        states(url)
        seconds, refused, kept = [], 0, []
        for number in range(1, times + 1):
            file.write_text(PACK.format(number=number))
            began = time.perf_counter()
            refused += until(lambda number=number: text(url) == str(number) and default(url) == number)
            seconds.append(time.perf_counter() - began)
            kept.append(states(url))
    told = {node: sorted({one[node] for one in kept}) for node in GRAPH}
    whole = {
        "median_seconds": round(statistics.median(seconds), 2),
        "all_seconds": [round(one, 2) for one in seconds],
    }
    return {**whole, "refused_requests": refused, "after_a_save": told}


def until(wanted: Any) -> int:
    """Ask until it is so; how many requests were refused meanwhile."""
    began, refused = time.perf_counter(), 0
    while time.perf_counter() - began < PATIENCE:
        try:
            if wanted():
                return refused
        except HTTPError:
            refused += 1
        time.sleep(0.01)
    raise SystemExit(f"it is not so within {PATIENCE:g} s")


def text(url: str, path: str = "/reloaded", body: Any = None) -> str:
    """What the server answers."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url + path, data, {"Content-Type": "application/json"}), timeout=PATIENCE) as answer:
        return str(answer.read().decode())


def default(url: str) -> Any:
    """The default that the pack's node declares; None while there is no such node."""
    found = json.loads(text(url, "/object_info/BenchAdd")).get("BenchAdd")
    return None if found is None else found["input"]["required"]["a"][1]["default"]


def states(url: str) -> dict[str, str]:
    """Run the graph; what became of each node."""
    told = json.loads(text(url, "/safelight/run", {"workflow": GRAPH, "wait": PATIENCE}))
    if told["state"] != "done":
        raise SystemExit(f"the graph failed: {told.get('error')}")
    return {id: str(node["state"]) for id, node in told["nodes"].items()}


if __name__ == "__main__":
    sys.exit(main())
