"""What memory runs take: `python -m bench.memory [--items 1000] [--json]`.

The peak of whole commands, each in a process of its own: the text-to-image workflow from nothing, unchanged
again, and with a latent from disk, for which the VAE alone is loaded; beside it, what importing torch and
diffusers takes. Then a batch job: pictures are read, encoded, sampled, decoded and saved one by one through a
stream, and the resident memory is noted on the way. `--json` prints one object as the last line.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TEXT_TO_IMAGE = ROOT / "workflows" / "text_to_image.json"
IMPORTS = """
import diffusers.models.unets.unet_2d_condition, diffusers.models.autoencoders.autoencoder_kl
import transformers.models.clip.modeling_clip
"""
EDGE = 64
MARKS = 10
MEGABYTE = 1e6


def resident() -> float:
    """The resident memory of this process, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def peak(*words: object) -> float:
    """The largest resident memory that `python WORDS` had, in MB."""
    process = subprocess.Popen([sys.executable, *map(str, words)], cwd=ROOT, stdout=-3, stderr=-3)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"python {' '.join(map(str, words))} ended with {process.returncode}")
    return usage.ru_maxrss * 1024 / MEGABYTE


def commands(data: Path) -> dict[str, float]:
    """Peaks of whole commands."""
    run = ("-m", "safelight", "run", TEXT_TO_IMAGE, "--data", data)
    other = (*run, "--set", "KSampler.seed=2")
    found = {"torch and diffusers imported, nothing run": peak("-c", IMPORTS)}
    found["text to image, from nothing"] = peak(*run)
    found["text to image, unchanged"] = peak(*run)
    peak(*other, "--only", "KSampler")
    found["text to image, its latent found on disk"] = peak(*other)
    return found


def pictures(folder: Path, count: int) -> None:
    """Small pictures, each another."""
    from PIL import Image

    folder.mkdir(parents=True)
    for number in range(count):
        colour = (number % 256, number * 7 % 256, number // 256 * 60)
        Image.new("RGB", (EDGE, EDGE), colour).save(folder / f"{number:05}.png")


def batch_graph() -> Any:
    """Each picture of the folder `many`, painted over and saved."""
    from safelight import Graph, Link

    graph = Graph()
    graph.add("model", "CheckpointLoaderSimple", ckpt_name="emoji")
    prompt = graph.add("prompt", "CLIPTextEncode", clip=Link("model", 1), text="pizza")
    image = graph.add("load", "LoadImagesFromFolder", folder="many", start=0, limit=0)
    latent = graph.add("encode", "VAEEncode", pixels=image, vae=Link("model", 2))
    settings = {
        "seed": 1,
        "steps": 1,
        "cfg": 1.0,
        "sampler_name": "euler",
        "scheduler": "normal",
        "denoise": 0.5,
    }
    both = {"positive": prompt, "negative": prompt}
    sampled = graph.add("sample", "KSampler", model=Link("model", 0), latent_image=latent, **both, **settings)
    decoded = graph.add("decode", "VAEDecode", samples=sampled, vae=Link("model", 2))
    graph.add("save", "SaveImage", images=decoded, filename_prefix="many")
    return graph


def batch(data: Path, count: int) -> dict[int, float]:
    """The resident memory after so many items of a batch job."""
    from safelight.core.event import NodeFinished
    from safelight.worker import open_engine

    pictures(data / "input" / "many", count)
    noted: dict[int, float] = {}

    def note(event: Any) -> None:
        saved = isinstance(event, NodeFinished) and event.node == "save"
        if saved and (event.item + 1) % max(1, count // MARKS) == 0:
            noted[event.item + 1] = resident()

    with closing(open_engine(data)) as engine:
        engine.run(batch_graph(), listener=note).raise_for_error()
    return noted


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=1000)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        peaks = commands(Path(folder) / "single")
        for name, megabytes in peaks.items():
            print(f"{megabytes:7.0f} MB  peak, {name}")
        noted = batch(Path(folder) / "batch", given.items)
        for items, megabytes in noted.items():
            print(f"{megabytes:7.0f} MB  resident after {items} pictures of a batch job")
    if given.json:
        print(json.dumps({"peak_mb": peaks, "batch_resident_mb": noted}))


if __name__ == "__main__":
    main()
