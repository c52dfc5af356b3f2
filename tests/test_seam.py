"""No tile shows in a picture that was enlarged, denoised and decoded in tiles."""

from __future__ import annotations

from pathlib import Path

import pytest
from torch import Tensor

from bench import seam


@pytest.fixture(scope="module")
def worked() -> dict[str, list[Tensor]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seam, "PROMPTS", seam.PROMPTS[1:])
        return seam.worked()


def test_averaged_tiles_leave_no_seam_where_separate_ones_do(
    worked: dict[str, list[Tensor]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(seam, "worked", lambda: worked)
    assert seam.main(["--picture", str(tmp_path / "tiles.png")]) == 0
    figures = dict(line.rsplit(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert float(figures["averaged tiles"]) < seam.LIMIT < 2 * seam.LIMIT < float(figures["separate tiles"])
    assert float(figures["whole"]) < seam.LIMIT
    assert (tmp_path / "tiles.png").stat().st_size > 10_000


def test_a_seam_that_shows_is_a_failure(
    worked: dict[str, list[Tensor]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seam, "worked", lambda: {**worked, "averaged tiles": worked["separate tiles"]})
    monkeypatch.setattr(seam, "borders", lambda way: [64, 128])
    assert seam.main(["--json"]) == 1
