"""The model browser: search, kinds, and a press that uses a model."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect


def test_a_model_is_found_by_a_word_and_used_in_the_graph(editor: Any) -> None:
    editor.keys("Alt+l")
    browser = editor.page.get_by_role("dialog", name="Models")
    browser.get_by_role("searchbox", name="Search models").fill("emo")
    card = browser.get_by_role("button", name="Use emoji").first
    expect(card).to_contain_text("MB")
    browser.get_by_role("button", name="Checkpoints").click()
    card.click()
    editor.page.wait_for_function("() => document.querySelectorAll('article.node').length == 9")
    (added,) = (one for one in editor.document()["nodes"] if one["id"] == "9")
    assert "emoji" in added["values"].values()


def test_what_cannot_be_fetched_is_said_where_it_was_asked(editor: Any) -> None:
    editor.page.route(
        "**/safelight/models/fetch",
        lambda route: route.fulfill(
            json={
                "fetches": [
                    {
                        "id": 1,
                        "repository": "someone/small",
                        "file": "",
                        "state": "failed",
                        "done": 0,
                        "total": 0,
                        "kind": "",
                        "problem": "There is no such repository. Look at its name.",
                    }
                ]
            }
        ),
    )
    editor.keys("Alt+l")
    form = editor.page.get_by_role("form", name="Fetch from the Hugging Face hub")
    name = form.get_by_role("textbox", name="Owner/name")
    name.fill("no owner")
    assert name.evaluate("(field) => !field.checkValidity()"), "it takes an owner and a name"
    name.fill("someone/small")
    form.get_by_role("button", name="Fetch").click()
    form.get_by_text("There is no such repository.").wait_for()
    editor.keys("Escape")
    form.wait_for(state="detached")
