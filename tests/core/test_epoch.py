"""Epoch: code, libraries and arithmetic as a part of every key."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from safelight import node
from safelight.core.epoch import Epoch, module_digest, package_digest
from safelight.core.spec import NodeSpec


@node("Double", category="toy")
def double(value: int) -> int:
    """Double."""
    return 2 * value


SPEC: NodeSpec = double.spec  # type: ignore[attr-defined]


def test_each_part_matters() -> None:
    epochs = [Epoch(), Epoch({"plan": "fp32"}), Epoch({"plan": "bf16"}), Epoch({"libraries": "fp32"})]
    assert len({epoch.of(SPEC) for epoch in epochs}) == 4


def test_the_order_of_the_parts_does_not_matter() -> None:
    assert Epoch({"a": "1", "b": "2"}).of(SPEC) == Epoch({"b": "2", "a": "1"}).of(SPEC)


def test_parts_cannot_be_mistaken_for_each_other() -> None:
    assert Epoch({"a": "1", "b": "2"}).of(SPEC) != Epoch({"a": "1', 'b': '2"}).of(SPEC)


def test_the_source_of_a_module_is_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    digests = set()
    for number, text in enumerate(("A = 1\n", "A = 2\n", "A = 2\n")):
        path = tmp_path / f"toy_epoch_{number}.py"
        path.write_text(text)
        __import__(path.stem)
        digests.add(module_digest(path.stem))
        del sys.modules[path.stem]
    assert len(digests) == 2


def test_a_module_without_a_file_has_a_digest_of_its_name() -> None:
    assert module_digest("no.such.module") != module_digest("no.other.module")
    assert module_digest("builtins") == module_digest("builtins")


def test_any_source_of_a_package_changes_its_digest_and_none_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    digests = set()
    for name, text in (("toy_pack_a", "1"), ("toy_pack_b", "1"), ("toy_pack_c", "2")):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError\n")
        (tmp_path / name / "deep" / "leaf.py").write_text(text)
        digests.add(package_digest(name))
        assert name not in sys.modules
    assert len(digests) == 2


def test_the_parts_are_named_for_the_explanation() -> None:
    parts = Epoch({"plan": "fp32"}).parts_of(SPEC)
    assert set(parts) == {"plan", f"the code of {__name__}"}
