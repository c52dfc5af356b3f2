"""Load Video."""

from __future__ import annotations

from typing import Annotated

from safelight import Context, File, Out, Video, node

FILM = File("input", upload="video", ending="video", tip="A film in the input folder.")


@node("LoadVideo", category="video", title="Load Video", aliases=("open", "film", "movie", "mp4"), lane="io")
def load_video(
    ctx: Context, *, file: Annotated[str, FILM]
) -> Annotated[Video, Out("The film; nothing of it is decoded until it is needed.", name="VIDEO")]:
    """Read a film from the input folder. Needs the package av: pip install safelight[video]."""
    from safelight import diffusion

    found = ctx.open(ctx.folders.find("input", file))
    return diffusion.film.of_file(found.path, found.digest)
