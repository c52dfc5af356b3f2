"""Widgets: what an input without a wire can hold, and which values it takes.

Each widget says by `refusal(value)` why a value is not acceptable: `(problem, remedy)`, or None if it is.
Nothing here changes a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from safelight.core.spec import InputSpec

Refusal: TypeAlias = tuple[str, str] | None

SEED_MAX = 2**64 - 1
DEPTH_MAX = 100
"""How deep lists and objects may be nested in a value."""


def shown(value: object) -> str:
    """A value as it appears in an error message: short, and unmistakable."""
    try:
        text = repr(value)
    except Exception:  # a number of thousands of digits, or an object that cannot say what it is
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


@dataclass(frozen=True, slots=True)
class Widget:
    """What all widgets share: a tooltip, and whether it is tucked away under 'advanced'."""

    tip: str = field(default="", kw_only=True)
    advanced: bool = field(default=False, kw_only=True)

    def refusal(self, value: Any) -> Refusal:
        """Say why `value` cannot be taken, or None if it can."""
        return None


@dataclass(frozen=True, slots=True)
class Number(Widget):
    """A whole or a real number within `min` and `max`; `step` and `round` are for the editor."""

    min: float | None = None
    max: float | None = None
    step: float | None = None
    round: float | None = None
    integer: bool = False
    slider: bool = False

    def refusal(self, value: Any) -> Refusal:
        kinds = int if self.integer else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool):
            wanted = "a whole number" if self.integer else "a number"
            return f"{shown(value)} is not {wanted}", f"Enter {wanted}."
        if not _is_finite(value):
            return f"{shown(value)} is not a finite number", "Enter a finite number."
        if self.min is not None and value < self.min:
            return (
                f"{shown(value)} is below the minimum {self.min}",
                f"Choose a value of at least {self.min}.",
            )
        if self.max is not None and value > self.max:
            problem = f"{shown(value)} is above the maximum {self.max}"
            return problem, f"Choose a value of at most {self.max}."
        return None


@dataclass(frozen=True, slots=True)
class Seed(Widget):
    """A seed from 0 to 2^64 - 1; with `control`, the editor can change it after each run."""

    min: int = 0
    max: int = SEED_MAX
    control: bool = True

    def refusal(self, value: Any) -> Refusal:
        return Number(min=self.min, max=self.max, integer=True).refusal(value)


@dataclass(frozen=True, slots=True)
class Text(Widget):
    """A text; with `dynamic_prompts`, `{a|b}` is a random choice made by the editor before queueing."""

    multiline: bool = False
    dynamic_prompts: bool = False
    placeholder: str = ""

    def refusal(self, value: Any) -> Refusal:
        if isinstance(value, str):
            return None
        return f"{shown(value)} is not a text", "Enter a text."


@dataclass(frozen=True, slots=True)
class Toggle(Widget):
    """Yes or no, with the words that the editor shows for each."""

    on: str = ""
    off: str = ""

    def refusal(self, value: Any) -> Refusal:
        if isinstance(value, bool):
            return None
        return f"{shown(value)} is neither true nor false", "Enter true or false."


def nearest(value: object, options: Iterable[str]) -> str:
    """A remedy that names the options closest to `value`."""
    names = list(options)
    close = get_close_matches(str(value), names, n=1, cutoff=0.5)
    return f"Did you mean '{close[0]}'?" if close else some_of(names)


def some_of(names: Sequence[str]) -> str:
    """A remedy that names the first of what can be chosen."""
    if not names:
        return "There is nothing to choose from yet."
    few = ", ".join(f"'{name}'" for name in names[:6])
    return f"Choose one of {few}{', ...' if len(names) > 6 else '.'}"


@dataclass(frozen=True, slots=True)
class Choice(Widget):
    """One of a list of texts, given or found when asked (`of` may be a function)."""

    of: Sequence[str] | Callable[[], Sequence[str]] = ()
    upload: str | None = None
    control: bool = False

    @property
    def options(self) -> Sequence[str]:
        """The texts that can be chosen now."""
        return self.of() if callable(self.of) else self.of

    def refusal(self, value: Any) -> Refusal:
        options = self.options
        if value in options:
            return None
        return f"{shown(value)} is not one of its choices", nearest(value, map(str, options))


@dataclass(frozen=True, slots=True)
class Variant(Widget):
    """A choice on which other inputs depend: `of` has, for each option, the inputs that come with it."""

    of: Mapping[str, Sequence[InputSpec]] = field(default_factory=dict)

    def refusal(self, value: Any) -> Refusal:
        if isinstance(value, str) and value in self.of:
            return None
        return f"{shown(value)} is not one of its choices", nearest(value, self.of)


@dataclass(frozen=True, slots=True)
class File(Widget):
    """A file by its name within a folder of the data directory: `checkpoints`, `input`, ...

    Which names there are is known to `safelight.core.folder.Folders`, so it is checked there. With an
    `ending` (`.latent`) only files that end so are offered, in place of the usual ones of their kind; `video`
    and `audio` stand for all endings of films and of sounds.
    """

    kind: str = "input"
    upload: str | None = None
    ending: str = ""

    @property
    def listed(self) -> str:
        """What to ask `Folders.names` for."""
        return f"{self.kind}:{self.ending}" if self.ending else self.kind

    def refusal(self, value: Any) -> Refusal:
        if isinstance(value, str) and value:
            return None
        return f"{shown(value)} is not the name of a file", "Choose a file."


@dataclass(frozen=True, slots=True)
class Free(Widget):
    """A value of a plugin's own widget type; anything that JSON can say. Clients may offer the `usual`."""

    usual: Sequence[str] = ()

    def refusal(self, value: Any) -> Refusal:
        return unsayable(value)


def unsayable(value: Any, depth: int = 0) -> Refusal:
    """Say why JSON cannot say a value, or None: it may be nested, but holds no NaN and no object."""
    if depth > DEPTH_MAX:
        return f"it is nested more than {DEPTH_MAX} deep", "Connect an output instead."
    match value:
        case None | bool() | str():
            return None
        case int() | float():
            number = _is_finite(value)
            return None if number else (f"{shown(value)} is not a finite number", "Enter a finite number.")
        case list() | tuple():
            return next((why for item in value if (why := unsayable(item, depth + 1))), None)
        case dict() if all(isinstance(name, str) for name in value):
            return unsayable(list(value.values()), depth + 1)
    return f"{shown(value)} is not a value that a file can hold", "Connect an output instead."


def _is_finite(value: float) -> bool:
    """Whether a number is one that arithmetic can take; whole numbers beyond the real ones are none."""
    try:
        return isfinite(value)
    except OverflowError:
        return False
