"""The data folder of a trial: a pack, files of each kind to choose from, and small models."""

from __future__ import annotations

import json
import struct
import wave
from pathlib import Path
from typing import Any

from bench.packs import model


def prepare(data: Path, pack: Path) -> None:
    """A data folder with the pack and a file of each common kind."""
    (data / "custom_nodes").mkdir(parents=True)
    (data / "custom_nodes" / pack.name).symlink_to(pack.resolve())
    place = data / "input"
    (place / "folder").mkdir(parents=True)
    for name in ("example.png", "other.png", "folder/one.png", "folder/two.png"):
        _picture(place / name)
    _sound(place / "sound.wav")
    _film(place / "film.mp4")
    (place / "data.json").write_text(json.dumps({"a": 1, "b": [1, 2]}))
    (place / "text.txt").write_text("a red apple\na green pear\n")
    (place / "table.csv").write_text("name,prompt\none,a red apple\ntwo,a green pear\n")
    _latent(place / "noise.latent")


def _picture(path: Path) -> None:
    from PIL import Image

    Image.effect_noise((256, 256), 60).convert("RGB").save(path)


def _sound(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", (at * 37) % 20000 - 10000) for at in range(16000)))


def _film(path: Path) -> None:
    """Eight pictures as a film, where there is something to write it with."""
    try:
        import av
        import numpy
    except ImportError:
        return
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=8)
        stream.width, stream.height, stream.pix_fmt = 128, 128, "yuv420p"
        for at in range(8):
            picture = numpy.full((128, 128, 3), 30 * at, dtype=numpy.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        file.mux(stream.encode())


def _latent(path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    save_file({"latent_tensor": torch.rand(1, 4, 32, 32), "latent_format_version_0": torch.tensor([])}, path)


def engine_over(data: Path, registry: Any) -> Any:
    """An engine whose models are the one that ships and small ones beside it."""
    from safelight.setting import Settings
    from safelight.worker import open_engine

    engine = open_engine(data, Settings(threads=1, memory_cache_gib=0.5), registry=registry)
    model.make(engine)
    return engine
