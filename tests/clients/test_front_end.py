"""ComfyUI's own front end, as its package ships it, served by us: it loads, queues and shows the picture."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bench.serving import serving
from safelight.diffusion.builtin import builtin

sync_api = pytest.importorskip("playwright.sync_api")
PACKAGE = find_spec("comfyui_frontend_package")
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
pytestmark = [
    pytest.mark.skipif(PACKAGE is None, reason="comfyui-frontend-package is not installed"),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium"),
    pytest.mark.slow,
]
DEFAULT_MODEL = "v1-5-pruned-emaonly-fp16.safetensors"
"""The checkpoint that the front end's default workflow names: here it is the embedded model."""
SECONDS = 1000


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assert PACKAGE is not None
    assert PACKAGE.origin is not None
    folder = tmp_path_factory.mktemp("front-end")
    shutil.copytree(builtin()["emoji"], folder / "data" / "models" / "checkpoints" / DEFAULT_MODEL)
    static = Path(PACKAGE.origin).parent / "static"
    with serving(folder / "data", "--front-end", str(static), log=folder / "log.txt") as (address, _):
        yield address


@pytest.fixture(scope="module")
def page(url: str) -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1440, "height": 900})
        opened.request.post(f"{url}/api/settings", data={"Comfy.TutorialCompleted": True})
        opened.goto(url)
        opened.wait_for_function("window.app?.graph?.nodes?.length > 0", timeout=60 * SECONDS)
        yield opened
        browser.close()


def test_it_loads_the_default_workflow_with_our_nodes(page: Any) -> None:
    types = page.evaluate("app.graph.nodes.map(node => node.type)")
    assert {"KSampler", "CheckpointLoaderSimple", "SaveImage"} <= set(types)
    missing = page.evaluate("app.graph.nodes.filter(node => node.has_errors).map(node => node.type)")
    assert missing == []


def test_it_knows_all_node_types(page: Any) -> None:
    count = page.evaluate("Object.keys(LiteGraph.registered_node_types).length")
    assert count > 200


def test_it_queues_the_default_workflow_and_shows_the_picture(page: Any) -> None:
    page.evaluate("app.graph.nodes.find(node => node.type == 'EmptyLatentImage').widgets[0].value = 64")
    page.evaluate("app.graph.nodes.find(node => node.type == 'EmptyLatentImage').widgets[1].value = 64")
    with page.expect_response(lambda got: "/view?" in got.url, timeout=120 * SECONDS) as shown:
        page.evaluate("app.queuePrompt(0)")
    assert Image.open(io.BytesIO(shown.value.body())).size == (64, 64)
    page.evaluate("app.canvas.centerOnNode(app.graph.nodes.find(node => node.type == 'SaveImage'))")
    page.wait_for_function(
        "app.graph.nodes.find(node => node.type == 'SaveImage').imgs?.[0]?.naturalWidth == 64",
        timeout=60 * SECONDS,
    )
