"""Adoption: model folders of other programs, used where they lie. Nothing in them is changed.

A ComfyUI folder is taken with its `models`, its `extra_model_paths.yaml`, its `input`, its saved workflows
and its `custom_nodes`; an A1111 (or Forge) folder with its models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safelight.core.error import SafelightError

KINDS = {
    "unet": "diffusion_models",
    "clip": "text_encoders",
    "t2i_adapter": "controlnet",
    "control_net": "controlnet",
}
"""Older names of folders that ComfyUI still reads."""
A1111 = {
    "checkpoints": ("models/Stable-diffusion",),
    "vae": ("models/VAE",),
    "loras": ("models/Lora", "models/LyCORIS"),
    "embeddings": ("embeddings", "models/embeddings"),
    "controlnet": ("models/ControlNet", "extensions/sd-webui-controlnet/models"),
    "upscale_models": ("models/ESRGAN", "models/RealESRGAN", "models/SwinIR", "models/DAT"),
    "vae_approx": ("models/VAE-approx",),
    "text_encoders": ("models/text_encoder",),
}
"""Where A1111 and Forge keep each kind of model."""
PATHS_FILE = "extra_model_paths.yaml"


@dataclass
class Adopted:
    """What a folder of another program brings, by kind; each path is there."""

    models: dict[str, list[Path]] = field(default_factory=dict)
    inputs: list[Path] = field(default_factory=list)
    workflows: list[Path] = field(default_factory=list)
    packs: list[Path] = field(default_factory=list)

    def extra(self) -> dict[str, list[Path]]:
        """The further roots, as `Folders` takes them."""
        return {**self.models, **({"input": self.inputs} if self.inputs else {})}

    def add(self, other: Adopted) -> None:
        """Take over what another folder brings."""
        for kind, roots in other.models.items():
            for root in roots:
                self.model(kind, root)
        self.inputs += other.inputs
        self.workflows += other.workflows
        self.packs += other.packs

    def model(self, kind: str, root: Path) -> None:
        """Add one folder of models."""
        roots = self.models.setdefault(KINDS.get(kind, kind), [])
        if root not in roots:
            roots.append(root)


def comfy(folder: Path) -> Adopted:
    """What a ComfyUI folder brings. SafelightError if it is none, or its list of paths cannot be read."""
    folder = folder.expanduser().absolute()
    if not (folder / "models").is_dir():
        raise SafelightError(
            f"{folder} is no ComfyUI folder: it has no folder 'models'",
            remedy="Name the folder that holds main.py and models.",
        )
    found = Adopted()
    for root in _folders(folder / "models"):
        found.model(root.name, root)
    found.inputs += _there(folder / "input")
    found.packs += _there(folder / "custom_nodes")
    users = sorted((folder / "user").glob("*/workflows"))
    found.workflows += [path for path in users if path.is_dir()]
    if (folder / PATHS_FILE).is_file():
        found.add(listed(folder / PATHS_FILE))
    return found


def a1111(folder: Path) -> Adopted:
    """The models of an A1111 or Forge folder. SafelightError if it is none."""
    folder = folder.expanduser().absolute()
    found = Adopted()
    for kind, places in A1111.items():
        for place in places:
            if (folder / place).is_dir():
                found.model(kind, folder / place)
    if not found.models:
        raise SafelightError(
            f"{folder} is no A1111 folder: it has no models/Stable-diffusion",
            remedy="Name the folder that holds webui.py and models.",
        )
    return found


def listed(file: Path) -> Adopted:
    """What an `extra_model_paths.yaml` names, as far as it is there. SafelightError if it cannot be read."""
    import yaml

    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise SafelightError(f"{file} cannot be read: {error}", remedy="Mend it, or take it away.") from error
    found = Adopted()
    for section in tree.values() if isinstance(tree, dict) else ():
        if isinstance(section, dict):
            _take(found, section, file.parent)
    return found


def _take(found: Adopted, section: Mapping[str, Any], beside: Path) -> None:
    base = beside / Path(str(section.get("base_path") or ".")).expanduser()
    for kind, places in section.items():
        if kind in ("base_path", "is_default") or not isinstance(places, str):
            continue
        for place in filter(None, map(str.strip, places.splitlines())):
            for root in _there(base / place):
                if kind == "custom_nodes":
                    found.packs.append(root)
                else:
                    found.model(kind, root)


def _folders(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith("."))


def _there(path: Path) -> list[Path]:
    return [path] if path.is_dir() else []
