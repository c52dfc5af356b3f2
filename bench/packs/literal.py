"""Literal: what a widget may hold, made up from its kind, its default and its name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

PLAIN = "a red apple"
MOST = {"steps": 4, "total_steps": 4}
"""A run is tried, not a picture made."""
SIZES = re.compile(r"width|height|resolution|tile|guide_size|max_size")
SIDE = 256
NUMBERS = "1.0, 0.5, 0.25"
POINTS = '[{"x": 40, "y": 40}, {"x": 128, "y": 96}, {"x": 200, "y": 180}]'
ENDINGS = (
    (r"video|film|movie", ".mp4"),
    (r"audio|sound|music", ".wav"),
    (r"json", ".json"),
    (r"csv", ".csv"),
    (r"text|txt|prompt", ".txt"),
    (r"latent", ".latent"),
)
"""How the file ends that an input is likely to want; a picture otherwise."""
TEXTS = (
    (r"block_list", "m0"),
    (r"colou?r|hex|rgb", "#ff8040"),
    (r"coord|points|tracking|spline", POINTS),
    (r"bbox", "[[10, 10, 100, 100]]"),
    (r"json|dict", '{"a": 1, "b": 2}'),
    (r"regex|pattern", "[a-z]+"),
    (r"expression|formula|equation|code|math|^value(_?\d)?$|^a$|^b$|number", "1 + 2"),
    (r"keyframe|schedule|travel", '"0": "a red apple",\n"12": "a green pear"'),
    (r"indexes|indices|index", "0"),
    (r"list|values|weights|sigmas|steps|strengths|floats|ints|scales|timesteps", "1.0, 0.5, 0.25"),
    (r"size|resolution|dimension", "256x256"),
    (r"ratio", "1:1"),
    (r"delimiter|separator", ","),
)
"""What a text is likely to be by its input's name."""


class Literals:
    """Makes values up. `lacking` has the inputs for which there was no file to choose."""

    def __init__(self, folders: Any) -> None:
        self._folders = folders
        self._input = folders.data / "input"
        self.lacking: list[str] = []

    def of(self, one: Any, variant: int) -> Any:
        """A value for a widget."""
        from safelight.core.spec import REQUIRED
        from safelight.core.widget import Choice, File, Number, Seed, Text, Toggle

        default = one.raw.get("default", one.default if one.default is not REQUIRED else None)
        match one.widget:
            case Choice() as choice:
                return self._chosen(one.name, list(choice.options), default, variant)
            case File(kind=kind):
                return self._chosen(one.name, self._folders.names(kind), None, variant)
            case Number() as number:
                return _number(one.name, number, default)
            case Seed():
                return 7
            case Text():
                return self._text(one.name, default if isinstance(default, str) else "", variant)
            case Toggle():
                return bool(default)
        return default if default is not None else ""

    def _chosen(self, name: str, options: list[Any], default: Any, variant: int) -> Any:
        if not options:
            self.lacking.append(name)
            return ""
        if default in options and variant < 2:
            return default
        wanted = _ending(name)
        files = [one for one in options if str(one).endswith(wanted)]
        ours = [one for one in options if str(one).startswith("small")]
        real = [one for one in options if str(one).lower() not in ("none", "", "disabled")]
        return [*files, *ours, *real, *options][0]

    def text(self, name: str) -> str:
        """A text for a wire."""
        return self._hint(name.lower()) or PLAIN

    def _text(self, name: str, default: str, variant: int) -> str:
        hint = self._hint(name.lower())
        if variant == 2:
            return PLAIN if hint or default else NUMBERS
        return next((one for one in ((default, hint) if variant == 0 else (hint, default)) if one), PLAIN)

    def _hint(self, name: str) -> str:
        if re.search(r"dir|folder", name):
            return str(self._input / "folder")
        if re.search(r"path|file", name) and not re.search(r"prefix|name|save|output", name):
            return str(self._file(name))
        return next((text for words, text in TEXTS if re.search(words, name)), "")

    def _file(self, name: str) -> Path:
        ending = _ending(name)
        return next(iter(sorted(self._input.glob(f"*{ending}"))), self._input / "example.png")


def _number(name: str, widget: Any, default: Any) -> Any:
    low, high = widget.min, widget.max
    value = default if isinstance(default, (int, float)) else low if low is not None else 1
    most = MOST.get(name, SIDE if SIZES.search(name) else None)
    value = value if most is None else min(value, most)
    value = value if low is None else max(value, low)
    value = value if high is None else min(value, high)
    return int(value) if widget.integer else float(value)


def _ending(name: str) -> str:
    return next((ending for words, ending in ENDINGS if re.search(words, name.lower())), ".png")
