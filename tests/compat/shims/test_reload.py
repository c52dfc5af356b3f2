"""Saving a pack's file puts its nodes in place of the old ones, and nothing else is lost."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import pytest

from safelight.compat.shims.module.promptserver import PromptServer
from safelight.compat.shims.reload import reload_pack
from safelight.compat.shims.trust import Trust
from safelight.core.graph import Graph

NODE = """
class Add:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"a": ("INT", {})}})
    RETURN_TYPES, FUNCTION = ("INT",), "go"
    def go(self, a): return (a + %s,)
NODE_CLASS_MAPPINGS = {"%s": Add}
"""
THREAD = """
import threading
def wait(): threading.Event().wait()
threading.Thread(target=wait, daemon=True, name="leak").start()
"""


def again(house: Any, name: str) -> Any:
    return reload_pack(name, house.data, house.registry, house.engine.folders, trust=Trust.all())


def test_a_changed_pack_computes_anew_and_the_others_are_still_found(house: Any) -> None:
    house.load({"one/__init__.py": NODE % (1, "AddOne"), "two/__init__.py": NODE % (2, "AddTwo")})
    graph = Graph()
    graph.add("1", "AddOne", a=graph.add("2", "AddTwo", a=0))
    assert house.value(graph, "1") == 3
    house.write({"one/__init__.py": NODE % (10, "AddOne")})
    report = again(house, "one")
    assert (report.state, report.nodes, report.notices) == ("loaded", ["AddOne"], [])
    result = house.run(graph, "1").raise_for_error()
    assert result.values["1"] == (12,)
    assert (result.reports["1"].state, result.reports["2"].state) == ("ran", "memory")


def test_a_pack_that_breaks_keeps_its_old_nodes(house: Any) -> None:
    house.load({"one/__init__.py": NODE % (1, "AddOne")})
    house.write({"one/__init__.py": "def ("})
    report = again(house, "one")
    assert (report.state, report.nodes) == ("broken", ["AddOne"])
    assert "SyntaxError" in report.traceback
    graph = Graph()
    graph.add("1", "AddOne", a=1)
    assert house.value(graph, "1") == 2


def test_a_node_that_is_gone_is_forgotten_and_a_new_one_is_there(house: Any) -> None:
    house.load({"one/__init__.py": NODE % (1, "AddOne")})
    house.write({"one/__init__.py": NODE % (1, "AddUno")})
    again(house, "one")
    assert "AddOne" not in house.registry
    assert "AddUno" in house.registry


def test_a_thread_that_a_pack_left_behind_asks_for_a_restart(house: Any) -> None:
    house.load({"leak/__init__.py": THREAD + NODE % (1, "AddOne")})
    report = again(house, "leak")
    assert any("restart of the worker is needed: its thread 'leak'" in notice for notice in report.notices)


def test_a_conflict_is_told_before_anything_is_imported(house: Any) -> None:
    needs = '[project]\nname = "old"\nversion = "1"\ndependencies = ["numpy<1.5", "no-such-package"]\n'
    (report,) = house.load({"old/__init__.py": "import numpy_of_old", "old/pyproject.toml": needs})
    assert report.state == "conflict"
    assert "it needs numpy <1.5, but" in report.problem


def test_a_new_pack_waits_until_it_is_allowed(house: Any) -> None:
    house.write({"fresh/__init__.py": "raise SystemExit('it ran')"})
    (report,) = house.load(trust=Trust.read(house.data))
    assert (report.state, report.nodes) == ("waiting", [])
    assert "safelight packs show fresh" in report.remedy
    house.write({"fresh/__init__.py": NODE % (1, "AddOne")})
    Trust.read(house.data).allow(["fresh"])
    (report,) = house.load(trust=Trust.read(house.data))
    assert report.state == "loaded"


ROUTES = """
from aiohttp import web
from server import PromptServer
server = PromptServer.instance
@server.routes.get("/pack/%(path)s")
async def told(request): return web.Response(text="%(path)s")
async def also(request): return web.Response(text="also")
server.app.router.add_get("/pack/also/%(path)s", also)
server.add_on_prompt_handler(lambda prompt: prompt)
NODE_CLASS_MAPPINGS = {}
"""


def declared() -> list[str]:
    return sorted(one.path for one in PromptServer.instance.declared() if one.path.startswith("/pack/"))


def test_routes_of_a_pack_are_taken_out_before_it_declares_them_anew(house: Any) -> None:
    house.load(
        {"one/__init__.py": ROUTES % {"path": "before"}, "two/__init__.py": ROUTES % {"path": "other"}}
    )
    handlers = len(PromptServer.instance.on_prompt_handlers)
    house.write({"one/__init__.py": ROUTES % {"path": "after"}})
    assert again(house, "one").state == "loaded"
    assert declared() == ["/pack/after", "/pack/also/after", "/pack/also/other", "/pack/other"]
    assert len(PromptServer.instance.on_prompt_handlers) == handlers
    house.write({"one/__init__.py": ROUTES % {"path": "half"} + "raise ValueError('not done')"})
    assert again(house, "one").state == "broken"
    assert "/pack/after" in declared()
    assert "/pack/half" not in declared()


def test_a_file_saved_twice_in_a_second_is_not_taken_for_its_compiled_copy(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    source = house.data / "custom_nodes" / "one" / "__init__.py"
    second = int(time.time())
    house.write({"one/__init__.py": NODE % (1, "AddOne")})
    os.utime(source, (second, second))
    house.load()
    house.write({"one/__init__.py": NODE % (4, "AddOne")})
    os.utime(source, (second + 0.5, second + 0.5))
    again(house, "one")
    graph = Graph()
    graph.add("1", "AddOne", a=0)
    assert house.value(graph, "1") == 4


MANY = """
import threading
for number in range(3):
    threading.Thread(target=lambda: threading.Event().wait(), daemon=True, name=f"many {number}").start()
"""


def test_many_threads_that_a_pack_left_behind_are_told_in_one_sentence(house: Any) -> None:
    house.load({"many/__init__.py": MANY + NODE % (1, "AddOne")})
    told = [notice for notice in again(house, "many").notices if "restart" in notice]
    assert told == ["a restart of the worker is needed: 3 of its threads are running, 'many 0' among them"]
