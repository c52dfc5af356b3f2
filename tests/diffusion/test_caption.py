"""Texts on pictures."""

from __future__ import annotations

import torch

from safelight.diffusion.caption import Style, written

GREY = torch.full((2, 64, 96, 3), 0.5)


def rows(image: torch.Tensor) -> list[int]:
    """The rows that something was written on."""
    return sorted({int(place) for place in (image[0] != GREY[0]).any(-1).any(-1).nonzero()})


def test_text_stands_at_its_edge_in_its_colour() -> None:
    top = written(GREY, "Hi", Style(0.2, "#ff0000", "top", "left", outline=False))
    assert top.shape == GREY.shape
    assert max(rows(top)) < 32
    assert min(rows(written(GREY, "Hi", Style(0.2, position="bottom")))) > 32
    letters = top[0][(top[0] != GREY[0]).any(-1)]
    assert letters[:, 0].min() >= 0.49
    assert letters[:, 1:].max() <= 0.51
    assert top[1].equal(top[0])


def test_text_is_aligned() -> None:
    sides = {}
    for align in ("left", "center", "right"):
        image = written(GREY, "I", Style(0.2, align=align))  # type: ignore[arg-type]
        sides[align] = float((image[0] != GREY[0]).any(-1).any(0).nonzero().float().mean())
    assert sides["left"] < 24 < sides["center"] < 72 < sides["right"]


def test_long_lines_are_broken() -> None:
    assert len(rows(written(GREY, "one two three four", Style(0.2)))) > len(
        rows(written(GREY, "one", Style(0.2)))
    )


def test_no_text_is_no_change_and_alpha_stays() -> None:
    assert written(GREY, " ", Style()) is GREY
    clear = torch.cat([GREY, torch.zeros(2, 64, 96, 1)], dim=-1)
    assert written(clear, "Hi", Style())[..., 3].max() == 0
