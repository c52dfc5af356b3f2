"""The command line in this process, and a workflow that needs no torch."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from safelight import cli


@dataclass
class Ended:
    """A command that ended: its exit code, and what it said."""

    code: int
    out: str
    err: str

    @property
    def tree(self) -> Any:
        """The JSON that is all of standard output."""
        return json.loads(self.out)

    @property
    def states(self) -> dict[str, str]:
        """By node id, what became of it."""
        return {id: node["state"] for id, node in self.tree["nodes"].items()}


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Ended]:
    """A function that runs a command line over a data folder of its own."""
    monkeypatch.setenv("SAFELIGHT_DATA", str(tmp_path / "data"))

    def call(*argv: object) -> Ended:
        capsys.readouterr()
        try:
            code = cli.main(list(map(str, argv)))
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return call


@pytest.fixture
def greeting(tmp_path: Path) -> Path:
    """A workflow that shows `Hello world`; both texts have a title."""

    def node(type: str, title: str, **inputs: Any) -> dict[str, Any]:
        return {"class_type": type, "inputs": inputs, "_meta": {"title": title}}

    nodes = {
        "1": node("PrimitiveString", "Greeting", value="Hello"),
        "2": node("PrimitiveString", "Name", value="world"),
        "3": node("StringConcatenate", "Join", string_a=["1", 0], string_b=["2", 0], delimiter=" "),
        "4": node("PreviewAny", "Show", source=["3", 0]),
    }
    path = tmp_path / "greeting.json"
    path.write_text(json.dumps(nodes))
    return path
