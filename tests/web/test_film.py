"""Films and sounds in the editor: a film is made with the form and plays; files are dropped, and play too."""

from __future__ import annotations

import base64
import json
import math
import struct
from pathlib import Path
from typing import Any

import av
import numpy
import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
SHORT_FILM = ROOT / "workflows" / "short_film.json"
PLAYING = """(one) => new Promise((done) => {
  const look = () => one.readyState >= 2 && one.currentTime > 0 && !one.error
    ? done([one.videoWidth, one.videoHeight, one.duration]) : setTimeout(look, 20);
  look();
})"""
"""Waits until a film has shown a frame and gone on."""
DROP = """([x, y, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const at = { bubbles: true, cancelable: true, clientX: x, clientY: y, dataTransfer: transfer };
  const target = document.elementFromPoint(x, y);
  for (const kind of ['dragenter', 'dragover', 'drop']) target.dispatchEvent(new DragEvent(kind, at));
}"""


def drop(page: Any, path: Path, type: str, x: float, y: float) -> None:
    page.evaluate(DROP, [x, y, path.name, type, base64.b64encode(path.read_bytes()).decode()])


def film(path: Path) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 32, "yuv420p"
        for number in range(5):
            level = numpy.full((32, 64, 3), 50 * number, numpy.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(level, format="rgb24")))
        out.mux(stream.encode())
    return path


def sound(path: Path) -> Path:
    samples = [round(9000 * math.sin(number / 4)) for number in range(4000)]
    data = struct.pack(f"<{len(samples)}h", *samples)
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    body = b"WAVE" + head + b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def test_a_film_is_made_with_the_form_and_plays_in_form_graph_and_viewer(editor: Any, tmp_path: Path) -> None:
    tree = json.loads(SHORT_FILM.read_text())
    for node in tree["nodes"]:
        if node["type"] == "KSampler":
            node["widgets_values"][2] = 2  # steps
        elif node["type"] == "NumberRange":
            node["widgets_values"][2] = 4  # frames
    page = editor.page
    editor.open(tree, tmp_path, "short_film.json")
    assert editor.values("13")["format.codec"] == "auto"
    assert editor.node("13").locator('[data-input="codec"]').count() == 0, (
        "what older files have is not drawn"
    )
    page.get_by_role("button", name="Form", exact=True).click()
    wish = page.get_by_role("group", name="What does it become?", exact=True)
    wish.get_by_role("textbox").fill("a rocket on a green background")
    page.get_by_role("button", name="Make it").click()
    made = page.locator(".simple-result video.simple-picture")
    assert made.evaluate(PLAYING) == [64, 64, pytest.approx(4 / 10, abs=0.01)]
    address = made.get_attribute("src").split("&")[0]
    part = page.request.get(
        made.evaluate("(one) => one.src"), headers={"Range": "bytes=0-99"}, fail_on_status_code=True
    )
    assert (part.status, len(part.body()), part.headers["content-type"]) == (206, 100, "video/mp4")
    before = page.get_by_role("list", name="Made before").locator("video").first
    expect(before).to_have_js_property("videoWidth", 64)
    page.get_by_role("button", name="Graph", exact=True).click()
    on_node = editor.node("13").locator("video")
    assert on_node.evaluate(PLAYING)[:2] == [64, 64]
    assert on_node.get_attribute("controls") is not None
    editor.node("13").locator(".node-played").hover()
    editor.node("13").get_by_role("button", name="View").click()
    viewer = page.get_by_role("dialog").locator("video")
    assert viewer.evaluate(PLAYING)[:2] == [64, 64]
    assert viewer.get_attribute("src").split("&")[0] == address
    editor.keys("Escape", "g")
    # In the gallery a small film fills its place, as pictures do.
    stamp = page.locator(".past-picture", has=page.locator(f'video[src^="{address}"]')).first
    stamp.wait_for()
    editor.rest()
    assert stamp.locator("video").bounding_box() == stamp.bounding_box()


def test_films_and_sounds_are_dropped_and_play_on_their_nodes(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    page = editor.page
    editor.open(graph(("LoadVideo", {}), ("LoadAudio", {})), tmp_path)
    one, other = editor.head("1"), editor.head("2")
    drop(page, film(tmp_path / "a film.mp4"), "video/mp4", one["x"] + 30, one["y"] + one["height"] + 8)
    drop(
        page, sound(tmp_path / "a sound.wav"), "audio/wav", other["x"] + 30, other["y"] + other["height"] + 8
    )
    assert editor.node("1").locator("video").evaluate(PLAYING) == [64, 32, 0.5]
    heard = editor.node("2").locator("audio")
    expect(heard).to_have_js_property("duration", 0.5)
    expect(heard).to_have_js_property("error", None)
    assert editor.values("1") == {"file": "a film.mp4"}
    assert editor.values("2") == {"audio": "a sound.wav"}
    expect(editor.node("1").get_by_role("button", name="Paint a mask")).to_have_count(0)
