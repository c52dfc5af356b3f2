"""Shortcuts: every command has its keys in one list, where they are changed, and a conflict is told."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect


@pytest.fixture
def keys(editor: Any) -> Any:
    """The list of all keys, opened by a key."""
    editor.keys("Control+,")
    dialog = editor.page.get_by_role("dialog", name="Shortcuts")
    dialog.wait_for()
    return dialog


def row(dialog: Any, id: str) -> Any:
    return dialog.locator(f'[data-command="{id}"]')


def shown(dialog: Any, id: str) -> list[str]:
    return [one.inner_text().strip() for one in row(dialog, id).locator("kbd").all()]


def test_every_command_is_listed_with_its_keys_and_found_by_name_or_keys(keys: Any) -> None:
    assert shown(keys, "save") == ["Ctrl S"]
    assert shown(keys, "redo") == ["Ctrl Shift Z", "Ctrl Y"]
    assert shown(keys, "go-left") == ["←"]
    assert keys.locator("[data-command]").count() > 80
    without = keys.locator("[data-command]:not(:has(kbd))").evaluate_all(
        "(all) => all.map((one) => one.dataset.command)"
    )
    assert without == []
    given = keys.locator("kbd").all_inner_texts()
    assert sorted(given) == sorted(set(given)), "no two commands have the same keys"
    search = keys.get_by_role("searchbox")
    search.fill("mute")
    row(keys, "save").wait_for(state="detached")
    assert row(keys, "mute").is_visible()
    search.fill("Ctrl B")
    row(keys, "mute").wait_for(state="detached")
    assert row(keys, "bypass").is_visible()


def test_keys_are_recorded_work_at_once_outlive_a_reload_and_are_there_in_another_browser(
    editor: Any, keys: Any, visit: Any, address: str
) -> None:
    keys.get_by_role("button", name="Add a shortcut to Mute").click()
    editor.keys("Alt+j")
    row(keys, "mute").get_by_text("Alt J").wait_for()
    editor.keys("Escape")
    editor.pick("6")
    editor.keys("Alt+j")
    editor.page.locator('.react-flow__node[data-id="6"] article[data-mode="muted"]').wait_for()
    editor.page.reload()
    editor.page.wait_for_selector("article.node")
    editor.keys("Control+,")
    row(keys, "mute").get_by_text("Alt J").wait_for()
    setting = f"{address}api/settings/Safelight.Shortcuts"
    editor.until(lambda: "Alt+J" in editor.page.request.get(setting).text(), "the server keeps it")
    elsewhere = visit()
    elsewhere.goto(address)
    elsewhere.wait_for_selector("article.node")
    elsewhere.keyboard.press("Control+,")
    row(elsewhere.get_by_role("dialog", name="Shortcuts"), "mute").get_by_text("Alt J").wait_for()


def test_keys_of_another_command_are_told_of_and_change_hands_only_when_asked(editor: Any, keys: Any) -> None:
    add = keys.get_by_role("button", name="Add a shortcut to Pin")
    add.click()
    editor.keys("Control+d")
    question = keys.get_by_role("alertdialog", name="Ctrl D belongs to “Duplicate”.")
    question.get_by_role("button", name="Leave it there").click()
    assert (shown(keys, "pin"), shown(keys, "duplicate")) == (["P"], ["Ctrl D"])
    add.click()
    editor.keys("Control+d")
    question.get_by_role("button", name="Use it here").click()
    row(keys, "pin").get_by_text("Ctrl D").wait_for()
    assert shown(keys, "duplicate") == []
    keys.get_by_role("button", name="Give Duplicate its first shortcut again").click()
    row(keys, "duplicate").get_by_text("Ctrl D").wait_for()
    assert shown(keys, "pin") == ["P"]


def test_a_taken_away_shortcut_does_nothing_and_all_can_be_reset(editor: Any, keys: Any) -> None:
    keys.get_by_role("button", name="Take M from Mute").click()
    row(keys, "mute").get_by_text("Ctrl M", exact=True).wait_for()
    assert shown(keys, "mute") == ["Ctrl M"]
    editor.keys("Escape")
    editor.pick("6")
    editor.keys("m", "Control+b")
    editor.page.locator('.react-flow__node[data-id="6"] article[data-mode="bypassed"]').wait_for()
    editor.keys("Control+,")
    keys.get_by_role("button", name="Reset all", exact=True).click()
    keys.get_by_role("button", name="Yes").click()
    row(keys, "mute").get_by_text("M", exact=True).wait_for()
    assert shown(keys, "mute") == ["Ctrl M", "M"]


def test_keys_that_a_browser_keeps_are_refused_and_modifiers_wait_for_a_key(editor: Any, keys: Any) -> None:
    keys.get_by_role("button", name="Add a shortcut to Pin").click()
    editor.page.keyboard.press("Control")
    press = keys.get_by_role("button", name="Press the keys")
    press.dispatch_event("keydown", {"key": "w", "code": "KeyW", "ctrlKey": True, "bubbles": True})
    keys.get_by_text("Ctrl W belongs to the browser").wait_for()
    editor.keys("Escape")
    assert shown(keys, "pin") == ["P"]


def test_the_palette_has_every_command_and_tells_what_has_nothing_to_work_on(editor: Any) -> None:
    editor.keys("Control+k")
    palette = editor.page.get_by_role("dialog", name="All commands")
    assert palette.locator(".palette-row:not(:has(kbd))").all_inner_texts() == []
    editor.page.keyboard.type("bypass")
    first = palette.get_by_role("option").first
    expect(first).to_contain_text("Bypass")
    expect(first).to_be_disabled()
    editor.keys("Enter")
    editor.page.get_by_text("“Bypass” has nothing to work on now").wait_for()
