"""The form of a workflow changed by hand: names, order, what is in it, and what its seed does."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def form(editor: Any) -> Any:
    """The form of the first workflow, being changed."""
    editor.page.get_by_role("button", name="Form", exact=True).click()
    editor.page.get_by_role("button", name="Change this form").click()
    editor.page.get_by_role("list", name="Order of the form").wait_for()
    return editor


def order(form: Any) -> list[str]:
    return [
        f"{one['node']}.{one['input']}"
        for one in form.document()["rest"]["extra"]["safelight"]["form"]["fields"]
    ]


def test_a_field_is_called_otherwise_moved_and_taken_out(form: Any) -> None:
    before = order(form)
    form.page.get_by_role("textbox", name="What seed is called").fill("Which one")
    form.page.get_by_role("button", name="Move Which one up").click()
    at = before.index("6.seed")
    moved = [*before[: at - 1], "6.seed", before[at - 1], *before[at + 1 :]]
    form.until(lambda: order(form) == moved)
    form.page.get_by_role("button", name="Take Which one out of the form").click()
    form.until(lambda: "6.seed" not in order(form))
    form.keys("Control+z")
    form.until(lambda: order(form) == moved)
    form.page.get_by_role("button", name="Done").click()
    form.page.get_by_role("group", name="Which one").wait_for()


def test_a_field_is_dragged_to_its_place_and_folded_away(form: Any) -> None:
    before = order(form)
    entries = form.page.get_by_role("list", name="Order of the form").get_by_role("listitem")
    entries.nth(0).locator(".form-grip").drag_to(entries.nth(2))
    form.until(lambda: order(form) == [*before[1:3], before[0], *before[3:]])
    label = "What do you want to see?"
    form.page.get_by_role("button", name=f"Put {label} under More settings").click()
    form.page.get_by_role("button", name=f"Bring {label} out of More settings").wait_for()
    form.page.get_by_role("button", name="Done").click()
    form.page.locator(".simple-more").get_by_text(label).wait_for(state="attached")


def test_an_input_of_the_graph_is_added_and_the_form_says_what_it_is_for(form: Any) -> None:
    form.page.get_by_role("combobox", name="Add an input of the graph").select_option(label="sampler_name")
    form.until(lambda: order(form)[-1] == "6.sampler_name")
    form.page.get_by_role("textbox", name="What this form is for").fill("Draws emoji.")
    form.page.get_by_role("button", name="Done").click()
    form.page.get_by_role("group", name="sampler name").wait_for()
    form.page.get_by_text("Draws emoji.").wait_for()


def test_what_the_seed_does_is_chosen_in_the_form_and_saved_with_the_file(form: Any) -> None:
    form.page.get_by_role("combobox", name="What Seed does after each picture").select_option("increment")
    form.page.get_by_role("button", name="Done").click()
    counts = form.page.get_by_role("switch", name="One more each time")
    assert counts.get_attribute("aria-checked") == "true"
    form.keys("Control+Shift+s")
    form.page.get_by_role("textbox", name="Name", exact=True).fill("counting")
    form.keys("Enter")
    form.page.get_by_text("Saved counting").wait_for()
    saved = form.page.request.get(
        form.page.url.rstrip("/") + "/api/userdata/workflows%2Fcounting.json"
    ).json()
    (sampler,) = (one for one in saved["nodes"] if one["id"] == 6)
    assert sampler["widgets_values"][:2] == [1, "increment"]
    form.page.get_by_role("button", name="Make it").click()
    form.until(lambda: form.values("6")["seed"] == 2, "the seed counts on")
