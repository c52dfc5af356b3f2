"""Start Loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from safelight import BadInput, In, Iterations, Many, Number, Out, Toggle, Variants, node


class Simple(NamedTuple):
    """So many times."""

    num_iterations: Annotated[
        int, Number(min=0, max=10_000, tip="How often what stands in the loop is run.")
    ] = 4


class Counted(NamedTuple):
    """From one index to another."""

    start_iteration_index: Annotated[int, Number(tip="The index of the first iteration.")] = 0
    max_iteration: Annotated[int, Number(tip="The index that the loop stops before.")] = 4
    step: Annotated[int, Number(min=1, tip="How far the index goes on each time.")] = 1


class Listed(NamedTuple):
    """Once for each item of a list."""

    list: Annotated[Many[Any], In("What is taken one by one: several pictures, say.")]


MODE = Variants(
    {"simple": Simple, "For": Counted, "List": Listed}, tip="What decides how often the loop runs."
)
REUSED = Toggle(
    tip="For files of ComfyUI. What has not changed is never computed again, whatever it says.", advanced=True
)
PARENT = In("Where this loop stands in another: the iteration_index of the other's Start Loop.")
INITIAL = In("What current_iteration_value is at first.")


class Turn(NamedTuple):
    """What is different in each iteration."""

    iteration_index: Annotated[int, Out("The index of the iteration.")]
    is_first: Annotated[bool, Out("Whether it is the first.")]
    is_last: Annotated[bool, Out("Whether it is the last.")]
    list_item: Annotated[Any, Out("The item that it is the iteration's turn to take.")]
    current_iteration_value: Annotated[Any, Out("What the iteration before handed on by End Loop.")]


def iterations(mode: Mapping[str, Any]) -> Iterations:
    """Which iterations there are."""
    match mode["mode"]:
        case "List":
            items = list(mode["list"])
            return Iterations(range(len(items)), items)
        case "For":
            names = ("start_iteration_index", "max_iteration", "step")
            first, end, step = (_whole(name, mode[name]) for name in names)
            if not step:
                raise BadInput("mode.step", "it is 0, so the loop would never end", "Take 1, or more.")
            return Iterations(range(first, end, step))
    return Iterations(range(max(0, _whole("num_iterations", mode["num_iterations"]))))


def _whole(name: str, value: Any) -> int:
    """A number that came by a wire, which may be a real one."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value // 1:
        problem = f"{value!r} is not a whole number"
        raise BadInput(f"mode.{name}", problem, "Connect what gives a whole number.")
    return int(value)


@node(
    "StartLoop",
    category="utilities/looping",
    title="Start Loop",
    aliases=("repeat", "iterate", "for each", "while"),
    opens=iterations,
)
def start_loop(
    *,
    mode: Annotated[dict[str, Any], MODE],
    cache_iterations: Annotated[bool, REUSED] = False,  # noqa: ARG001
    parent_iteration: Annotated[int | None, PARENT] = None,  # noqa: ARG001
    initial_iteration_value: Annotated[Any | None, INITIAL] = None,
) -> Turn:
    """Repeat what stands between here and an End Loop: so many times, or once for each item of a list.

    Each iteration is kept by itself: what has not changed is not computed again.
    """
    found = iterations(mode)
    item = found.items[0] if found.items else None
    return Turn(found.indices.start, True, len(found.indices) == 1, item, initial_iteration_value)
