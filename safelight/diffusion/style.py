"""Style packs: JSON files of named styles, each a template for prompts with what belongs to it.

    {"styles": [{
        "name": "Oil painting",
        "description": "Thick paint on canvas, with visible brush strokes.",
        "prompt": "oil painting of {prompt}, thick impasto, visible brush strokes",
        "negative": "photograph, smooth",
        "loras": [{"name": "impasto.safetensors", "strength": 0.8}],
        "settings": {"cfg": 6.5, "steps": 30}
    }]}

Only `name` and `prompt` are needed. A bare list is a pack too, and `negative_prompt` is read as `negative`,
so that packs made for other programs work. This module imports no torch.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safelight.diffusion.failure import DiffusionError

SHIPPED = Path(__file__).parent / "data" / "styles"
PLACE = "{prompt}"
"""What the prompt takes the place of in a template; without it the template follows the prompt."""
SETTINGS = {
    "steps": int,
    "cfg": float,
    "sampler_name": str,
    "scheduler": str,
    "width": int,
    "height": int,
    "clip_skip": int,
}
"""What a style may recommend."""


class StyleError(DiffusionError):
    """A style pack is missing, damaged, or lacks a style."""


@dataclass(frozen=True)
class Style:
    """One way of making pictures look."""

    name: str
    prompt: str
    negative: str = ""
    description: str = ""
    loras: tuple[tuple[str, float], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def applied(self, prompt: str, negative: str = "") -> tuple[str, str]:
        """The prompt and the negative prompt with this style."""
        if not prompt.strip():
            words = _tidied(self.prompt.replace(PLACE, ""))
        elif PLACE in self.prompt:
            words = self.prompt.replace(PLACE, prompt.strip())
        else:
            words = _joined(prompt, self.prompt)
        return words, _joined(negative, self.negative)

    @property
    def advice(self) -> str:
        """What it is, and what goes well with it, for a person to read."""
        parts = [self.description] if self.description else []
        parts += [f"LoRA {name} at {strength:g}" for name, strength in self.loras]
        parts += [f"{name} {value}" for name, value in self.settings.items()]
        return "\n".join(parts)


def _joined(*texts: str) -> str:
    return ", ".join(text.strip().strip(",").strip() for text in texts if text.strip())


def _tidied(text: str) -> str:
    """A template without a prompt: no `of ,`, no comma at an end or behind another."""
    text = re.sub(r"\b(of|by|for|with|showing)\s*(?=,|$)", "", text)
    return ", ".join(part for part in re.split(r"\s*,\s*", " ".join(text.split())) if part.strip())


def read(path: Path) -> dict[str, Style]:
    """The styles of a pack by name; `StyleError` says what is wrong with it."""
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StyleError(f"There is no style pack at {path}", "Choose another style.") from None
    except (OSError, ValueError) as error:
        raise StyleError(f"{path.name} cannot be read ({error})", "Write it as JSON in UTF-8.") from error
    entries = tree.get("styles") if isinstance(tree, dict) else tree
    if not isinstance(entries, list):
        raise StyleError(f"{path.name} is no style pack", 'Give it a list called "styles".')
    styles = [_style(path, number, entry) for number, entry in enumerate(entries, start=1)]
    return {style.name: style for style in styles}


def one(path: Path, name: str) -> Style:
    """A style of a pack; `StyleError` if it is not there."""
    styles = read(path)
    if name not in styles:
        raise StyleError(
            f"{path.name} has no style called {name!r}", f"It has {', '.join(styles) or 'none'}."
        )
    return styles[name]


def _style(path: Path, number: int, entry: Any) -> Style:
    try:
        return Style(
            name=_text(entry, "name", needed=True),
            prompt=_text(entry, "prompt") or PLACE,
            negative=_text(entry, "negative") or _text(entry, "negative_prompt"),
            description=_text(entry, "description"),
            loras=tuple(
                (str(lora["name"]), float(lora.get("strength", 1))) for lora in entry.get("loras", ())
            ),
            settings=_settings(entry.get("settings", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = error.args[0] if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        raise StyleError(
            f"Style {number} of {path.name} is not understood ({said})", "Correct it."
        ) from error


def _text(entry: Mapping[str, Any], name: str, needed: bool = False) -> str:
    value = entry.get(name, "")
    if not isinstance(value, str) or (needed and not value):
        raise ValueError(f"{name!r} is not a text")
    return value


def _settings(tree: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name in tree if name not in SETTINGS]
    if unknown:
        raise ValueError(f"there is no setting {unknown[0]!r}; there are {', '.join(SETTINGS)}")
    return {name: SETTINGS[name](value) for name, value in tree.items()}


def found(folder: Path) -> dict[str, Path]:
    """Every style's name and its pack: the shipped ones, and those of a folder, which go before.

    A pack that cannot be read is left out, and said in the log.
    """
    names: dict[str, Path] = {}
    for path in (*sorted(SHIPPED.glob("*.json")), *sorted(folder.glob("*.json"))):
        try:
            names |= dict.fromkeys(read(path), path)
        except StyleError as error:
            logging.getLogger(__name__).warning("%s", error)
    return names
