"""`safelight diff`: what changed, in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ART = Path(__file__).resolve().parents[2] / "workflows" / "text_to_image.json"
LONG = "a lighthouse at night by the sea, waves, oil on canvas, thick strokes, in the manner of old masters"


@pytest.fixture
def compared(command: Any, tmp_path: Path) -> Callable[..., Any]:
    """What is said of the template and a copy of it that was changed."""

    def compare(change: Callable[[dict[str, Any]], object]) -> Any:
        tree = json.loads(ART.read_text())
        change({str(node["id"]): node for node in tree["nodes"]} | {"tree": tree})
        (tmp_path / "new.json").write_text(json.dumps(tree))
        return command("diff", ART, tmp_path / "new.json")

    return compare


def test_a_workflow_is_the_same_as_itself(command: Any) -> None:
    done = command("diff", ART, ART)
    assert (done.code, done.out) == (0, "they compute the same\n")


def test_a_value_is_told_with_its_node_and_its_name(compared: Callable[..., Any]) -> None:
    def change(nodes: dict[str, Any]) -> None:
        nodes["6"]["widgets_values"][2] = 31

    done = compared(change)
    assert done.code == 1
    assert "(6): steps 20 -> 31" in done.out


def test_of_a_long_text_the_words_that_changed_are_told(
    compared: Callable[..., Any], command: Any, tmp_path: Path
) -> None:
    for name, text in (("a", LONG), ("b", LONG.replace("night", "dawn"))):
        tree = json.loads(ART.read_text())
        next(node for node in tree["nodes"] if node["id"] == 3)["widgets_values"] = [text]
        (tmp_path / f"{name}.json").write_text(json.dumps(tree))
    assert "text 'night' became 'dawn'" in command("diff", tmp_path / "a.json", tmp_path / "b.json").out


def test_what_is_only_on_the_canvas_is_told_apart(compared: Callable[..., Any]) -> None:
    def change(nodes: dict[str, Any]) -> None:
        nodes["6"]["pos"] = [9, 9]

    done = compared(change)
    assert (done.code, done.out) == (0, "(canvas) 1 node was moved\nthey compute the same\n")


def test_nodes_that_got_other_ids_are_the_same_nodes(command: Any, tmp_path: Path) -> None:
    tree = command("convert", ART).tree
    renamed = {f"{id}0": node for id, node in tree.items()}
    for node in renamed.values():
        for name, value in node["inputs"].items():
            if isinstance(value, list):
                node["inputs"][name] = [f"{value[0]}0", value[1]]
    (tmp_path / "new.json").write_text(json.dumps(renamed))
    assert command("diff", ART, tmp_path / "new.json").code == 0


def test_a_node_that_is_gone_or_new_or_switched_off_is_told(compared: Callable[..., Any]) -> None:
    def change(nodes: dict[str, Any]) -> None:
        nodes["6"]["type"] = "KSamplerAdvanced"
        nodes["5"]["mode"] = 4

    said = compared(change).out
    assert "KSampler (6) is gone" in said
    assert "KSamplerAdvanced (6) is new" in said
    assert "was switched on and is bypassed" in said
