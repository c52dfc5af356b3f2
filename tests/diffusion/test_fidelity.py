"""The reference latents that are kept beside this file, through the path that a KSampler takes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bench import fidelity

FOLDER = Path(__file__).parent / "fidelity"
ROWS = json.loads((FOLDER / "index.json").read_text())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: Path(row["file"]).stem)
def test_a_reference_latent_is_met(row: dict) -> None:
    outcome = fidelity.compare(row, FOLDER)
    assert outcome.fine, outcome


def folder_with(path: Path, rows: list[dict]) -> str:
    for name in ("cond_pos.npy", "cond_neg.npy", ROWS[0]["file"]):
        shutil.copy(FOLDER / name, path / name)
    (path / "index.json").write_text(json.dumps(rows))
    return str(path)


def test_the_command_prints_a_line_a_row_and_fails_if_one_is_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong_seed = ROWS[0] | {"seed": 43}
    unknown = ROWS[0] | {"sampler": "euler_of_tomorrow"}
    assert fidelity.main([folder_with(tmp_path, [ROWS[0], wrong_seed, unknown])]) == 1
    first, second, third, summary = capsys.readouterr().out.splitlines()
    assert first.endswith(ROWS[0]["file"])
    assert "OUT OF TOLERANCE" in second
    assert "not built" in third
    assert summary.endswith(f"({ROWS[0]['file']}), 1 of 3 within tolerance")


def test_the_command_succeeds_if_all_that_could_be_sampled_is_within(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fidelity.main([folder_with(tmp_path, ROWS[:1])]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("worst ")
