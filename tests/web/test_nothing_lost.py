"""Nothing is lost: windows that close, browsers and servers that are killed, connections that break."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Error, expect

from bench.serving import ROOT, await_answer, free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SLOWLY = 60
"""Steps of a picture that takes some seconds."""
SEEDS = itertools.count(4001)
"""Of runs that were not made before."""


class Server:
    """A server of its own, that is killed and started again on the same port and folder."""

    def __init__(self, command: list[str], data: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        self.command = [*command, "--port", str(self.port), "--data", str(data), "--no-open"]
        self.log = data.with_suffix(".log")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "OMP_NUM_THREADS": "1"}
            )
        await_answer(f"{self.address}queue", self.process, 90)

    def kill(self) -> None:
        """End it at once, in the midst of what it does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """End it as it is meant to be ended."""
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture
def server(serve: list[str], tmp_path: Path) -> Iterator[Server]:
    server = Server(serve, tmp_path / "mortal")
    yield server
    server.close()


def shows(editor: Any, count: int) -> None:
    """Wait until so many nodes are there."""
    expect(editor.page.locator("article.node")).to_have_count(count)


def begin_slowly(editor: Any) -> int:
    """Start a run that takes a while, and wait until its sampler works; gives its seed, a new one."""
    seed = next(SEEDS)
    for name, value in (("seed", seed), ("steps", SLOWLY)):
        editor.node("6").get_by_role("spinbutton", name=name, exact=True).click()
        editor.page.keyboard.type(str(value))
        editor.keys("Enter")
    editor.keys("Control+Enter")
    editor.node("6").locator('article[data-phase="running"]').wait_for()
    return seed


def take_away(editor: Any) -> None:
    """A change that nobody saved: a node less."""
    editor.pick("5")
    editor.keys("Delete")
    shows(editor, 7)


def test_a_closed_window_comes_back_with_its_tabs_changes_and_pictures(
    editor: Any, tmp_path: Path, graph: Any, wrap: Callable[[Any], Any], address: str
) -> None:
    nodes = (("EmptyImage", {"width": 24, "height": 24, "color": 4711}), ("PreviewImage", {}))
    take_away(editor)
    editor.open(graph(*nodes, wires=((1, 0, 2, "images", "IMAGE"),)), tmp_path, "plain.json")
    editor.keys("Control+Enter")
    picture = editor.node("2").locator(".node-picture img")
    picture.wait_for()
    shown = picture.get_attribute("src")
    editor.rest()
    context = editor.page.context
    editor.page.close()
    again = wrap(context.new_page())
    again.page.goto(address)
    expect(again.page.locator("[data-front] input")).to_have_value("plain")
    expect(again.node("2").locator(".node-picture img")).to_have_attribute("src", shown)
    again.keys("Alt+PageUp")
    shows(again, 7)
    expect(again.page.locator("[data-front] .bar-changed")).to_have_count(1)


def test_a_reload_in_the_midst_of_a_run_goes_on_to_its_picture(editor: Any) -> None:
    seed = begin_slowly(editor)
    editor.page.reload()
    shows(editor, 8)
    editor.node("8").locator(".node-picture img").wait_for()
    expect(editor.node("6").locator('article[data-phase="done"]')).to_have_count(1)
    assert editor.values("6")["seed"] == seed


def test_a_run_that_ends_while_nobody_looks_is_there_afterwards(
    editor: Any, wrap: Callable[[Any], Any], address: str
) -> None:
    begin_slowly(editor)
    editor.until(lambda: editor.record().get("job"), "the run was never kept")
    context = editor.page.context
    editor.page.close()
    editor.page = context.new_page()
    editor.until(lambda: idle(editor.page, address), "the run never ended")
    again = wrap(editor.page)
    again.page.goto(address)
    again.node("8").locator(".node-picture img").wait_for()


def idle(page: Any, address: str) -> bool:
    """Whether nothing runs and nothing waits."""
    told = page.request.get(f"{address}safelight/queue").json()
    return not told["running"] and not told["waiting"]


@pytest.mark.slow
def test_a_killed_server_takes_up_what_ran_and_the_editor_goes_on(
    server: Server, visit: Any, wrap: Callable[[Any], Any]
) -> None:
    page = visit()
    page.goto(server.address)
    editor = wrap(page)
    shows(editor, 8)
    begin_slowly(editor)
    server.kill()
    editor.pick("3")
    editor.keys("Control+d")
    shows(editor, 9)
    editor.keys("Control+s")
    page.get_by_text("The server could not do this").or_(page.get_by_text("No connection")).first.wait_for()
    server.start()
    editor.node("8").locator(".node-picture img").wait_for()
    assert len(editor.document()["nodes"]) == 9
    expect(page.locator("[data-front] .bar-changed")).to_have_count(1)


@pytest.mark.slow
def test_a_job_that_waits_outlives_a_killed_server(
    server: Server, visit: Any, wrap: Callable[[Any], Any], tmp_path: Path, graph: Any
) -> None:
    page = visit()
    page.goto(server.address)
    editor = wrap(page)
    shows(editor, 8)
    page.request.post(f"{server.address}safelight/queue", data={"paused": True})
    nodes = (("EmptyImage", {"width": 24, "height": 24, "color": 12}), ("PreviewImage", {}))
    editor.open(graph(*nodes, wires=((1, 0, 2, "images", "IMAGE"),)), tmp_path, "waits.json")
    editor.keys("Control+Enter", "q")
    page.locator(".job").get_by_text("Waiting").wait_for()
    server.kill()
    server.start()
    page.request.post(f"{server.address}safelight/queue", data={"paused": False})
    editor.node("2").locator(".node-picture img").wait_for()


def kill_browser(profile: Path) -> None:
    """End the browser of a profile at once, as a crash does."""
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if f"--user-data-dir={profile}" in words and not any(word.startswith("--type=") for word in words):
            process.kill()
            process.wait(60)


def test_a_browser_that_is_killed_has_kept_what_nobody_saved(
    browser: Any, address: str, tmp_path: Path, wrap: Callable[[Any], Any]
) -> None:
    profile = tmp_path / "profile"
    options = {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu"]}
    context = browser.browser_type.launch_persistent_context(profile, **options)
    editor = wrap(context.new_page())
    editor.page.goto(address)
    shows(editor, 8)
    take_away(editor)
    editor.until(lambda: len(editor.kept()["nodes"]) == 7, "the change was never kept")
    kill_browser(profile)
    with contextlib.suppress(Error):
        context.close()
    context = browser.browser_type.launch_persistent_context(profile, **options)
    again = wrap(context.new_page())
    again.page.goto(address)
    shows(again, 7)
    expect(again.page.locator("[data-front] .bar-changed")).to_have_count(1)
    context.close()


def test_without_a_network_work_goes_on_and_all_of_it_is_there_when_it_comes_back(editor: Any) -> None:
    editor.page.context.set_offline(True)
    take_away(editor)
    editor.keys("Control+s")
    editor.page.get_by_text("The server cannot be reached, so this was not done.").wait_for()
    expect(editor.page.locator("[data-front] .bar-changed")).to_have_count(1)
    editor.keys("Control+z")
    shows(editor, 8)
    editor.page.context.set_offline(False)
    editor.keys("Control+Enter")
    editor.node("8").locator(".node-picture img").wait_for()
