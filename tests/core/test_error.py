"""Errors: fields first, text second."""

from __future__ import annotations

import json

import pytest

from safelight.core import error
from safelight.core.error import (
    BadInput,
    Cancelled,
    CycleError,
    GraphError,
    MissingInput,
    NodeFailed,
    OutOfMemory,
    Problems,
    SafelightError,
    UnknownNode,
    Where,
)
from safelight.core.failure import is_memory


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (Where(), ""),
        (Where(node="7"), "node '7'"),
        (Where(node="7", type="KSampler"), "node '7' (KSampler)"),
        (Where(node="7", type="KSampler", input="steps"), "node '7' (KSampler), input 'steps'"),
        (Where(node="7", type="KSampler", title="Second pass"), "node '7' (KSampler, 'Second pass')"),
        (Where(node="7", type="KSampler", title="KSampler"), "node '7' (KSampler)"),
        (Where(type="KSampler"), "KSampler"),
        (Where(type="KSampler", input="steps"), "KSampler, input 'steps'"),
        (Where(input="steps"), "input 'steps'"),
    ],
)
def test_a_place_reads_as_far_as_it_is_known(where: Where, text: str) -> None:
    assert str(where) == text


def test_an_error_reads_where_problem_and_remedy() -> None:
    problem = GraphError("it is bad", where=Where(node="7"), remedy="Make it good.")
    assert str(problem) == "node '7': it is bad. Make it good."


@pytest.mark.parametrize(("problem", "text"), [("bad", "bad."), ("bad.", "bad."), ("bad?", "bad?")])
def test_a_sentence_ends_once(problem: str, text: str) -> None:
    assert str(SafelightError(problem)) == text


def test_a_place_is_filled_in_where_it_is_unknown_only() -> None:
    problem = BadInput("steps", "too many", "Lower it.").at(node="7", type="KSampler", input="cfg")
    assert problem.where == Where(node="7", type="KSampler", input="steps")
    assert str(problem) == "node '7' (KSampler), input 'steps': too many. Lower it."


def test_bad_input_takes_its_words_by_position_or_by_name() -> None:
    one = BadInput("steps", "too many", "Lower it.")
    other = BadInput(input="steps", problem="too many", remedy="Lower it.")
    assert one.as_dict() == other.as_dict()
    assert BadInput("steps", problem="too many").where.input == "steps"


def test_the_fields_go_over_the_wire() -> None:
    fields = BadInput("steps", "too many", "Lower it.", where=Where(node="7", type="KSampler")).as_dict()
    assert json.loads(json.dumps(fields)) == {
        "kind": "bad_input",
        "node": "7",
        "type": "KSampler",
        "input": "steps",
        "problem": "too many",
        "remedy": "Lower it.",
        "text": "node '7' (KSampler), input 'steps': too many. Lower it.",
    }


def test_a_circle_is_read_from_end_to_end() -> None:
    problem = CycleError(["a", "b", "a"], where=Where(node="a"))
    assert problem.path == ("a", "b", "a")
    assert str(problem) == "node 'a': the nodes form a circle: 'a' -> 'b' -> 'a'. Remove one of these links."


def test_many_problems_are_one_error_with_a_line_each() -> None:
    both = Problems([GraphError("first"), MissingInput("second")])
    assert str(both) == "first.\nsecond."
    assert both.problem == "2 problems"
    assert Problems([GraphError("first")]).problem == "1 problem"


def test_the_tree_is_as_it_is_drawn() -> None:
    assert all(issubclass(kind, GraphError) for kind in (UnknownNode, MissingInput, BadInput, CycleError))
    assert issubclass(OutOfMemory, NodeFailed)
    assert not issubclass(Cancelled, (NodeFailed, GraphError))
    assert all(
        kind.__name__ in (error.__doc__ or "")
        for kind in vars(error).values()
        if isinstance(kind, type) and issubclass(kind, SafelightError) and kind is not Problems
    )


def test_each_kind_has_a_name_of_its_own() -> None:
    kinds = [
        kind.kind
        for kind in vars(error).values()
        if isinstance(kind, type) and issubclass(kind, SafelightError)
    ]
    assert len(kinds) == len(set(kinds))


def test_memory_that_torch_does_not_find_is_told_from_a_mistake_in_the_code() -> None:
    text = "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory"
    assert is_memory(RuntimeError(text))
    assert not is_memory(RuntimeError("the size of tensor a must match the size of tensor b"))
