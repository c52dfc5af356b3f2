"""`safelight cache`: what is on disk, whether it is whole, and rid of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def stored(data: Path) -> list[Path]:
    return sorted((data / "cache" / "results").rglob("*.safetensors"))


def test_an_empty_one_says_so(command: Any) -> None:
    done = command("cache")
    assert done.code == 0
    assert ": 0 results, 0 bytes of at most " in done.out


def test_results_are_counted_by_node_type(command: Any, greeting: Path, tmp_path: Path) -> None:
    command("run", greeting)
    done = command("cache", "show")
    (line,) = [line for line in done.out.splitlines() if line.startswith("PreviewAny")]
    assert line.split()[1] == "1"
    assert "just now" in line
    assert len(stored(tmp_path / "data")) == 1


def test_damage_is_found_and_got_over(command: Any, greeting: Path, tmp_path: Path) -> None:
    command("run", greeting)
    assert command("cache", "verify").code == 0
    (file,) = stored(tmp_path / "data")
    file.write_bytes(file.read_bytes()[:-3])
    done = command("cache", "verify")
    assert (done.code, done.out.splitlines()[0]) == (1, f"{file}: damaged")
    assert "(damaged)" in command("cache").out
    assert command("run", greeting).out == "Hello world\n"
    assert command("cache", "verify").code == 0


def test_clearing_deletes_results_and_half_done_runs(command: Any, greeting: Path, tmp_path: Path) -> None:
    command("run", greeting)
    half = tmp_path / "data" / "cache" / "checkpoints" / "ab.safetensors"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half")
    done = command("cache", "clear")
    assert done.out.startswith("deleted 1 result, ")
    assert "1 half-done run" in done.out
    assert (stored(tmp_path / "data"), half.exists()) == ([], False)
    assert command("run", greeting, "--json").states["4"] == "ran"
