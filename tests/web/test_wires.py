"""Wires: laid, refused, moved, cut, and searched along."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect


def test_a_wire_is_laid_from_socket_to_socket_and_takes_the_old_ones_place(editor: Any) -> None:
    editor.drag(editor.socket("4", "out:0"), editor.socket("6", "in:positive"))
    assert "4.0 > 6.positive" in editor.wires()
    assert "3.0 > 6.positive" not in editor.wires()


def test_a_wire_can_be_laid_backwards(editor: Any) -> None:
    editor.drag(editor.socket("6", "in:positive"), (700, 760))
    assert "3.0 > 6.positive" not in editor.wires()
    editor.drag(editor.socket("6", "in:positive"), editor.socket("3", "out:0"))
    assert "3.0 > 6.positive" in editor.wires()


def test_only_sockets_that_fit_are_lit_and_the_others_say_why(editor: Any) -> None:
    x, y = editor.socket("3", "out:0")
    editor.page.mouse.move(x, y)
    editor.page.mouse.down()
    editor.page.mouse.move(x + 40, y + 40, steps=4)
    lit = editor.page.locator('.dot[data-verdict="yes"]')
    assert {one.get_attribute("data-handleid") for one in lit.all()} == {"in:positive", "in:negative"}
    refused = editor.node("6").locator('.dot[data-handleid="in:model"]')
    expect(refused).to_have_attribute("title", "Takes MODEL, this gives CONDITIONING")
    editor.page.mouse.move(*editor.socket("6", "in:model"))
    told = editor.page.get_by_role("tooltip")
    expect(told).to_have_text("Takes MODEL, this gives CONDITIONING")
    editor.page.mouse.move(x + 40, y + 40)
    expect(told).to_have_count(0)
    editor.page.mouse.up()


def test_a_wire_let_go_over_nothing_searches_what_it_fits_and_is_connected(editor: Any) -> None:
    editor.drag(editor.socket("7", "out:0"), (900, 700))
    editor.page.get_by_text("Nodes that take IMAGE").wait_for()
    editor.page.keyboard.type("invert")
    editor.keys("Enter")
    assert "7.0 > 9.image" in editor.wires()
    assert editor.document()["nodes"][-1]["type"] == "ImageInvert"


def test_a_wire_let_go_over_a_node_takes_the_input_that_fits(editor: Any) -> None:
    editor.drag(editor.socket("6", "in:latent_image"), (700, 760))
    editor.rest()
    box = editor.node("6").bounding_box()
    editor.drag(editor.socket("5", "out:0"), (box["x"] + box["width"] / 2, box["y"] + box["height"] - 6))
    assert "5.0 > 6.latent_image" in editor.wires()


def test_ctrl_drag_from_an_output_moves_all_its_wires_and_draws_each(editor: Any) -> None:
    editor.drag(editor.socket("4", "out:0"), editor.socket("6", "in:positive"))
    start, end = editor.socket("4", "out:0"), editor.socket("3", "out:0")
    mouse = editor.page.mouse
    editor.page.keyboard.down("Control")
    mouse.move(*start)
    mouse.down()
    mouse.move(start[0] + 60, start[1] + 60, steps=4)
    expect(editor.page.locator(".wire[data-drawn] path")).to_have_count(2)
    expect(editor.page.locator(".wire:not([data-drawn])")).to_have_count(7)
    mouse.move(*end, steps=4)
    mouse.up()
    editor.page.keyboard.up("Control")
    assert {"3.0 > 6.positive", "3.0 > 6.negative"} <= editor.wires()


def test_strokes_show_what_they_will_cut_or_lead_over_points(editor: Any) -> None:
    (ax, ay), (bx, by) = editor.socket("7", "out:0"), editor.socket("8", "in:images")
    mouse, x = editor.page.mouse, (ax + bx) / 2

    def stroke(key: str, mark: str, end: str = "") -> None:
        editor.page.keyboard.down(key)
        mouse.move(x, ay - 60)
        mouse.down(button="right")
        mouse.move(x + 3, by + 60, steps=4)
        expect(editor.page.locator(f".stroke {mark}")).to_have_count(1)
        if end:
            editor.keys(end)
        mouse.up(button="right")
        editor.page.keyboard.up(key)
        expect(editor.page.locator(".stroke")).to_have_count(0)
        expect(editor.page.get_by_role("menu")).to_have_count(0)

    stroke("Shift", "circle")
    (point,) = editor.document()["reroutes"]
    (wire,) = (one for one in editor.document()["links"] if one["to"] == "8")
    assert wire["reroute"] == point["id"]
    stroke("Control", "path", end="Escape")
    assert "7.0 > 8.images" in editor.wires()
    stroke("Control", "path")
    assert len(editor.wires()) == 8
    assert "7.0 > 8.images" not in editor.wires()


def test_a_wire_is_chosen_by_click_and_deleted(editor: Any) -> None:
    (ax, ay), (bx, _) = editor.socket("7", "out:0"), editor.socket("8", "in:images")
    editor.page.mouse.click((ax + bx) / 2, ay)
    # Chosen, it keeps the colour of what goes through it: it is wider, with light around it.
    chosen = editor.page.locator(".wire[data-selected]")
    expect(chosen.locator(".wire-halo")).to_have_count(1)
    images = editor.node("8").locator('.dot[data-handleid="in:images"]')
    color = images.evaluate("one => getComputedStyle(one).backgroundColor")
    assert chosen.locator(".wire-line").evaluate("one => getComputedStyle(one).stroke") == color
    editor.keys("Delete")
    assert "7.0 > 8.images" not in editor.wires()


def test_a_node_dropped_on_a_wire_is_put_into_it(editor: Any) -> None:
    editor.page.mouse.dblclick(1100, 700)
    editor.page.keyboard.type("ImageInvert")
    editor.keys("Enter")
    (ax, ay), (bx, _) = editor.socket("7", "out:0"), editor.socket("8", "in:images")
    head = editor.head("9")

    def places() -> dict[str, list[float]]:
        return {one["id"]: one["pos"] for one in editor.document()["nodes"]}

    before = places()
    editor.drag((head["x"] + 60, head["y"] + 8), ((ax + bx) / 2 - 10, ay - 6))
    assert {"7.0 > 9.image", "9.0 > 8.images"} <= editor.wires()
    # There was no room for it: what is to the right went further on, and comes back with one undo.
    after = places()
    assert after["8"][0] > before["8"][0] + 100
    heads = {id: editor.head(id) for id in ("7", "8", "9")}
    assert heads["7"]["x"] + heads["7"]["width"] < heads["9"]["x"]
    assert heads["9"]["x"] + heads["9"]["width"] < heads["8"]["x"]
    assert {id: after[id] for id in "1234567"} == {id: before[id] for id in "1234567"}
    editor.keys("Control+z")
    assert "7.0 > 8.images" in editor.wires()
    assert places() == before
