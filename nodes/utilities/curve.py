"""Curve Editor."""

from __future__ import annotations

from typing import Annotated, Any

from nodes.types import STRAIGHT, Curve, CurveShape
from nodes.utilities.histogram import Counts
from safelight import BadInput, In, Out, node


@node("CurveEditor", category="utilities", title="Curve Editor", aliases=("spline", "levels", "tone"))
def curve(
    *,
    curve: CurveShape = STRAIGHT,
    histogram: Annotated[Counts | None, In("What is shown behind the curve.")] = None,  # noqa: ARG001 - in saved files
) -> Annotated[Curve, Out("The curve.", name="curve")]:
    """Draw a curve that other nodes take."""
    return checked(curve)


def checked(tree: dict[str, Any]) -> dict[str, Any]:
    """The curve itself, once it is known to be one."""
    from safelight import diffusion

    try:
        diffusion.curve.read(tree)
    except diffusion.failure.UnsupportedError as error:
        raise BadInput("curve", error.problem, error.remedy) from error
    return tree
