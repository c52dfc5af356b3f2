"""Which pack has a node type that is not here, as its code says."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from safelight.cli import main
from safelight.compat.shims.elsewhere import Elsewhere
from safelight.compat.shims.pack import packs_of
from safelight.compat.shims.trust import Trust
from safelight.core.error import UnknownNode
from safelight.core.graph import Graph
from safelight.setting import Settings
from safelight.worker import open_engine

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
    said = Elsewhere([data / "custom_nodes"], Trust.read(data)).remedy(type)
    assert f"The pack '{pack}' has it, and waits to be allowed" in said
    assert f"safelight packs allow {pack}" in said


@pytest.mark.parametrize("type", ["Blur", "it was run", "Off", "", "Nowhere", "\ud800"])
def test_no_pack_is_named_that_does_not_say_so(type: str, data: Path) -> None:
    assert Elsewhere([data / "custom_nodes"], Trust.read(data)).remedy(type) == ""


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


ADOPTED = """
from pathlib import Path
import folder_paths
Path(__file__).with_name("was_run").touch()
class Where:
    @classmethod
    def INPUT_TYPES(cls): return {"required": {}}
    RETURN_TYPES, FUNCTION = ("STRING",), "go"
    def go(self): return ("\\n".join(folder_paths.get_folder_paths("custom_nodes")),)
NODE_CLASS_MAPPINGS = {"Where": Where}
"""


def test_a_pack_of_an_adopted_folder_waits_as_any_other_and_runs_where_it_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comfy, data = tmp_path / "ComfyUI", tmp_path / "data"
    pack = comfy / "custom_nodes" / "there"
    for folder in (pack, comfy / "models", data):
        folder.mkdir(parents=True)
    (pack / "__init__.py").write_text(ADOPTED)
    (data / "settings.json").write_text(json.dumps({"comfy": str(comfy)}))
    assert main(["packs", "--data", str(data)]) == 0
    assert "there  waits for `allow`" in capsys.readouterr().out

    def found() -> list[str] | None:
        with closing(open_engine(data, Settings(threads=1, memory_cache_gib=0.1))) as engine:
            if engine.registry.find("Where") is None:
                return None
            graph = Graph()
            graph.add("1", "Where")
            return engine.run(graph, ["1"]).raise_for_error().values["1"][0].splitlines()

    assert found() is None
    assert not (pack / "was_run").exists()
    assert main(["packs", "allow", "there", "--data", str(data)]) == 0
    assert found() == [str(data / "custom_nodes"), str(comfy / "custom_nodes")]


def test_of_two_packs_with_one_name_that_in_the_first_folder_counts(data: Path) -> None:
    other = data / "other"
    (other / "soft").mkdir(parents=True)
    (other / "soft" / "__init__.py").touch()
    (other / "alone.py").touch()
    found = {pack.name: pack.path for pack in packs_of([data / "custom_nodes", other])}
    assert found["soft"] == data / "custom_nodes" / "soft"
    assert found["alone"] == other / "alone.py"
