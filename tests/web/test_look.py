"""Looking: pixels, channels, masks, keys that show nodes, and things that move."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import expect

RECORD = """async () => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext('2d');
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((done) => { recorder.onstop = done; });
  recorder.start();
  for (let n = 0; n < 12; n++) {
    pen.fillStyle = `hsl(${n * 30} 90% 50%)`;
    pen.fillRect(0, 0, 64, 64);
    await new Promise((done) => setTimeout(done, 50));
  }
  recorder.stop();
  await ended;
  const form = new FormData();
  form.append('image', new File(parts, 'clip.webm', { type: 'video/webm' }));
  return (await fetch('api/upload/image', { method: 'POST', body: form })).status;
}"""


def send(editor: Any, name: str, image: Image.Image) -> None:
    """Bring a picture into the server's input folder."""
    data = io.BytesIO()
    image.save(data, "png")
    file = {"name": name, "mimeType": "image/png", "buffer": data.getvalue()}
    api = editor.page.url.rstrip("/") + "/upload/image"
    assert editor.page.request.post(api, multipart={"image": file, "overwrite": "true"}).ok


def test_the_viewer_tells_pixels_and_shows_channels_and_mask(editor: Any, tmp_path: Path, graph: Any) -> None:
    image = Image.new("RGBA", (8, 8), (200, 100, 50, 255))
    image.paste((10, 20, 30, 255), (4, 0, 8, 8))
    send(editor, "halves.png", image)
    editor.open(graph(("LoadImage", {"image": "halves.png"})), tmp_path)
    editor.pick("1")
    editor.keys("v")
    viewer = editor.page.locator(".viewer")
    box = viewer.locator(".viewer-stage img").bounding_box()
    assert box is not None
    assert box["width"] > 400
    for part, value in ((0.25, "R 200  G 100  B 50  A 255"), (0.75, "R 10  G 20  B 30  A 255")):
        editor.page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)
        expect(viewer.locator(".viewer-probe")).to_contain_text(value)
    for key, name in (("r", "Red alone"), ("m", "Mask over the picture"), ("c", "All channels")):
        editor.keys(key)
        expect(viewer.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    editor.keys("g")
    shown = Image.open(io.BytesIO(viewer.locator(".viewer-stage img").screenshot())).convert("RGB")
    pixel = shown.getpixel((shown.width // 4, shown.height // 2))
    assert all(abs(value - 100) < 3 for value in pixel), pixel
    editor.keys("Escape")


def test_a_double_click_on_a_node_opens_its_picture_fitted(editor: Any, tmp_path: Path, graph: Any) -> None:
    send(editor, "small.png", Image.new("RGB", (16, 16), (200, 10, 10)))
    editor.open(graph(("LoadImage", {"image": "small.png"})), tmp_path)
    editor.node("1").locator(".node-picture img").dblclick()
    viewer = editor.page.get_by_role("dialog", name="small.png")
    expect(viewer.get_by_role("button", name="Fit")).to_have_attribute("aria-pressed", "true")
    viewer.locator(".viewer-stage").dblclick()
    expect(viewer.get_by_role("button", name="Pixels")).to_have_attribute("aria-pressed", "true")


def test_digits_bind_nodes_to_the_viewer_and_hold_one_against_another(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    send(editor, "black.png", Image.new("RGB", (16, 16), (0, 0, 0)))
    send(editor, "white.png", Image.new("RGB", (16, 16), (255, 255, 255)))
    nodes = (("LoadImage", {"image": "black.png"}), ("LoadImage", {"image": "white.png"}))
    editor.open(graph(*nodes), tmp_path)
    viewer = editor.page.locator(".viewer")
    for digit in ("1", "2"):
        editor.pick(digit)
        editor.keys(digit)
        expect(viewer).to_have_attribute("aria-label", ("black.png" if digit == "1" else "white.png"))
        editor.keys("Escape")
    expect(editor.node("1").locator(".node-slot")).to_have_text("1")
    editor.keys("Escape", "1", "Shift+2")
    expect(viewer.locator(".viewer-stage img")).to_have_count(2)
    viewer.get_by_role("button", name="Blink").click()
    second = ".viewer-second"
    for wanted in ("visible", "hidden", "visible"):
        editor.page.wait_for_function(
            f"() => getComputedStyle(document.querySelector('{second}')).visibility === '{wanted}'"
        )
    editor.keys("2")
    expect(viewer).to_have_attribute("aria-label", "white.png")


def test_two_pictures_are_looked_at_in_one_place_and_told_apart_by_keys_alone(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    for name, color in (("one.png", 10), ("other.png", 40)):
        image = Image.new("RGBA", (16, 16), (10, 10, 10, 255))
        image.paste((color, 10, 10, 255), (0, 0, 8, 16))
        send(editor, name, image)
    nodes = (("LoadImage", {"image": "one.png"}), ("LoadImage", {"image": "other.png"}))
    editor.open(graph(*nodes), tmp_path)
    viewer = editor.page.locator(".viewer")
    for digit in ("1", "2"):
        editor.pick(digit)
        editor.keys(digit)
        viewer.wait_for()
        editor.keys("Escape")
    editor.keys("Escape", "1", "Shift+2", "x")  # from the wipe to side by side
    expect(viewer.locator(".viewer-pane")).to_have_count(2)
    editor.keys("+", "+", "Shift+ArrowLeft")
    editor.rest()
    left, right = (
        viewer.locator(".viewer-pane")
        .nth(n)
        .evaluate(
            "(pane) => { const [p, i] = [pane, pane.querySelector('img')]"
            ".map((one) => one.getBoundingClientRect());"
            " return [i.x - p.x, i.y - p.y, i.width, i.height].map(Math.round) }"
        )
        for n in (0, 1)
    )
    assert max(abs(a - b) for a, b in zip(left, right, strict=True)) <= 2, "both show the same part"
    editor.keys("x")
    viewer.get_by_text("50 % of the pixels differ, by 30 of 255 at most").wait_for()
    for _ in range(24):
        editor.keys("Tab")
    assert editor.page.evaluate("document.activeElement.closest('.viewer') !== null"), "it keeps the focus"
    editor.keys("Escape")
    expect(viewer).to_have_count(0)


def test_films_and_animated_pictures_play(editor: Any, tmp_path: Path, graph: Any) -> None:
    assert editor.page.evaluate(RECORD) == 200
    nodes = (
        ("LoadImage", {"image": "clip.webm"}),
        ("EmptyImage", {"width": 32, "height": 32, "batch_size": 4}),
        ("SaveAnimatedWEBP", {}),
    )
    editor.open(graph(*nodes, wires=((2, 0, 3, "images", "IMAGE"),)), tmp_path)
    editor.page.wait_for_function("() => document.querySelector('.node-picture video')?.currentTime > 0")
    editor.pick("1")
    editor.keys("v")
    editor.page.wait_for_function("() => document.querySelector('.viewer video')?.videoWidth === 64")
    editor.keys("Escape")
    editor.pick("3")
    editor.keys("Shift+Enter")
    editor.node("3").locator(".node-picture img").wait_for()
