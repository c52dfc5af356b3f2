"""What the documents say: their examples run, their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import torch

from safelight import Registry
from safelight.core.spec import NodeSpec
from safelight.testing import check_pack

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def examples(path: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


@each_document
def test_links_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "docs/nodes.md"])
def test_the_example_of_a_node_is_one(name: str) -> None:
    scope: dict[str, Any] = {"__name__": "example"}
    exec(next(text for text in examples(ROOT / name) if "@node(" in text), scope)
    spec: NodeSpec = scope["fade"].spec
    assert (spec.id, [one.name for one in spec.inputs]) == ("Fade", ["image", "amount"])
    grey = scope["fade"](image=torch.rand(1, 8, 8, 3), amount=1.0)
    assert grey.std(-1).max() < 1e-6


def test_the_pack_that_grows_on_the_page_about_packs_keeps_the_rules() -> None:
    scope: dict[str, Any] = {"__name__": "example"}
    for text in examples(ROOT / "docs" / "plugins.md")[:3]:
        exec(text, scope)
    check_pack(scope[name].spec for name in ("tint", "bright", "fade"))
    parts = scope["bright"](image=torch.ones(1, 4, 4, 3), edge="hard")
    assert parts.mask.all()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_exist(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    words = re.findall(r"`((?:safelight|nodes|tests|workflows|docs|\.ci)/[\w./-]*)`", text)
    assert words or path.name != "README.md"
    assert [word for word in words if not (ROOT / word).exists()] == []


def test_the_examples_of_workflows_in_python_make_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAFELIGHT_DATA", str(tmp_path))
    monkeypatch.chdir(ROOT)
    for text in examples(ROOT / "docs" / "python.md"):
        exec(text, {"__name__": "example"})
    assert sorted(path.name for path in (tmp_path / "output").iterdir()) == [
        "pizza_00001_.png",
        "text_to_image_00001_.png",
    ]
    assert "(64, 64)" in capsys.readouterr().out


def test_no_node_that_is_here_is_said_to_wait() -> None:
    rows = (ROOT / "docs/waiting.md").read_text(encoding="utf-8").splitlines()
    first = [row.split("|")[1] for row in rows if row.startswith("| `")]
    waiting = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}
    assert len(waiting) > 20
    assert waiting & {spec.id for spec in Registry().load("nodes")} == set()
