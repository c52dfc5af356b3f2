"""Pictures of the editor: of each scene, in each size and light, for people to look at.

`SAFELIGHT_SCREENSHOTS=FOLDER` writes them all there, and `docs/editor.png` anew; without it the scenes that
take little time are made in one size and thrown away, so that they are known to come about.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from bench.web.graph import PICTURE, document

ROOT = Path(__file__).resolve().parents[2]
FOLDER = os.environ.get("SAFELIGHT_SCREENSHOTS", "")
SIZES = ((1440, 900), (2560, 1440), (390, 844))
LIGHTS = ("dark", "light")
WANTED = [(size, light) for size in SIZES for light in LIGHTS] if FOLDER else [(SIZES[0], "dark")]
UNDER_WAY = """() => [...document.querySelectorAll('.node-chip, .outline-state, .simple-progress')].some(
  (one) => /^([3-9]|[1-9][0-9]) ?[/]/.test(one.textContent))"""
"""Some steps of the sampler are done."""


LOADED = """() => [...document.images].every((one) => {
  const { top, left, right, bottom } = one.getBoundingClientRect();
  const seen = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  return one.complete || one.loading === 'lazy' || !seen;
})"""
"""Every picture that is in view is there; one that loads late by choice need not be."""


class Camera:
    """Takes pictures of one window."""

    def __init__(self, editor: Any, folder: Path, ending: str) -> None:
        self.editor = editor
        self.page = editor.page
        self.folder = folder
        self.ending = ending
        self.made: list[Path] = []

    def shot(self, scene: str) -> None:
        """A picture, once nothing moves and every picture on the page is there."""
        self.editor.rest()
        self.page.wait_for_function(LOADED)
        self.page.wait_for_timeout(200)  # colours and shadows fade in
        self.made.append(self.folder / f"{scene}-{self.ending}.png")
        self.page.screenshot(path=self.made[-1])


@pytest.mark.parametrize(("size", "light"), WANTED)
def test_every_scene_can_be_shown(
    visit: Callable[..., Any],
    address: str,
    size: tuple[int, int],
    light: str,
    tmp_path: Path,
    wrap: Callable[[Any], Any],
    graph: Any,
) -> None:
    folder = Path(FOLDER or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    phone = size[0] < 640
    page = visit(viewport={"width": size[0], "height": size[1]}, has_touch=phone)
    page.context.add_init_script(f"localStorage.setItem('safelight.theme', '{light}')")
    page.goto(address)
    camera = Camera(wrap(page), folder, f"{size[0]}x{size[1]}-{light}")
    show_start(camera, phone=phone)
    show_search(camera, phone=phone)
    if FOLDER:
        show_run(camera, seed=2 * (sum(size) + len(light)), phone=phone)
        show_form(camera)
    show_failure(camera, graph, tmp_path, phone=phone)
    show_many(camera, tmp_path, phone=phone)
    if FOLDER and camera.ending == "1440x900-dark":
        shutil.copy(folder / f"again-{camera.ending}.png", ROOT / "docs" / "editor.png")
    assert all(path.stat().st_size > 8_000 for path in camera.made), "a picture of nothing"


def to_graph(page: Any, *, phone: bool) -> None:
    """From the form to the graph; on a phone without the list over it."""
    page.get_by_role("button", name="Graph", exact=True).click()
    if phone:
        page.locator(".outline-node").first.wait_for()
        page.get_by_role("complementary").get_by_role("button", name="Close").click()


def show_start(camera: Camera, *, phone: bool) -> None:
    """What a stranger sees: the graph, or on a phone the form; and the other of the two."""
    page = camera.page
    if phone:
        page.locator(".simple-row").first.wait_for()
        camera.shot("first-start")
        page.get_by_role("button", name="Graph", exact=True).click()
        page.locator(".outline-node").nth(7).wait_for()
        camera.shot("list")
        page.get_by_role("complementary").get_by_role("button", name="Close").click()
        camera.shot("graph")
        return
    page.locator("article.node").nth(7).wait_for()
    camera.shot("first-start")
    page.get_by_role("button", name="Form", exact=True).click()
    page.locator(".simple-row").first.wait_for()
    camera.shot("simple")
    to_graph(page, phone=phone)
    page.locator("article.node").nth(7).wait_for()


def show_search(camera: Camera, *, phone: bool) -> None:
    """The search for a node, and that for a command."""
    page = camera.page
    if not phone:
        page.locator(".react-flow__pane").dblclick(position={"x": 900, "y": 90})
        page.keyboard.type("upscale")
        page.get_by_role("dialog", name="Add a node").get_by_role("option").first.wait_for()
        camera.shot("search")
        page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    camera.shot("commands")
    page.keyboard.press("Escape")


def show_run(camera: Camera, seed: int, *, phone: bool) -> None:
    """A run of the first graph: while it runs, when it is done, with another seed, its picture at large."""
    page = camera.page
    if phone:
        page.keyboard.press("l")
        page.locator(".outline-node").nth(7).wait_for()
    _run_with(page, seed)
    page.wait_for_function(UNDER_WAY)
    camera.made.append(camera.folder / f"running-{camera.ending}.png")
    page.screenshot(path=camera.made[-1])
    page.locator(".node-picture img, .outline-picture").last.wait_for()
    expect(page.locator(".run-cancel")).to_have_count(0)
    if phone:
        page.locator(".outline-picture").last.scroll_into_view_if_needed()
    camera.shot("finished")
    if phone:
        page.get_by_role("complementary").get_by_role("button", name="Close").click()
    else:
        _run_with(page, seed + 1)
        page.get_by_text(f"'seed' changed {seed} -> {seed + 1}").wait_for()
        expect(page.locator(".run-cancel")).to_have_count(0)
        camera.shot("again")
    page.keyboard.press("g")
    page.locator(".past > li img").first.wait_for()
    camera.shot("gallery")
    page.locator(".past > li .past-picture").first.click()
    page.locator(".viewer-stage img").wait_for()
    camera.shot("viewer")
    page.keyboard.press("Escape")
    page.keyboard.press("g")


def _run_with(page: Any, seed: int) -> None:
    page.get_by_role("spinbutton", name="seed", exact=True).first.click()
    page.keyboard.type(str(seed))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Run", exact=True).click()


def show_form(camera: Camera) -> None:
    """The form, with the picture that was made."""
    camera.page.get_by_role("button", name="Form", exact=True).click()
    camera.page.locator(".simple-row").first.wait_for()
    camera.shot("simple-made")
    camera.page.get_by_role("button", name="Graph", exact=True).click()


def show_failure(camera: Camera, graph: Any, tmp_path: Path, *, phone: bool) -> None:
    """A graph of which a node lacks something; on a phone in the list."""
    page = camera.page
    nodes = (("EmptyImage", {}), ("ImageInvert", {}), ("PreviewImage", {}))
    camera.editor.open(graph(*nodes, wires=((2, 0, 3, "images", "IMAGE"),)), tmp_path, "lacking.json")
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("[role=alert]").first.wait_for()
    if phone and page.locator(".outline-node").count() == 0:
        page.keyboard.press("l")
    camera.shot("failed")


def show_many(camera: Camera, tmp_path: Path, *, phone: bool) -> None:
    """Five hundred nodes, from afar and from near."""
    page = camera.page
    data = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((256, 256)).save(data, "png")
    file = {"name": PICTURE, "mimeType": "image/png", "buffer": data.getvalue()}
    assert page.request.post(f"{page.url.rstrip('/')}/upload/image", multipart={"image": file}).ok
    camera.editor.open(document(500), tmp_path, "five hundred.json")
    if phone and page.get_by_role("complementary").count():
        page.get_by_role("complementary").get_by_role("button", name="Close").click()
    expect(page.locator("canvas.far")).to_be_visible()
    camera.shot("many")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+1")
    page.locator("article.node").first.wait_for()
    camera.shot("many-near")
