"""Class-based nodes do in our engine what they do in ComfyUI."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from safelight.core.error import Problems
from safelight.core.event import NodeProgressed
from safelight.core.graph import Graph, Link

PACK = (Path(__file__).parent / "packs" / "toys.py").read_text()


@pytest.fixture
def toys(one: Callable[[str, str], Any]) -> Any:
    return one("toys", PACK)


def test_a_class_becomes_a_node_type_with_its_ranges_and_names(toys: Any) -> None:
    spec = toys.registry.get("ToyTwice")
    assert (spec.title, spec.category, spec.doc) == ("Twice as much", "toys/text", "Repeats a text.")
    assert [(out.name, out.type) for out in spec.outputs] == [("joined", "STRING"), ("length", "INT")]
    times = spec.by_name["times"]
    assert (times.default, times.widget.min, times.widget.max, times.required) == (2, 1, 9, True)
    assert not spec.by_name["tail"].required
    assert spec.module == "custom_nodes.toys"


def test_it_runs_with_defaults_and_is_found_again(toys: Any) -> None:
    graph = Graph()
    graph.add("1", "ToyTwice", text="ab")
    assert toys.value(graph, "1") == "abab?"
    graph.add("2", "ToyTwice", text="ab")
    assert toys.run(graph, "2").raise_for_error().reports["2"].state == "memory"


def test_what_is_out_of_range_is_refused_before_the_run(toys: Any) -> None:
    graph = Graph()
    graph.add("1", "ToyTwice", text="ab", times=99)
    with pytest.raises(Problems, match=r"input 'times': 99 is above the maximum 9"):
        toys.run(graph, "1")


def test_lists_are_mapped_over_and_gathered(toys: Any) -> None:
    graph = Graph()
    words = graph.add("1", "ToySplit", text="a b c")
    each = graph.add("2", "ToyTwice", text=words, tail="")
    graph.add("3", "ToyJoin", text=each)
    assert toys.value(graph, "3") == "aa-bb-cc"


@pytest.mark.parametrize("on", [True, False])
def test_only_the_lazy_input_that_is_asked_for_is_made(toys: Any, on: bool) -> None:
    graph = Graph()
    yes = graph.add("1", "ToyTwice", text="y")
    no = graph.add("2", "ToyTwice", text="n")
    graph.add("3", "ToySwitch", on=on, yes=yes, no=no)
    result = toys.run(graph, "3").raise_for_error()
    assert result.values["3"] == (("yy?" if on else "nn?"),)
    assert ("1" in result.reports, "2" in result.reports) == (on, not on)


def test_a_blocked_output_skips_what_is_after_it_and_says_why(toys: Any) -> None:
    graph = Graph()
    gate = graph.add("1", "ToyGate", open=False, text="x")
    graph.add("2", "ToyTwice", text=gate)
    result = toys.run(graph, "2").raise_for_error()
    assert result.reports["1"].blocked == "the gate is shut"
    assert result.reports["2"].blocked == "the gate is shut"


def test_a_returned_graph_is_run_in_its_place(toys: Any) -> None:
    graph = Graph()
    graph.add("1", "ToyGrow", text="x", times=4)
    assert toys.value(graph, "1") == "x" * 8


def test_hidden_inputs_are_filled_and_what_is_shown_comes_out(toys: Any) -> None:
    graph = Graph()
    graph.add("7", "ToyShow", text="hello")
    result = toys.run(graph, prompt={"7": {}, "8": {}}, workflow={"version": 0.4}).raise_for_error()
    assert result.reports["7"].shown == {"text": ["hello", "7", ["7", "8"], 0.4]}


def test_is_changed_decides_whether_it_runs_again(toys: Any) -> None:
    graph = Graph()
    graph.add("1", "ToyClock", text="t")
    assert toys.value(graph, "1") == "t 1"
    assert toys.run(graph, "1").reports["1"].state == "memory"
    from custom_nodes import toys as module

    module.Clock.TIME = 2
    assert toys.value(graph, "1") == "t 2"


def test_validate_inputs_refuses_with_its_own_words(toys: Any) -> None:
    graph = Graph()
    graph.add("1", "ToyClock", text="bad")
    with pytest.raises(Problems, match="bad is not taken"):
        toys.run(graph, "1")


def test_progress_bars_tell_the_engine_and_an_interruption_is_a_cancelled_run(toys: Any) -> None:
    graph = Graph()
    graph.add("1", "ToySlow")
    told: list[tuple[int, int]] = []
    toys.run(graph, "1", listener=lambda e: isinstance(e, NodeProgressed) and told.append((e.done, e.total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    graph.add("2", "ToyStop")
    assert toys.run(graph, "2").status == "cancelled"


def test_a_saver_derived_from_comfyuis_saves_and_saves_again_when_its_file_is_gone(toys: Any) -> None:
    graph = Graph()
    graph.add("1", "EmptyImage", width=16, height=16, batch_size=1)
    graph.add("2", "ToySave", images=Link("1"), filename_prefix="sub/toy")
    path = toys.data / "output" / "sub" / "toy_00001_.png"
    result = toys.run(graph).raise_for_error()
    assert result.reports["2"].shown == {
        "images": [{"filename": path.name, "subfolder": "sub", "type": "output"}]
    }
    assert toys.run(graph).reports["2"].state == "memory"
    path.unlink()
    assert toys.run(graph).reports["2"].state == "ran"
    assert path.exists()


def test_choices_follow_the_files_and_a_kind_of_its_own_needs_no_folder(toys: Any, monkeypatch: Any) -> None:
    spec = toys.registry.get("ToyModel")
    assert list(spec.by_name["name"].widget.options) == []
    folder = toys.data / "models" / "toys"
    folder.mkdir(parents=True)
    (folder / "a.safetensors").touch()
    monkeypatch.setattr("safelight.compat.shims.classic.FRESH", -1)
    assert list(spec.by_name["name"].widget.options) == ["a.safetensors"]
    graph = Graph()
    graph.add("1", "ToyModel", name="a.safetensors")
    assert toys.value(graph, "1") == str(folder / "a.safetensors")


def test_what_reaches_into_a_model_is_refused_by_name_when_it_runs(toys: Any) -> None:
    graph = Graph()
    graph.add("1", "ToyMissing")
    error = str(toys.run(graph, "1").error)
    assert re.search(
        r"node '1' \(ToyMissing\): the pack 'toys' needs ComfyUI's comfy.ldm.flux.model.Flux", error
    )


def test_an_id_of_ours_stays_ours(house: Any) -> None:
    text = PACK.replace('f"Toy{cls.__name__}"', '"KSampler" if cls is Twice else f"Odd{cls.__name__}"')
    (report,) = house.load({"odd/__init__.py": text})
    assert "'KSampler' is left out" in report.notices[0]
    assert house.registry.get("KSampler").module.startswith("nodes.")


def test_a_broken_pack_is_listed_with_its_traceback_and_the_rest_go_on(house: Any) -> None:
    broken, fine = house.load({"bad/__init__.py": "import no_such_thing", "good/__init__.py": PACK})
    assert (broken.name, broken.state, fine.state) == ("bad", "broken", "loaded")
    assert "No module named 'no_such_thing'" in broken.problem
    assert 'custom_nodes/bad/__init__.py", line 1' in broken.traceback
    assert broken.remedy == "Install what it needs: pip install no_such_thing"


def test_bodies_run_without_gradients(one: Callable[[str, str], Any]) -> None:
    house = one(
        "grad",
        """
import torch
class G:
    INPUT_TYPES = classmethod(lambda cls: {"required": {}})
    RETURN_TYPES, FUNCTION = ("INT",), "go"
    def go(self): return (int(torch.is_grad_enabled()),)
NODE_CLASS_MAPPINGS = {"GradToy": G}
""",
    )
    graph = Graph()
    graph.add("1", "GradToy")
    assert house.value(graph, "1") == 0
    assert torch.is_grad_enabled()


WAITS = """
class Waits:
    INPUT_TYPES = classmethod(lambda cls: {"required": {}})
    RETURN_TYPES, FUNCTION = ("INT",), "go"

    async def go(self):
        raise ValueError("asked to")

NODE_CLASS_MAPPINGS = {"Waits": Waits}
"""


def test_a_coroutine_that_raises_is_told_by_its_own_error_alone(one: Callable[[str, str], Any]) -> None:
    house = one("waits", WAITS)
    graph = Graph()
    graph.add("1", "Waits")
    error = house.run(graph, "1").error
    told = "".join(traceback.format_exception(error))
    assert "asked to" in told
    assert "no running event loop" not in told
