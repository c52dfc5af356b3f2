"""What clients of ComfyUI ask besides running: the shapes that they read."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path
from typing import Any

import pytest


def test_node_types_come_packed_once_and_are_not_sent_again(live: Any) -> None:
    plain = live.get("/object_info")
    assert plain.tree["KSampler"]["input"]["required"]["steps"][0] == "INT"
    packed = live.get("/api/object_info", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert live.get("/object_info", If_None_Match=plain.headers["ETag"]).status == 304


def test_a_new_file_changes_what_nodes_offer(live: Any) -> None:
    before = live.get("/object_info")
    (live.data / "models" / "checkpoints" / "new.safetensors").write_bytes(b"x")
    after = live.get("/object_info", If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert "new.safetensors" in after.tree["CheckpointLoaderSimple"]["input"]["required"]["ckpt_name"][0]


def test_one_node_type_can_be_asked_for(live: Any) -> None:
    assert list(live.get("/object_info/VAEDecode").tree) == ["VAEDecode"]
    assert live.get("/object_info/NoSuchNode").tree == {}


def test_packs_that_a_worker_reported_are_known_after_a_restart(tmp_path: Path, start: Any) -> None:
    from server.option import Options

    (tmp_path / "cache").mkdir()
    entry = {"input": {"required": {}}, "output": ["IMAGE"], "output_name": ["IMAGE"], "name": "PackNode"}
    (tmp_path / "cache" / "packs.json").write_text(json.dumps({"PackNode": entry}))
    with start(Options(tmp_path)) as server:
        assert server.get("/object_info").tree["PackNode"] == entry
        assert server.get("/object_info/PackNode").tree == {"PackNode": entry}


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/system_stats", {"system": dict, "devices": list}),
        ("/features", {"max_upload_size": int, "supports_preview_metadata": bool}),
        ("/users", {"storage": str, "migrated": bool}),
        ("/prompt", {"exec_info": dict}),
        ("/queue", {"queue_running": list, "queue_pending": list}),
        ("/i18n", {}),
        ("/workflow_templates", {}),
        ("/global_subgraphs", {}),
        ("/node_replacements", {"ResizeImagesByLongerEdge": list}),
        ("/internal/logs/raw", {"entries": list, "size": dict}),
        ("/internal/folder_paths", {"checkpoints": list}),
        ("/safelight/health", {"status": str, "workers": list}),
    ],
)
def test_objects_have_the_fields_that_clients_read(live: Any, path: str, shape: dict[str, type]) -> None:
    tree = live.get(path).tree
    assert {name: type(tree[name]) for name in shape} == shape


@pytest.mark.parametrize(
    "path",
    [
        "/extensions",
        "/embeddings",
        "/models",
        "/experiment/models",
        "/internal/files/output",
        "/templates/index.json",
    ],
)
def test_lists_are_lists(live: Any, path: str) -> None:
    assert isinstance(live.get(path).tree, list)


def test_the_system_is_told_without_secrets(live: Any) -> None:
    stats = live.get("/api/system_stats").tree
    assert stats["system"]["ram_total"] > 0
    assert {"name", "type", "index", "vram_total", "vram_free"} <= set(stats["devices"][0])


def test_models_are_listed_by_kind(live: Any) -> None:
    assert "emoji" in live.get("/models/checkpoints").tree
    assert live.get("/models/nothing").status == 404
    told = live.get("/experiment/models/checkpoints").tree
    assert {"name", "pathIndex", "modified", "created", "size"} == set(told[0])
    assert live.get("/experiment/models/nothing").status == 404


def test_what_a_model_file_says_of_itself_is_read_from_its_head_alone(live: Any) -> None:
    folder = live.data / "models" / "loras"
    folder.mkdir(parents=True, exist_ok=True)
    header = json.dumps({"__metadata__": {"base": "emoji"}, "w": {}}).encode()
    (folder / "good.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    (folder / "huge.safetensors").write_bytes(struct.pack("<Q", 2**62) + b"{}")
    (folder / "short.safetensors").write_bytes(b"\1")
    assert live.get("/view_metadata/loras?filename=good.safetensors").tree == {"base": "emoji"}
    for name in ("huge.safetensors", "short.safetensors", "gone.safetensors", "../x.safetensors", ""):
        assert live.get(f"/view_metadata/loras?filename={name}").status == 404
    assert live.get("/view_metadata/nothing?filename=good.safetensors").status == 404


def test_a_picture_beside_a_model_is_its_preview(live: Any) -> None:
    from PIL import Image

    folder = live.data / "models" / "loras"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seen.safetensors").write_bytes(b"x")
    Image.new("RGB", (900, 600)).save(folder / "seen.png")
    where = "/experiment/models/preview/loras/0"
    answer = live.get(f"{where}/seen.safetensors")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
    assert live.get(f"{where}/unseen.safetensors").status == 404
    assert live.get("/experiment/models/preview/loras/9/seen.safetensors").status == 404


def test_shipped_workflows_are_templates_with_forms(live: Any) -> None:
    names = live.get("/safelight/templates").tree
    assert names[0] == "text_to_image"
    for name in names:
        assert live.get(f"/templates/{name}.json").tree["nodes"]
        form = live.get(f"/safelight/templates/{name}").tree
        kinds = [field["kind"] for field in form["fields"]]
        assert {"text", "seed", "number"} <= set(kinds)
        assert form["about"], "a form says what the workflow is for"
        assert form["fields"][0]["kind"] in ("text", "file"), "what is wanted comes first"
        assert next(field["phrases"] for field in form["fields"] if field["kind"] == "text")
    assert live.get("/safelight/templates/nothing").status == 404


def test_a_method_that_an_address_does_not_know_is_told_with_those_that_it_does(live: Any) -> None:
    answer = live.ask("PUT", "/userdata/x.json")
    assert (answer.status, answer.tree["error"]["type"]) == (405, "http_error")
    assert {"GET", "POST", "DELETE"} <= set(answer.headers["Allow"].split(","))


def test_unknown_addresses_are_told_as_json(live: Any) -> None:
    for path in ("/nothing", "/api/nothing", "/safelight/nothing"):
        answer = live.get(path)
        assert (answer.status, "error" in answer.tree) == (404, True)


def test_a_front_end_can_be_served_instead(tmp_path: Path, start: Any) -> None:
    from server.option import Options

    front = tmp_path / "front"
    (front / "extensions" / "core").mkdir(parents=True)
    (front / "index.html").write_text("<title>another</title>")
    (front / "extensions" / "core" / "one.js").write_text("1")
    with start(Options(tmp_path / "data", front_end=front)) as server:
        assert b"another" in server.get("/").body
        assert server.get("/extensions").tree == ["/extensions/core/one.js"]
        script = server.get("/extensions/core/one.js")
        assert (script.body, "Content-Security-Policy" in script.headers) == (b"1", False)
        assert "javascript" in script.headers["Content-Type"]
