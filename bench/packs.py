"""What becomes of ComfyUI's packs: `python -m bench.packs DIR` loads each pack in a process of its own.

For each node type it says whether it registers, whether its choices load, and whether it runs on inputs that
are made up: defaults, small pictures, the model that ships, and what other nodes of the pack give. The table
has a row for each pack; `--out FILE` keeps every node's outcome, `--only NAME` takes one pack, `--nodes A,B`
some of its nodes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 15
"""Seconds that one node may take."""
PACK_LIMIT = 1200
"""Seconds that one pack may take; what was not tried by then counts as not run."""
CAUSES = ("ran", "model file", "package", "network", "refused", "no input", "timeout", "error")


def main() -> None:
    """Read the command line, and measure or report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--nodes", default="")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--jobs", type=int, default=1, help="how many packs at a time")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        inside(args.folder, args.only[0], set(filter(None, args.nodes.split(","))))
        return
    names = args.only or sorted(path.name for path in args.folder.iterdir() if path.is_dir())
    results: dict[str, Any] = {}
    with ThreadPoolExecutor(args.jobs) as pool:
        jobs = {pool.submit(measured, args.folder, name, args.nodes): name for name in names}
        for done in as_completed(jobs):
            results[jobs[done]] = done.result()
            if args.out:
                args.out.write_text(json.dumps(results, indent=1))
    results = {name: results[name] for name in names}
    report(results)


def measured(folder: Path, name: str, nodes: str) -> dict[str, Any]:
    """One pack, in a process of its own that can neither install nor hang."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PIP_NO_INDEX": "1", "PYTHONWARNINGS": "ignore"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out.json"
        environment["PACKS_OUT"] = str(out)
        command = [
            sys.executable,
            "-m",
            "bench.packs",
            str(folder.resolve()),
            "--only",
            name,
            "--nodes",
            nodes,
            "--inside",
        ]
        try:
            done = subprocess.run(
                command,
                cwd=place,  # nodes write where they are
                env=environment,
                capture_output=True,
                text=True,
                timeout=PACK_LIMIT,
                check=False,
            )
            said = done.stderr[-2000:]
        except subprocess.TimeoutExpired:
            said = f"it took more than {PACK_LIMIT} seconds"
        if out.exists():
            return json.loads(out.read_text())
        return {"state": "died", "problem": said, "nodes": {}}


def report(results: dict[str, Any]) -> None:
    """The table, and the sums."""
    head = ["pack", "nodes", "registered", "choices", *CAUSES]
    rows = []
    for name, one in results.items():
        count = Counter(node["cause"] for node in one["nodes"].values() if node["registered"])
        registered = sum(node["registered"] for node in one["nodes"].values())
        choices = sum(node["choices"] for node in one["nodes"].values())
        rows.append([name, len(one["nodes"]), registered, choices, *(count[cause] for cause in CAUSES)])
    rows.append(["all", *(sum(row[place] for row in rows) for place in range(1, len(head)))])
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    total = rows[-1]
    if total[1]:
        shares = [f"{word} {total[place] / total[1]:.1%}" for place, word in enumerate(head[2:5], 2)]
        print(", ".join(shares))
    for name, one in results.items():
        if one["state"] != "loaded":
            print(
                f"{name}: {one['state']}: {one['problem'].strip().splitlines()[-1] if one['problem'] else ''}"
            )


# -- inside the process of one pack


def inside(folder: Path, name: str, nodes: set[str]) -> None:
    """Load a pack and run each of its nodes."""
    from safelight.compat.shims.loader import load_packs
    from safelight.compat.shims.trust import Trust
    from safelight.core.registry import Registry

    data = Path(tempfile.mkdtemp(prefix="packs-"))
    out = Path(os.environ["PACKS_OUT"])
    try:
        prepare(data, folder / name)
        registry = Registry().load("nodes")
        engine = engine_over(data, registry)
        pack = load_packs(data, registry, engine.folders, trust=Trust.all(), plan=engine.plan)[0]
        found: dict[str, Any] = {
            id: {"registered": False, "choices": False, "cause": "error", "why": why}
            for id, why in pack.failures.items()
        }
        result = {"state": pack.state, "problem": pack.problem + pack.traceback, "nodes": found}
        late = {"registered": True, "choices": True, "cause": "timeout", "why": "the pack took too long"}
        found.update(dict.fromkeys(pack.nodes, late))
        work = Workbench(engine, registry, pack.nodes)
        for id in pack.nodes:
            if not nodes or id in nodes:
                found[id] = work.tried(id)
                out.write_text(json.dumps(result))
        out.write_text(json.dumps(result))
        os._exit(0)  # whatever threads the pack has left
    finally:
        shutil.rmtree(data, ignore_errors=True)


def prepare(data: Path, pack: Path) -> None:
    """A data folder with the pack and a few pictures."""
    from PIL import Image

    (data / "custom_nodes").mkdir(parents=True)
    (data / "custom_nodes" / pack.name).symlink_to(pack.resolve())
    (data / "input").mkdir()
    for name, size in (("example.png", (256, 192)), ("other.png", (256, 256))):
        Image.effect_noise(size, 60).convert("RGB").save(data / "input" / name)


def engine_over(data: Path, registry: Any) -> Any:
    """An engine whose models are those that ship."""
    from safelight.setting import Settings
    from safelight.worker import open_engine

    engine = open_engine(data, Settings(threads=1, memory_cache_gib=0.5), registry=registry)
    make_models(engine)
    return engine


PARTS = {
    "VAESave": ("vae", 2, "vae"),
    "CLIPSave": ("clip", 1, "text_encoders"),
    "ModelSave": ("model", 0, "diffusion_models"),
}
"""The nodes that save a part of a model: input, output of the loader, kind of models."""


def make_models(engine: Any) -> None:
    """Save the shipped model as a checkpoint and in its parts, so that loaders have something to load."""
    from safelight.core.graph import Graph, Link

    graph = Graph()
    graph.add("load", "CheckpointLoaderSimple", ckpt_name=engine.folders.names("checkpoints")[0])
    parts = {name: Link("load", slot) for name, slot in (("model", 0), ("clip", 1), ("vae", 2))}
    graph.add("all", "CheckpointSave", filename_prefix="all/small", **parts)
    for id, (name, slot, kind) in PARTS.items():
        graph.add(id, id, filename_prefix=f"{kind}/small", **{name: Link("load", slot)})
    for root in ("all", *PARTS):  # what is of no layout that a single file has is left out
        engine.run(graph, [root])
    for kind in ("all", *(kind for _, _, kind in PARTS.values())):
        target = engine.folders.root("checkpoints" if kind == "all" else kind)
        target.mkdir(parents=True, exist_ok=True)
        for file in (engine.folders.output / kind).glob("*.safetensors"):
            file.rename(target / file.name)


class Workbench:
    """Makes up inputs for nodes, and runs them."""

    def __init__(self, engine: Any, registry: Any, ours: list[str]) -> None:
        from safelight.core.spec import NodeSpec, OutputSpec

        self.engine = engine
        self.registry = registry
        self.given = values(engine)
        for type, value in self.given.items():
            registry.add(
                NodeSpec(
                    f"bench.{type}", lambda value=value: value, outputs=(OutputSpec("", type),), cached=False
                )
            )
        self.makers: dict[str, list[Any]] = {}
        for id in [*ours, *(spec.id for spec in registry if spec.id not in ours)]:
            for slot, output in enumerate(registry.get(id).outputs):
                self.makers.setdefault(output.type, []).append((id, slot))
        for made in self.makers.values():
            made.sort(key=lambda one: self.wires(one[0]))

    def wires(self, id: str) -> int:
        """How much a node needs: what is easiest to have is tried first."""
        return sum(
            one.required and one.widget is None and one.type not in self.given
            for one in self.registry.get(id).inputs
        )

    def tried(self, id: str) -> dict[str, Any]:
        """Whether a node's choices load and its body runs."""
        spec = self.registry.get(id)
        try:
            for one in spec.inputs:
                options = getattr(one.widget, "options", None)
                _ = options and list(options)
        except Exception as error:  # noqa: BLE001 - whatever a pack raises
            return {"registered": True, "choices": False, "cause": "error", "why": repr(error)[:300]}
        outcome = ("error", "")
        for optional in (False, True):
            outcome = self.ran(id, optional)
            if outcome[0] in ("ran", "timeout"):
                break
        return {"registered": True, "choices": True, "cause": outcome[0], "why": outcome[1]}

    def ran(self, id: str, optional: bool) -> tuple[str, str]:
        """Build a graph for a node and run it."""
        from safelight.compat import to_prompt
        from safelight.core.graph import Graph

        graph = Graph()
        LACKING.clear()
        started = time.monotonic()
        try:
            link = self.build(graph, id, optional, ())
        except LookupError as error:
            return "no input", str(error)
        signal.signal(signal.SIGALRM, _late)
        signal.setitimer(signal.ITIMER_REAL, LIMIT)
        try:
            result = self.engine.run(graph, [link.node], prompt=to_prompt(graph), workflow={"nodes": []})
            result.raise_for_error()
        except BaseException as error:  # noqa: BLE001 - whatever a pack raises
            return cause(error, time.monotonic() - started)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return "ran", ""

    def build(self, graph: Any, id: str, optional: bool, above: tuple[str, ...]) -> Any:
        """Add a node with inputs to a graph."""
        from safelight.core.graph import Link, Node
        from safelight.core.shape import lay

        inputs: dict[str, Any] = {}
        spec = self.registry.get(id)
        for one in lay(spec, {}):
            wire = one.widget is None
            if wire and (one.required or optional):
                try:
                    inputs[one.name] = self.source(graph, one, above)
                except LookupError:
                    if one.required:
                        raise
            elif not wire and (one.required or optional or "default" in one.raw):
                inputs[one.name] = literal(one, self.engine.folders)
        name = f"{len(graph)}"
        graph.nodes[name] = Node(id, inputs)
        return Link(name, 0)

    def source(self, graph: Any, one: Any, above: tuple[str, ...]) -> Any:
        """A link to something of an input's type."""
        from safelight.core.graph import Link, Node

        for type in one.type.split(","):
            type = type.strip()
            if type in ("COMBO",) and one.raw.get("options"):
                continue
            if type in self.given:
                name = f"{len(graph)}"
                graph.nodes[name] = Node(f"bench.{type}", {})
                return Link(name, 0)
        for type in one.type.split(","):
            for id, slot in self.makers.get(type.strip(), ())[:6]:
                if id not in above and len(above) < 4:
                    try:
                        return Link(self.build(graph, id, False, (*above, id)).node, slot)
                    except LookupError:
                        continue
        raise LookupError(f"nothing gives {one.type} for '{one.name}'")


def _late(_signal: int, _frame: Any) -> None:
    raise TimeoutError("it took too long")


LACKING: list[str] = []
"""The inputs of the node at hand for which there is no file to choose."""


def literal(one: Any, folders: Any) -> Any:
    """What a widget may hold."""
    from safelight.core.spec import REQUIRED
    from safelight.core.widget import Choice, File, Number, Seed, Text, Toggle

    default = one.raw.get("default", one.default if one.default is not REQUIRED else None)
    match one.widget:
        case Choice() as choice:
            options = list(choice.options)
            if not options:
                LACKING.append(one.name)
            return default if default in options else options[0] if options else ""
        case File(kind=kind):
            names = folders.names(kind)
            if not names:
                LACKING.append(one.name)
            return names[-1] if names else ""
        case Number(min=low, integer=whole):
            value = default if isinstance(default, (int, float)) else low if low is not None else 1
            return int(value) if whole else float(value)
        case Seed():
            return 7
        case Text():
            if isinstance(default, str) and default:
                return default
            return "1 + 2" if one.name in FORMULAS else "a red apple"
        case Toggle():
            return bool(default)
    return default if default is not None else ""


def values(engine: Any) -> dict[str, Any]:
    """A value for each common type of socket."""
    import torch

    from safelight.diffusion import checkpoint, ingredient, text
    from safelight.diffusion.names import SAMPLERS, SCHEDULES

    path = engine.folders.find("checkpoints", engine.folders.names("checkpoints")[0])
    model, clip, vae = checkpoint.load(path, engine.digests.of(path))
    cond = text.encode(clip, "a red apple", plan=engine.plan)
    torch.manual_seed(1)
    sides = {"positive": cond, "negative": cond}
    return {
        "IMAGE": torch.rand(1, 256, 256, 3),
        "MASK": (torch.rand(1, 256, 256) > 0.5).float(),
        "LATENT": {"samples": torch.rand(1, 4, 32, 32)},
        "CONDITIONING": cond,
        "MODEL": model,
        "CLIP": clip,
        "VAE": vae,
        "SIGMAS": torch.tensor([14.6, 5.0, 1.0, 0.0]),
        "SAMPLER": ingredient.SamplerHandle(SAMPLERS[0]),
        "NOISE": ingredient.NoiseHandle(1),
        "GUIDER": ingredient.GuiderHandle("cfg", model, sides, (("cfg", 2.0),)),
        "INT": 2,
        "FLOAT": 0.5,
        "STRING": "a red apple",
        "BOOLEAN": True,
        "COMBO": SCHEDULES[0],
        "AUDIO": {"waveform": torch.zeros(1, 2, 8000), "sample_rate": 16000},
        "*": 2,
    }


FORMULAS = ("value", "expression", "formula", "code", "math", "number", "text_a", "a", "b")
NETWORK = (
    "URLError",
    "ConnectionError",
    "HTTPError",
    "Name or service not known",
    "Max retries",
    "offline",
    "ConnectError",
    "LocalEntryNotFound",
    "OfflineModeIsEnabled",
    "huggingface.co",
    "NameResolution",
)


def cause(error: BaseException, seconds: float) -> tuple[str, str]:
    """Why a node did not run, in one of a few words and in its own."""
    chain = []
    at: BaseException | None = error
    while at is not None and len(chain) < 5:
        chain.append(f"{type(at).__name__}: {at}")
        at = at.__cause__ or at.__context__
    text = " <- ".join(chain)[:600]
    if "TimeoutError" in text or seconds > LIMIT:
        return "timeout", text
    if "which is not offered here" in text or "MissingApi" in text:
        return "refused", text
    if any(word in text for word in NETWORK):
        return "network", text
    if "ModuleNotFoundError" in text or "ImportError" in text or "not installed" in text:
        return "package", text
    words = (
        "no file",
        "not found",
        "No such file",
        "not one of its choices",
        "FileNotFoundError",
        "Choose a file",
        "does not exist",
        "file name is empty",
        "is empty. Enter a name",
    )
    if LACKING or any(word in text for word in words):
        return "model file", text
    return "error", text


if __name__ == "__main__":
    main()
