"""Public templates, as they come: all are read, saved again without a change, told by name and converted."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from safelight.compat import Document, to_graph
from safelight.core.registry import Registry

PACKAGES = {"comfyui_workflow_templates_json": 644, "comfyui_subgraph_blueprints": 115}


@pytest.fixture(scope="module")
def nodes() -> Registry:
    """The built-in node types."""
    return Registry().load("nodes")


def workflows(package: str) -> list[Path]:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    paths = sorted(Path(spec.origin).parent.glob("*/*.json"))
    return [
        path for path in paths if '"nodes"' in path.read_text("utf-8") and not path.name.startswith("index")
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_all_of_them_convert_and_are_saved_as_they_were(package: str, nodes: Registry) -> None:
    paths = workflows(package)
    assert len(paths) == PACKAGES[package]
    for path in paths:
        document = Document.read(path)
        text = path.read_text("utf-8")
        assert document.write() == text or json.loads(document.write()) == json.loads(text), path
        assert len(to_graph(document, nodes).graph) > 0, path


def test_told_by_name_and_taken_back_they_are_as_they_were(nodes: Registry) -> None:
    paths = [path for package in PACKAGES for path in workflows(package)][::16]
    for path in paths:
        document = Document.read(path)
        told = json.loads(json.dumps(document.by_name(nodes), allow_nan=False))
        assert Document.from_named(told, nodes).write() == document.write(), path
