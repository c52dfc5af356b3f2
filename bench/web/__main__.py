"""Measure the editor beside ComfyUI's in headless Chromium: `python -m bench.web [--rounds N] [nodes ...]`.

Both are served by the same program, open the same file in the same window, and are handled by the same input:
panning, dragging a node and zooming at zoom 1, panning with the whole graph in view, and typing. They take
turns, each visit in a new browser, so that what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from bench.serving import serving
from bench.web.editor import Editor, Ours, Theirs
from bench.web.graph import PICTURE, workflow
from bench.web.report import summary, table
from bench.web.visit import Visit, visit
from safelight.core.registry import Registry
from safelight.diffusion.builtin import builtin

SIZES = (100, 500, 1000, 2000)
PACKAGE = "comfyui_frontend_package"
MODEL = "v1-5-pruned-emaonly-fp16.safetensors"
FLAGS = ["--no-sandbox", "--disable-gpu"]


def main(words: list[str]) -> None:
    """Measure, and print a table or JSON."""
    args = _arguments(words)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        files = _write(folder, args.nodes)
        ends = _ends(args.editor, alone=args.alone)
        served = [(end, stack.enter_context(_served(folder, end, page))) for end, page in ends]
        visits = _visits(served, files, args.rounds)
    results = {
        count: {end.name: summary(visits[end.name, count]) for end, _ in served} for count in args.nodes
    }
    print(json.dumps(results, indent=2) if args.json else table(results))


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.web", description=__doc__.splitlines()[0])
    parser.add_argument("nodes", nargs="*", type=int, default=list(SIZES), help="sizes of the graphs")
    parser.add_argument("--rounds", type=int, default=2, help="visits to each editor with each graph")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    parser.add_argument("--alone", action="store_true", help="leave ComfyUI's editor out")
    parser.add_argument("--editor", type=Path, help="a built editor to measure instead of web/dist")
    return parser.parse_args(words)


def _write(folder: Path, sizes: list[int]) -> dict[int, Path]:
    """A workflow of each size."""
    registry = Registry().load("nodes")
    files = {count: folder / f"graph{count}.json" for count in sizes}
    for count, path in files.items():
        path.write_text(workflow(count, registry))
    return files


def _ends(editor: Path | None, *, alone: bool) -> list[tuple[Editor, Path | None]]:
    """The editors, each with the folder it is served from where that is not the usual one."""
    ours: list[tuple[Editor, Path | None]] = [(Ours(), editor)]
    if alone:
        return ours
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        print("ComfyUI's editor is left out: comfyui-frontend-package is not installed", file=sys.stderr)
        return ours
    return [*ours, (Theirs(), Path(found.origin).parent / "static")]


@contextmanager
def _served(folder: Path, end: Editor, page: Path | None) -> Iterator[str]:
    """A server with a picture, and a model of the name that ComfyUI's first graph asks for."""
    data = folder / end.name
    shutil.copytree(builtin()["emoji"], data / "models" / "checkpoints" / MODEL)
    (data / "input").mkdir()
    Image.linear_gradient("L").resize((512, 512)).convert("RGB").save(data / "input" / PICTURE)
    options = [] if page is None else ["--front-end", str(page)]
    with serving(data, *options, log=folder / f"{end.name}.log") as (url, _):
        yield url


def _visits(
    served: list[tuple[Editor, str]], files: dict[int, Path], rounds: int
) -> dict[tuple[str, int], list[Visit]]:
    """All visits; who comes first changes with each round."""
    made: dict[tuple[str, int], list[Visit]] = {(end.name, count): [] for end, _ in served for count in files}
    with sync_playwright() as play:
        for round in range(rounds):
            for count, path in files.items():
                for end, url in served if round % 2 == 0 else reversed(served):
                    print(f"round {round + 1}: {end.name}, {count} nodes", file=sys.stderr)
                    made[end.name, count].append(_visit(play, end, url, path, count))
    return made


def _visit(play: Any, end: Editor, url: str, path: Path, count: int) -> Visit:
    browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
    try:
        return visit(browser, end, url, path, count)
    finally:
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
