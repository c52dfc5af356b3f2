"""The table of how exact each sampler is."""

from __future__ import annotations

import json

import pytest

from bench import convergence
from safelight.diffusion.names import SAMPLERS


def test_the_table_has_a_line_for_each_sampler(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(convergence, "SAMPLERS", ("euler", "heun", "lms", "euler_ancestral"))
    assert convergence.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(convergence.SAMPLERS)
    assert "order 1.0" in lines[0]
    assert "order 2.0" in lines[1]
    assert "spread" in lines[3]


def test_the_table_can_be_had_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(convergence, "SAMPLERS", SAMPLERS[:1])
    convergence.main(["--json"])
    (row,) = json.loads(capsys.readouterr().out)
    assert row["sampler"] == "euler"
    assert row["errors"] == sorted(row["errors"], reverse=True)
