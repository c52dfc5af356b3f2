"""Registry: node types by id."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from safelight import Registry, node
from safelight.core.error import DeclarationError, UnknownNode

NODE = '''
from safelight import node

@node("{id}", category="toy")
def give() -> int:
    """Give."""
    return {value}
'''


@node("Double", category="toy")
def double(value: int) -> int:
    """Double."""
    return 2 * value


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    root = tmp_path / "toy_registry_pack"
    (root / "deep").mkdir(parents=True)
    (root / "__init__.py").write_text(NODE.format(id="Top", value=1))
    (root / "deep" / "__init__.py").write_text("from toy_registry_pack import give\n")
    (root / "deep" / "leaf.py").write_text(NODE.format(id="Leaf", value=2))
    monkeypatch.syspath_prepend(tmp_path)
    known = set(sys.modules)
    yield root.name
    for name in set(sys.modules) - known:
        del sys.modules[name]


def test_a_package_is_loaded_with_all_its_modules(package: str) -> None:
    registry = Registry().load(package)
    assert sorted(spec.id for spec in registry) == ["Leaf", "Top"]
    assert len(registry) == 2


def test_loading_a_package_twice_changes_nothing(package: str) -> None:
    registry = Registry().load(package)
    assert [spec.id for spec in registry.load(package)] == [spec.id for spec in registry]


def test_an_id_that_is_taken_is_refused() -> None:
    @node("Double", category="toy")
    def other(value: int) -> int:
        """Double, too."""
        return value

    registry = Registry([double.spec])  # type: ignore[attr-defined]
    with pytest.raises(DeclarationError, match=r"\(?Double\)?.*its id is taken by"):
        registry.add(other.spec)  # type: ignore[attr-defined]
    assert registry.get("Double").function is double


def test_an_unknown_type_comes_back_with_the_nearest_name() -> None:
    registry = Registry([double.spec])  # type: ignore[attr-defined]
    with pytest.raises(UnknownNode) as caught:
        registry.get("Dubble")
    assert str(caught.value) == "Dubble: no node type 'Dubble'. Did you mean 'Double'?"


def test_a_type_that_is_near_to_none_asks_for_its_pack() -> None:
    registry = Registry([double.spec])  # type: ignore[attr-defined]
    assert registry.suggestion("IPAdapterAdvanced").startswith("Install the node pack")
    assert registry.find("IPAdapterAdvanced") is None
    assert "IPAdapterAdvanced" not in registry
