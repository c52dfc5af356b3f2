"""Pictures of the editor: of each scene, in each size and light, for people to look at.

`SAFELIGHT_SCREENSHOTS=FOLDER` writes them all there, and `docs/editor.png` anew; without it one size is made
and thrown away, so that the scenes are known to come about.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.web.graph import document

ROOT = Path(__file__).resolve().parents[2]
FOLDER = os.environ.get("SAFELIGHT_SCREENSHOTS", "")
SIZES = ((1440, 900), (2560, 1440), (390, 844))
LIGHTS = ("dark", "light")
WANTED = [(size, light) for size in SIZES for light in LIGHTS] if FOLDER else [(SIZES[0], "dark")]
PICTURE = 90_000


@pytest.mark.parametrize(("size", "light"), WANTED)
def test_every_scene_can_be_shown(
    browser: Any,
    address: str,
    size: tuple[int, int],
    light: str,
    tmp_path: Path,
    wrap: Callable[[Any], Any],
    graph: Any,
) -> None:
    folder = Path(FOLDER or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=size[0] < 640)
    context.add_init_script(f"localStorage.setItem('safelight.theme', '{light}')")
    page = context.new_page()
    page.goto(address)
    editor = wrap(page)
    phone = size[0] < 640

    def shot(scene: str) -> Path:
        path = folder / f"{scene}-{size[0]}x{size[1]}-{light}.png"
        page.wait_for_timeout(500)
        page.screenshot(path=path)
        return path

    shown = first_start(page, shot, phone=phone)
    shown += [show_search(page, shot)] if not phone else []
    shown += show_run(page, shot, size, light, seed=sum(size) + len(light))
    shown.append(show_failure(editor, shot, graph, tmp_path))
    editor.open(document(500), tmp_path, "many.json")
    page.wait_for_timeout(500)
    shown.append(shot("many"))
    context.close()
    assert all(path.stat().st_size > 8_000 for path in shown), "a picture of nothing"


def first_start(page: Any, shot: Callable[[str], Path], *, phone: bool) -> list[Path]:
    """What a stranger sees: the graph, or on a phone the form; and the other of the two."""
    if phone:
        page.get_by_role("button", name="Graph", exact=True).wait_for()
        shown = [shot("first-start")]
        page.get_by_role("button", name="Graph", exact=True).click()
        page.locator(".outline-node").nth(7).wait_for()
        return [*shown, shot("list")]
    page.locator("article.node").nth(7).wait_for()
    shown = [shot("first-start")]
    page.get_by_role("button", name="Form", exact=True).click()
    shown.append(shot("form"))
    page.get_by_role("button", name="Graph", exact=True).click()
    page.locator("article.node").nth(7).wait_for()
    return shown


def show_search(page: Any, shot: Callable[[str], Path]) -> Path:
    """The search for a node."""
    page.keyboard.press("Tab")
    page.keyboard.type("upscale")
    path = shot("search")
    page.keyboard.press("Escape")
    return path


def show_run(
    page: Any, shot: Callable[[str], Path], size: tuple[int, int], light: str, seed: int
) -> list[Path]:
    """A run of the first graph: while it runs, when it is done, and its picture at large."""
    field = page.get_by_role("spinbutton", name="seed", exact=True).first
    field.click()
    page.keyboard.type(str(seed))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.node-chip, .outline-state')].some("
        "(one) => /^[3-9]\\/|^[1-9][0-9]\\//.test(one.textContent))",
        timeout=PICTURE,
    )
    shown = [shot("running")]
    picture = page.locator(".node-picture img, .outline-picture").last
    picture.wait_for(timeout=PICTURE)
    page.wait_for_function("() => !document.querySelector('article[data-phase=running], .run-cancel')")
    shown.append(shot("finished"))
    if FOLDER and size == SIZES[0] and light == "dark":
        shutil.copy(shown[-1], ROOT / "docs" / "editor.png")
    if size[0] >= 640:
        picture.click()
        page.locator(".viewer").wait_for()
        shown.append(shot("viewer"))
        page.keyboard.press("Escape")
    return shown


def show_failure(editor: Any, shot: Callable[[str], Path], graph: Any, tmp_path: Path) -> Path:
    """A graph of which a node lacks something."""
    nodes = (("EmptyImage", {}), ("ImageInvert", {}), ("PreviewImage", {}))
    editor.open(graph(*nodes, wires=((2, 0, 3, "images", "IMAGE"),)), tmp_path)
    editor.page.get_by_role("button", name="Run", exact=True).click()
    editor.page.locator("[role=alert]").first.wait_for()
    path = shot("failed")
    editor.page.locator(".notice button").first.click()
    return path
