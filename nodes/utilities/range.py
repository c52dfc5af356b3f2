"""Number Range."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Many, Number, Out, Toggle, node

COUNT = Number(min=1, max=10_000, tip="How many numbers.")
PACE = Choice(tip="Whether all steps are alike, or those at the beginning and at the end are smaller.")
BACK = Toggle(tip="Go on to the first again, so that what is made of it can be repeated without a jump.")


@node(
    "NumberRange",
    category="utilities",
    title="Number Range",
    aliases=("sweep", "list", "walk", "steps", "animate", "schedule"),
)
def number_range(
    *,
    first: Annotated[float, Number(step=0.01, tip="The first number.")] = 0.0,
    last: Annotated[float, Number(step=0.01, tip="The last number.")] = 1.0,
    count: Annotated[int, COUNT] = 16,
    pace: Annotated[Literal["even", "smooth"], PACE] = "even",
    there_and_back: Annotated[bool, BACK] = False,
) -> Annotated[
    Many[float], Out("The numbers, one by one: what they are connected to runs for each.", name="numbers")
]:
    """Give numbers from one to another, one by one: for the frames of a film, or to try several values."""
    return Many([first + (last - first) * share for share in shares(count, pace, there_and_back)])


def shares(count: int, pace: str, back: bool) -> list[float]:
    """How far each number is on its way from the first to the last, 0 to 1."""
    if back:
        ways = [1 - abs(2 * place / count - 1) for place in range(count)]
    else:
        ways = [place / max(1, count - 1) for place in range(count)]
    return [way * way * (3 - 2 * way) for way in ways] if pace == "smooth" else ways
