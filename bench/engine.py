"""What the engine itself costs: `python -m bench.engine [--json]`.

Chains and grids of trivial nodes, from a Graph made afresh each time: a first run, the same again, with the
last, the first and a random node changed. The engine has both tiers of the store, as in daily use. Then the
cost of a key, of reading an API file, and of a round trip of tensors through the disk store. A cost per
node is the least of several repetitions, since whatever else the machine does only adds to it; medians stand
beside it in the JSON. `--json` prints one object as the last line.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from safelight import Graph, Registry, node
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.epoch import Epoch
from safelight.core.folder import Folders
from safelight.core.key import Keys
from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.memory import MemoryStore
from safelight.core.store.record import Record
from safelight.core.store.tier import Store
from safelight.core.validation import validate

SIZES = (100, 1_000, 10_000)
MEGABYTES = (1, 4, 16, 64, 256)


@node("Add", category="bench")
def add(value: int, amount: int = 1) -> int:
    """A trivial node: one wire, one literal."""
    return value + amount


@node("Sum", category="bench")
def total(a: int, b: int) -> int:
    """Join two wires."""
    return a + b


REGISTRY = Registry([add.spec, total.spec])  # type: ignore[attr-defined]


def chain(count: int, changed: int = -1) -> tuple[Graph, str]:
    """A chain of `count` nodes, one of them with another literal; the graph and its root."""
    graph = Graph()
    link: Any = 1
    for place in range(count):
        link = graph.add(str(place), "Add", value=link, amount=place + (1_000_000 if place == changed else 0))
    return graph, link.node


def grid(count: int, changed: int = -1) -> tuple[Graph, str]:
    """Chains side by side (100 of 100 for 10,000 nodes), joined at the end."""
    graph = Graph()
    width = round(count**0.5)
    tips = []
    for place in range(count):
        before = tips[-1] if place % (count // width) else 1
        amount = place + (1_000_000 if place == changed else 0)
        link = graph.add(str(place), "Add", value=before, amount=amount)
        if place % (count // width):
            tips[-1] = link
        else:
            tips.append(link)
    joined = tips[0]
    for place, tip in enumerate(tips[1:]):
        joined = graph.add(f"join{place}", "Sum", a=joined, b=tip)
    return graph, joined.node


def open_engine(folder: Path) -> Engine:
    """An engine with both tiers over a new folder."""
    digests, codec = Digests(), Codec()
    store = Store(MemoryStore(2 * 2**30), DiskStore(folder, codec), digest_of=digests.of, codec=codec)
    return Engine(REGISTRY, store, Folders(folder), digests=digests)


def timed(engine: Engine, made: tuple[Graph, str]) -> float:
    """Microseconds a node that one run takes."""
    graph, root = made
    gc.collect()
    started = perf_counter()
    result = engine.run(graph, [root])
    seconds = perf_counter() - started
    result.raise_for_error()
    return seconds / len(graph) * 1e6


def shape_costs(make: Callable[..., tuple[Graph, str]], count: int, repetitions: int) -> dict[str, float]:
    """Medians for one shape and size."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(repetitions):
            engine = open_engine(Path(folder) / str(turn))
            random_node = random.Random(turn).randrange(count)
            runs = {
                "first": make(count),
                "cached": make(count),
                "last_changed": make(count, count - 1),
                "first_changed": make(count, 0),
                "random_changed": make(count, random_node),
            }
            for name, made in runs.items():
                found.setdefault(f"{name}_us_per_node", []).append(timed(engine, made))
            engine.close()
    least = {name: round(min(times), 2) for name, times in found.items()}
    return least | {f"{name}_median": round(median(times), 2) for name, times in found.items()}


def key_cost(count: int = 10_000) -> dict[str, float]:
    """Microseconds a node to validate a graph and to make its keys."""
    graph, root = chain(count)
    started = perf_counter()
    found = validate(graph, REGISTRY, [root])
    checked = perf_counter()
    Keys(Epoch()).extend({}, found.order)
    done = perf_counter()
    return {
        "validate_us_per_node": round((checked - started) / count * 1e6, 2),
        "key_us_per_node": round((done - checked) / count * 1e6, 2),
    }


def reading_cost(count: int = 10_000) -> dict[str, float]:
    """Microseconds a node to read an API file and to make a Graph of it."""
    from safelight.compat import Document, to_graph

    graph, _ = chain(count)
    prompt = {
        id: {
            "class_type": node.type,
            "inputs": {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in node.inputs.items()
            },
        }
        for id, node in graph.nodes.items()
    }
    text = json.dumps(prompt).encode()
    started = perf_counter()
    to_graph(Document.read(text), REGISTRY)
    return {"read_us_per_node": round((perf_counter() - started) / count * 1e6, 2)}


def disk_cost(megabytes: int, repetitions: int) -> dict[str, float]:
    """Milliseconds to write and to read a tensor of this size, and the rate of each."""
    import torch

    from safelight.tensor import storing

    codec = storing()
    record = Record((torch.rand(megabytes * 2**18),), "Bench", 1.0)
    writing, reading = [], []
    with tempfile.TemporaryDirectory() as folder:
        disk = DiskStore(Path(folder), codec)
        for turn in range(repetitions):
            key = bytes([turn]) * 20
            started = perf_counter()
            problem = disk.put(key, record)
            written = perf_counter()
            found = disk.get(key)
            reading.append(perf_counter() - written)
            writing.append(written - started)
            if problem is not None or found is None:
                raise RuntimeError(f"the round trip failed: {problem}")
    return {
        "write_ms": round(median(writing) * 1e3, 2),
        "read_ms": round(median(reading) * 1e3, 2),
        "write_mb_per_s": round(megabytes / median(writing), 1),
        "read_mb_per_s": round(megabytes / median(reading), 1),
    }


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object as the last line")
    parser.add_argument("--repetitions", type=int, default=7)
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    for make in (chain, grid):
        for count in SIZES:
            name = f"{make.__name__}_{count}"
            figures[name] = shape_costs(make, count, options.repetitions)
            show(name, figures[name])
    figures["key"] = key_cost()
    show("key", figures["key"])
    figures["reading"] = reading_cost()
    show("reading", figures["reading"])
    for megabytes in MEGABYTES:
        name = f"disk_{megabytes}_mb"
        figures[name] = disk_cost(megabytes, 3)
        show(name, figures[name])
    if options.json:
        print(json.dumps(figures))


def show(name: str, figures: dict[str, float]) -> None:
    """One line of figures."""
    shown = {key: value for key, value in figures.items() if not key.endswith("_median")}
    print(f"{name:14}", "  ".join(f"{key} {value:g}" for key, value in shown.items()), flush=True)


if __name__ == "__main__":
    main()
