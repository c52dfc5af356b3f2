"""Which pack has a node type that is not here, as its code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from safelight.cli import main
from safelight.compat.shims.elsewhere import Elsewhere
from safelight.compat.shims.trust import Trust
from safelight.core.error import UnknownNode

CLASSIC = 'raise RuntimeError("it was run")\nNODE_CLASS_MAPPINGS = {\n    "Blur+" : Blur,\n}\n'
SCHEMA = 'class Sharpen(io.ComfyNode):\n    def define_schema(cls): return io.Schema(node_id = "Sharpen!")\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, text in {
        "soft": CLASSIC,
        "sharp": SCHEMA,
        "off.disabled": CLASSIC.replace("Blur+", "Off"),
    }.items():
        (tmp_path / "custom_nodes" / name).mkdir(parents=True)
        (tmp_path / "custom_nodes" / name / "__init__.py").write_text(text)
    return tmp_path


@pytest.mark.parametrize(("type", "pack"), [("Blur+", "soft"), ("Sharpen!", "sharp")])
def test_a_pack_that_waits_is_named_with_how_to_allow_it(type: str, pack: str, data: Path) -> None:
    said = Elsewhere(data / "custom_nodes", Trust.read(data)).remedy(type)
    assert f"The pack '{pack}' has it, and waits to be allowed" in said
    assert f"safelight packs allow {pack}" in said


@pytest.mark.parametrize("type", ["Blur", "it was run", "Off", "", "Nowhere", "\ud800"])
def test_no_pack_is_named_that_does_not_say_so(type: str, data: Path) -> None:
    assert Elsewhere(data / "custom_nodes", Trust.read(data)).remedy(type) == ""


def test_a_run_that_lacks_a_type_names_the_pack(house) -> None:  # type: ignore[no-untyped-def]
    house.load({"soft/__init__.py": CLASSIC}, trust=Trust())
    with pytest.raises(UnknownNode) as caught:
        house.registry.get("Blur+")
    assert "'soft' has it, and waits" in str(caught.value)


def test_check_tells_packs_that_wait_from_those_that_are_allowed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "art.json"
    file.write_text('{"1": {"class_type": "Blur+", "inputs": {}}}')
    assert main(["check", "--data", str(data), str(file)]) != 0
    assert "waits to be allowed" in capsys.readouterr().out
    Trust.read(data).allow(["soft"])
    main(["check", "--data", str(data), str(file)])
    said = capsys.readouterr().out
    assert "'Blur+' comes with the pack 'soft'" in said
    assert "no node type" not in said
