"""Files that a body looks for and can do without: that they are missing is part of what a result rests on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight import Context, Graph, node
from safelight.core.digest import ABSENT, Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders

Make = Callable[..., Engine]


@node("Style", category="toy")
def style(ctx: Context, name: str) -> str:
    """Read a style, if there is one."""
    path = ctx.find("styles", name)
    return path.read_text() if path is not None else "plain"


@node("Upper", category="toy")
def upper(ctx: Context, text: str) -> str:
    """Shout; what is shown is worth keeping on disk."""
    ctx.show("text", [text])
    return text.upper()


@pytest.fixture
def styles(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "styles"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def shout() -> Graph:
    graph = Graph()
    graph.add("upper", "Upper", text=graph.add("style", "Style", name="oil"))
    return graph


def context(data: Path, *extra: Path) -> Context:
    context = Context.plain(data)
    context.folders = Folders(data, extra={"styles": extra})
    return context


def reads(context: Context) -> list[tuple[Path, str]]:
    return [tuple(read) for read in context.reads]  # type: ignore[misc]


def test_a_file_that_is_found_is_read(tmp_path: Path, styles: Path) -> None:
    (styles / "oil").write_text("oil paint")
    asking = context(tmp_path)
    assert asking.find("styles", "oil") == styles / "oil"
    assert reads(asking) == [(styles / "oil", Digests().of(styles / "oil"))]


def test_a_file_that_is_missing_is_noted_in_each_place_where_it_could_be(tmp_path: Path) -> None:
    asking = context(tmp_path, tmp_path / "more")
    assert asking.find("styles", "oil") is None
    places = [tmp_path / "models" / "styles" / "oil", tmp_path / "more" / "oil"]
    assert reads(asking) == [(place, ABSENT) for place in places]


def test_what_could_hide_the_found_file_is_noted_as_missing(tmp_path: Path, styles: Path) -> None:
    more, last = tmp_path / "more", tmp_path / "last"
    more.mkdir()
    (more / "oil").write_text("oil")
    asking = context(tmp_path, more, last)
    assert asking.find("styles", "oil") == more / "oil"
    assert reads(asking) == [(styles / "oil", ABSENT), (more / "oil", Digests().of(more / "oil"))]


@pytest.mark.parametrize("name", ["../oil", "/oil", "", "\0"])
def test_a_name_that_no_file_can_have_is_never_found(tmp_path: Path, name: str) -> None:
    asking = context(tmp_path)
    assert asking.find("styles", name) is None
    assert asking.reads == []


def test_a_file_added_later_is_noticed_downstream_too(make_engine: Make, shout: Graph, styles: Path) -> None:
    engine = make_engine(style, upper)
    assert engine.run(shout, ["upper"]).values["upper"] == ("PLAIN",)
    assert engine.run(shout, ["upper"]).nodes["upper"].state == "memory"
    (styles / "oil").write_text("oil paint")
    again = engine.run(shout, ["upper"])
    assert again.values["upper"] == ("OIL PAINT",)
    assert "because the file oil is there now" in again.nodes["upper"].why
    (styles / "oil").unlink()
    assert engine.run(shout, ["upper"]).values["upper"] == ("PLAIN",)


def test_another_process_knows_what_was_missing(make_engine: Make, shout: Graph, styles: Path) -> None:
    def states() -> tuple[Any, str]:
        engine = make_engine(style, upper, disk=True)
        result = engine.run(shout, ["upper"])
        engine.close()
        return result.values["upper"][0], result.nodes["upper"].state

    assert states() == ("PLAIN", "ran")
    assert states() == ("PLAIN", "disk")
    (styles / "oil").write_text("oil paint")
    assert states() == ("OIL PAINT", "ran")
