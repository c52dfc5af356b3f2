"""Sweep: the contact sheet of a run with several variations, made by a node like any other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from safelight.cli.output import Output
from safelight.cli.variation import Axis
from safelight.core.context import Context
from safelight.core.declaration import node
from safelight.core.graph import Graph
from safelight.core.widget import Number, Text

NARROWEST = 160
"""Pixels below which pictures are enlarged by a whole factor, so that labels can be read."""
KIND = "SweepSheet"


@node(KIND, category="image", title="Contact Sheet", effect=True, lane="io")
def sweep_sheet(
    ctx: Context,
    *,
    pictures: Annotated[str, Text(tip="The paths of the pictures, a line each.")],
    labels: Annotated[str, Text(tip="A line of text for each.")],
    columns: Annotated[int, Number(min=0, tip="Pictures side by side; 0 for about square.")],
    filename_prefix: Annotated[str, Text(tip="What the file name begins with.")],
) -> None:
    """Lay the pictures of a sweep out on one sheet, each under what makes it different."""
    from safelight import diffusion

    images = [diffusion.picture.load(ctx.open(Path(line)).path)[0][0] for line in pictures.splitlines()]
    factor = -(-NARROWEST // max(image.shape[1] for image in images))
    larger = [image.repeat_interleave(factor, 0).repeat_interleave(factor, 1) for image in images]
    sheet = diffusion.picture.grid(larger, columns, labels.splitlines())[0]
    path = ctx.reserve(filename_prefix, ".png")
    diffusion.picture.save(sheet, path, prompt=ctx.prompt, workflow=ctx.workflow)
    ctx.show("images", [ctx.entry(path)])


def sheet_graph(made: Sequence[tuple[str, Sequence[Output]]], axes: Sequence[Axis], stem: str) -> Graph:
    """The graph of the sheet: the first picture of every variation, in the order in which they ran."""
    graph = Graph()
    shown = [(label, _picture(outputs)) for label, outputs in made]
    kept = [(label, path) for label, path in shown if path]
    if kept:
        columns = len(axes[-1].changes) if len(axes) > 1 else 0
        inputs: dict[str, Any] = {
            "pictures": "\n".join(path for _, path in kept),
            "labels": "\n".join(label.replace("\n", " ") for label, _ in kept),
            "columns": columns if len(kept) == len(shown) else 0,
            "filename_prefix": f"{stem}_sweep",
        }
        graph.add("sheet", KIND, **inputs)
    return graph


def _picture(outputs: Sequence[Output]) -> str:
    return next((output.path for output in outputs if output.kind == "image" and output.path), "")
