"""What the nodes of films and sounds share: what a film lies in, what a file says, how far the work is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safelight import BadInput, Context, Video


def checked(ctx: Context, video: Video) -> Any:
    """The film, whose file is as it was when it was loaded; the result holds while it stays so."""
    from safelight import diffusion

    film = diffusion.film.as_film(video)
    for path, digest in getattr(film, "files", ()):
        name = Path(path).name
        try:
            found = ctx.open(Path(path))
        except OSError as error:
            raise BadInput("video", f"the file {name} is gone", "Load the film again.") from error
        if found.digest != digest:
            raise BadInput("video", f"the file {name} has changed since it was loaded", "Run again.")
    return film


def texts(ctx: Context) -> dict[str, str]:
    """What a saved file says of how it was made."""
    said = {"prompt": ctx.prompt, "workflow": ctx.workflow}
    return {name: json.dumps(value) for name, value in said.items() if value is not None}


def steps(ctx: Context, film: Any) -> Callable[[], None]:
    """Tells the progress each time that it is called, once a frame; raises Cancelled."""
    facts = film.facts()
    total, done = max(1, round(facts.seconds * facts.rate)), 0

    def step() -> None:
        nonlocal done
        done = min(done + 1, total)
        ctx.progress(done, total)

    return step
