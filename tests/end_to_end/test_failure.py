"""What is wrong is said in a sentence: where, what, and what to do. Never a traceback, never half a file."""

from __future__ import annotations

import ctypes
import json
import resource
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight.diffusion.builtin import builtin
from safelight.home import prepare

ROOT = Path(__file__).resolve().parents[2]
TEXT_TO_IMAGE = ROOT / "workflows" / "text_to_image.json"
TINY = ("--set", "KSampler.steps=1")
CAPBSET_DROP, DAC_OVERRIDE = 24, 1

Prompt = dict[str, Any]


def prompt(**changes: Any) -> Prompt:
    """A small text-to-image graph in the API format; `node__input=value` changes an input."""

    def node(type: str, **inputs: Any) -> dict[str, Any]:
        return {"class_type": type, "inputs": inputs}

    nodes = {
        "load": node("CheckpointLoaderSimple", ckpt_name="emoji"),
        "text": node("CLIPTextEncode", clip=["load", 1], text="pizza"),
        "size": node("EmptyLatentImage", width=64, height=64, batch_size=1),
        "sample": node(
            "KSampler",
            model=["load", 0],
            seed=1,
            steps=1,
            cfg=1.0,
            sampler_name="euler",
            scheduler="normal",
            positive=["text", 0],
            negative=["text", 0],
            latent_image=["size", 0],
            denoise=1.0,
        ),
        "decode": node("VAEDecode", samples=["sample", 0], vae=["load", 2]),
        "save": node("SaveImage", images=["decode", 0], filename_prefix="made"),
    }
    for name, value in changes.items():
        id, _, input = name.partition("__")
        nodes[id]["inputs"][input] = value
    return nodes


@pytest.fixture
def run(command: Any, tmp_path: Path) -> Callable[..., Any]:
    """A function that runs a workflow, given as a tree or as a text, in a data folder of its own."""

    def call(content: Prompt | str, *options: object) -> Any:
        file = tmp_path / "work.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        ended = command("run", file, "--json", "--data", tmp_path / "data", *options)
        assert "Traceback" not in ended.err
        assert leftovers(tmp_path / "data") == []
        return ended

    return call


def leftovers(data: Path) -> list[Path]:
    """Files that are empty or were not finished."""
    files = [path for path in data.rglob("*") if path.is_file()]
    return [path for path in files if path.stat().st_size == 0 or path.name.endswith(".part")]


def problem(ended: Any) -> dict[str, Any]:
    """The only problem that a run had; it was also told on standard error."""
    (error,) = ended.tree["errors"]
    assert f"error: {error['text']}" in ended.err
    assert error["remedy"]
    return dict(error)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not JSON", "work.json' is not a workflow that can be read"),
        ("", "work.json' is not a workflow"),
        ("[1, 2]", "JSON, but not an object"),
        ('{"a": 1}', "neither 'nodes' nor entries with a class_type"),
        ("{" * 100_000, "work.json' is not a workflow"),
    ],
)
def test_what_is_no_workflow(run: Any, text: str, told: str) -> None:
    ended = run(text)
    assert (ended.code, ended.tree["status"]) == (2, "invalid")
    assert told in problem(ended)["text"]


@pytest.mark.parametrize(
    ("changes", "where", "told"),
    [
        ({"sample__steps": 0}, ("sample", "steps"), "0 is below the minimum 1"),
        ({"sample__cfg": float("nan")}, ("sample", "cfg"), "nan is not a finite number"),
        ({"sample__cfg": float("inf")}, ("sample", "cfg"), "inf is not a finite number"),
        ({"sample__cfg": 1e9}, ("sample", "cfg"), "above the maximum"),
        ({"sample__seed": 2**64}, ("sample", "seed"), "above the maximum"),
        ({"sample__steps": "many"}, ("sample", "steps"), "'many' is not a whole number"),
        ({"sample__sampler_name": "eulr"}, ("sample", "sampler_name"), "Did you mean 'euler'?"),
        (
            {"sample__positive": ["load", 1]},
            ("sample", "positive"),
            "takes CONDITIONING but node 'load' gives CLIP",
        ),
        ({"sample__model": ["load", 7]}, ("sample", "model"), "which has 3 outputs"),
        ({"sample__model": ["gone", 0]}, ("sample", "model"), "node 'gone', which does not exist"),
        ({"load__ckpt_name": "emojy"}, ("load", "ckpt_name"), "Did you mean 'emoji'?"),
        ({"load__ckpt_name": "../../etc/passwd"}, ("load", "ckpt_name"), "leads out of its folder"),
    ],
)
def test_a_bad_input_is_named(run: Any, changes: dict[str, Any], where: tuple[str, str], told: str) -> None:
    ended = run(prompt(**changes))
    error = problem(ended)
    assert (ended.code, ended.tree["status"]) == (2, "invalid")
    assert ((error["node"], error["input"]), told in error["text"]) == (where, True), error["text"]


def test_a_missing_input_is_named(run: Any) -> None:
    graph = prompt()
    del graph["sample"]["inputs"]["latent_image"]
    error = problem(run(graph))
    assert error["text"] == (
        "node 'sample' (KSampler), input 'latent_image': nothing is connected. Connect a LATENT output to it."
    )


def test_an_unknown_node_is_told_with_the_nearest_name(run: Any) -> None:
    graph = prompt()
    graph["sample"]["class_type"] = "KSamplr"
    assert "no node type 'KSamplr'. Did you mean 'KSampler'?" in problem(run(graph))["text"]


def test_a_circle_is_told_with_its_path(run: Any) -> None:
    graph = prompt(
        text__text=["one", 0],
    )
    for id, other in (("one", "two"), ("two", "one")):
        graph[id] = {"class_type": "StringTrim", "inputs": {"string": [other, 0], "mode": "Both"}}
    ended = run(graph)
    text = problem(ended)["text"]
    assert ended.code == 2
    assert "'one'" in text
    assert "'two'" in text
    assert "circle" in text


def test_all_problems_are_told_at_once(run: Any) -> None:
    ended = run(prompt(sample__steps=0, size__width=-8, load__ckpt_name="none"))
    assert {error["node"] for error in ended.tree["errors"]} == {"sample", "size", "load"}
    assert "nothing was run: 3 problems" in ended.err


def damage(path: Path, kind: str) -> None:
    """Put a model file in place that is damaged in one way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    match kind:
        case "truncated":
            whole = next(builtin()["emoji"].rglob("*.safetensors")).read_bytes()
            path.write_bytes(whole[: len(whole) // 2])
        case "pickle":
            path.write_bytes(b"PK\x03\x04 archive/data.pkl")
        case "unknown":
            header = json.dumps(
                {"strange.weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
            ).encode()
            path.write_bytes(len(header).to_bytes(8, "little") + header + b"\0" * 4)
        case "noise":
            path.write_bytes(b"\xff" * 1000)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("half.safetensors", "truncated"),
        ("old.ckpt", "pickle"),
        ("strange.safetensors", "unknown"),
        ("noise.safetensors", "noise"),
    ],
)
def test_a_model_file_that_cannot_be_used(run: Any, tmp_path: Path, name: str, kind: str) -> None:
    damage(tmp_path / "data" / "models" / "checkpoints" / name, kind)
    ended = run(prompt(load__ckpt_name=name))
    error = problem(ended)
    assert (ended.code, ended.tree["status"], error["node"]) == (1, "failed", "load")
    assert name in error["problem"]
    assert ended.tree["nodes"]["save"]["why"] == "not reached"


def test_a_model_folder_that_lacks_a_file(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "models" / "checkpoints" / "mine"
    shutil.copytree(builtin()["emoji"], folder)
    next(folder.rglob("unet/*.safetensors")).unlink()
    ended = run(prompt(load__ckpt_name="mine"))
    assert ended.code == 1
    assert problem(ended)["problem"]


def test_a_node_that_raises_is_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from safelight.diffusion import vae

    def broken(*args: Any, **options: Any) -> Any:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(vae, "decode", broken)
    ended = run(prompt())
    (error,) = ended.tree["errors"]
    assert (ended.code, error["node"], error["kind"]) == (1, "decode", "node_failed")
    assert "ZeroDivisionError: division by zero" in error["text"]
    assert ended.tree["nodes"]["decode"]["state"] == "failed"


def test_what_is_done_before_a_failure_is_kept(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from safelight.diffusion import vae

    with monkeypatch.context() as patched:
        patched.setattr(vae, "decode", None)
        assert run(prompt()).code == 1
    ended = run(prompt())
    assert (ended.code, ended.states["sample"], ended.states["decode"]) == (0, "disk", "ran")


def test_running_out_of_memory_once_is_got_over(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from safelight.diffusion import vae

    decode, refused = vae.decode, []

    def scarce(*args: Any, **options: Any) -> Any:
        if len(refused) < 2:
            refused.append(options["plan"])
            raise MemoryError
        assert options["plan"].tile == 512
        return decode(*args, **options)

    monkeypatch.setattr(vae, "decode", scarce)
    ended = run(prompt())
    assert ended.code == 0
    assert "memory ran out; it is tried again" in " ".join(ended.tree["notices"])
    assert refused[0] == refused[1]


def test_running_out_of_memory_for_good_is_told(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from safelight.diffusion import vae

    def scarce(*args: Any, **options: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(vae, "decode", scarce)
    ended = run(prompt())
    error = problem(ended)
    assert (ended.code, error["kind"], error["node"]) == (1, "out_of_memory", "decode")


def test_a_full_disk_leaves_no_half_picture(process: Any, tmp_path: Path) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    prepare(tmp_path / "data")
    ended = process("run", TEXT_TO_IMAGE, *TINY, "--json", "--data", tmp_path / "data", preexec_fn=full)
    error = problem(ended)
    assert (ended.code, error["node"]) == (1, "8")
    assert "cannot be written" in error["problem"]
    assert "Traceback" not in ended.err
    assert leftovers(tmp_path) == []
    assert list((tmp_path / "data" / "output").iterdir()) == []


def test_a_read_only_output_folder_is_named(process: Any, tmp_path: Path) -> None:
    def without_override() -> None:
        ctypes.CDLL(None).prctl(CAPBSET_DROP, DAC_OVERRIDE, 0, 0, 0)  # else root may write anywhere

    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    ended = process(
        "run",
        TEXT_TO_IMAGE,
        *TINY,
        "--json",
        "--data",
        tmp_path / "data",
        "--out",
        out,
        preexec_fn=without_override,
    )
    error = problem(ended)
    assert (ended.code, error["node"]) == (1, "8")
    assert str(out) in error["text"]
    assert list(out.iterdir()) == []


def test_a_data_folder_that_cannot_be_made_is_told(command: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ended = command("run", TEXT_TO_IMAGE, "--data", tmp_path / "file")
    assert (ended.code, ended.out) == (1, "")
    assert "the data folder" in ended.err
    assert "Choose another with --data" in ended.err


def test_an_unforeseen_error_is_a_sentence_too(
    command: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("safelight.cli.run.variations", lambda *args: 1 / 0)
    ended = command("run", TEXT_TO_IMAGE, "--data", tmp_path)
    assert ended.code == 1
    assert "something unforeseen happened (ZeroDivisionError: division by zero)" in ended.err
    with pytest.raises(ZeroDivisionError):
        command("run", TEXT_TO_IMAGE, "--data", tmp_path, "--debug")
