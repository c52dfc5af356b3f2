"""`safelight packs` and `safelight new-pack`, as a person uses them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from safelight.cli import main

ROOT = Path(__file__).resolve().parents[2]


def said(capsys: Any, *words: str) -> tuple[int, str]:
    code = main(list(words))
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_a_pack_is_shown_allowed_and_forbidden(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "custom_nodes" / "theirs"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("import subprocess\nNODE_CLASS_MAPPINGS = {'A': 1}\n")
    place = ("--data", str(tmp_path))
    assert "waits for `allow`" in said(capsys, "packs", *place)[1]
    code, text = said(capsys, "packs", "show", "theirs", *place)
    assert code == 0
    assert "import subprocess  theirs/__init__.py:1" in text
    assert "nodes: A" in text
    assert said(capsys, "packs", "allow", "theirs", *place) == (0, "theirs: allowed.\n")
    assert "allowed" in said(capsys, "packs", *place)[1]
    said(capsys, "packs", "forbid", "theirs", *place)
    assert "waits for `allow`" in said(capsys, "packs", *place)[1]
    code, text = said(capsys, "packs", "allow", "their", *place)
    assert code != 0
    assert "Did you mean 'theirs'?" in text


def test_a_new_pack_passes_its_own_tests_and_runs_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(capsys, "new-pack", "my-nodes", "--data", str(tmp_path))
    folder = tmp_path / "custom_nodes" / "my-nodes"
    assert code == 0
    assert str(folder) in text
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "3 passed" in done.stdout, done.stdout + done.stderr
    code, text = said(capsys, "new-pack", "my-nodes", "--data", str(tmp_path))
    assert code != 0
    assert "is there already" in text


def test_a_name_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, "new-pack", "../evil", "--data", str(tmp_path))
    assert code != 0
    assert "is no name for a pack" in text
