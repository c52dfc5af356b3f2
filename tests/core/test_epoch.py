"""Epoch: code, libraries and arithmetic as a part of every key."""

from __future__ import annotations

import importlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from safelight import node
from safelight.core.epoch import Epoch, code_digest, package_digest
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


def spec_of(module: str) -> NodeSpec:
    return replace(SPEC, module=module)


def test_the_source_of_a_nodes_module_and_of_what_it_uses_beside_it_matters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "toy_nodes.py").write_text("from toy_helper import factor\n\nA = factor\n")
    digests = []
    for text in ("1", "2", "2 "):
        (tmp_path / "toy_helper.py").write_text(f"def factor():\n    return {text}\n")
        for name in ("toy_nodes", "toy_helper"):
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        __import__("toy_nodes")
        digests.append(code_digest(spec_of("toy_nodes")))
    assert len(set(digests)) == 3
    assert code_digest(spec_of("toy_nodes")) == digests[-1]


def test_code_without_a_file_is_told_apart_by_itself() -> None:
    old = replace(spec_of("no.such.module"), function=lambda: 1)
    new = replace(spec_of("no.such.module"), function=lambda: 1001)
    assert code_digest(old) != code_digest(new)
    assert code_digest(old) == code_digest(old)


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
