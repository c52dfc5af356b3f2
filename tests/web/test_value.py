"""Values: what went through a wire is told where the pointer rests on it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect


def hover(editor: Any, start: tuple[str, str], end: tuple[str, str]) -> Any:
    """Rest on the middle of a wire; gives the card."""
    (ax, ay), (bx, by) = editor.socket(*start), editor.socket(*end)
    editor.page.mouse.move(5, 300)
    editor.page.mouse.move((ax + bx) / 2, (ay + by) / 2, steps=3)
    card = editor.page.get_by_role("tooltip")
    card.wait_for()
    return card


def run(editor: Any) -> None:
    editor.keys("Control+Enter")
    editor.page.locator(
        '.react-flow__node[data-id="8"] article:is([data-phase="done"], [data-phase="cached"])'
    ).wait_for()


def test_a_wire_tells_its_type_and_where_it_leads_before_anything_ran(editor: Any) -> None:
    card = hover(editor, ("7", "out:0"), ("8", "in:images"))
    assert "IMAGE" in card.inner_text()
    assert "VAE Decode · IMAGE → Save Image · images" in card.inner_text()
    card.get_by_text("Nothing went through it yet").wait_for()
    editor.page.mouse.move(5, 300)
    card.wait_for(state="detached")


def test_after_a_run_a_wire_tells_shape_type_range_and_shows_a_picture(editor: Any) -> None:
    run(editor)
    card = hover(editor, ("7", "out:0"), ("8", "in:images"))
    card.get_by_text("1 × 64 × 64 × 3").wait_for()
    words = card.inner_text()
    assert "float32" in words
    assert "range" in words
    size = card.get_by_role("img", name="What went through it").evaluate(
        "async (img) => { await img.decode(); return [img.naturalWidth, img.naturalHeight]; }"
    )
    assert size == [64, 64]
    card = hover(editor, ("6", "out:0"), ("7", "in:samples"))
    card.get_by_text("samples", exact=True).wait_for()
    assert card.get_by_role("img").count() == 1
    editor.page.reload()
    editor.page.wait_for_selector("article.node")
    editor.rest()
    hover(editor, ("7", "out:0"), ("8", "in:images")).get_by_text("1 × 64 × 64 × 3").wait_for()


def test_a_wire_out_of_a_subgraph_tells_what_was_made_within(editor: Any) -> None:
    run(editor)
    editor.pick("6")
    editor.pick("7", many=True)
    editor.keys("Control+Shift+e", "Enter")
    run(editor)
    (made,) = (one["id"] for one in editor.document()["nodes"] if int(one["id"]) > 8)
    hover(editor, (made, "out:0"), ("8", "in:images")).get_by_text("1 × 64 × 64 × 3").wait_for()


def test_values_wires_and_points_are_reached_by_keyboard(editor: Any) -> None:
    run(editor)
    editor.pick("7")
    editor.keys("i")
    values = editor.page.get_by_role("dialog", name="Values of VAE Decode")
    entries = values.get_by_role("listitem")
    expect(entries).to_have_count(3)
    expect(entries.filter(has_text="from KSampler · LATENT")).to_contain_text("samples")
    expect(entries.filter(has_text="to Save Image · images")).to_contain_text("1 × 64 × 64 × 3")
    expect(entries.get_by_role("img")).to_have_count(2)
    editor.keys("Escape")
    expect(values).to_have_count(0)
    editor.keys("w")
    card = editor.page.get_by_role("tooltip")
    expect(card).to_contain_text("KSampler · LATENT → VAE Decode · samples")
    editor.keys("w", "w")
    expect(card).to_contain_text("1 × 64 × 64 × 3")
    editor.keys("Alt+r", "Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowRight")
    expect(card).to_have_count(0)
    (before,) = editor.document()["reroutes"]
    editor.keys("Alt+ArrowUp", "Escape", "Shift+w", "Alt+ArrowUp")
    (after,) = editor.document()["reroutes"]
    assert after["pos"] == [before["pos"][0], before["pos"][1] - 40]
    editor.keys("Delete")
    assert not editor.document().get("reroutes")
    assert "7.0 > 8.images" in editor.wires()
    editor.keys("Control+z", "Shift+w", "ArrowRight")
    expect(editor.page.locator(".react-flow__node.selected")).to_have_attribute("data-id", "8")
