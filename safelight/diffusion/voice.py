"""What guides a run at each level, as a digest: where two runs have equal digests, the model is asked alike.

A denoiser's answer at a level depends on the entries that speak there, with what steers them, on the layers
of guidance that act there, and on the rule's numbers there; on all else that a run is made of it depends at
every level, and that is the business of `trail`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from safelight.diffusion.control import Control
from safelight.diffusion.entry import Entry
from safelight.diffusion.fingerprint import fingerprint
from safelight.diffusion.guidance import Layer, Rule
from safelight.diffusion.handle import Patch

RANGE = ("start", "end")
"""The settings that say nothing but when a layer acts."""

Speaker = tuple[int, tuple[int, ...], tuple[Patch, ...]]
"""An entry by number, its controls by number, and what is changed in the model for it."""
Cast = tuple[tuple[int, ...], tuple[tuple[Speaker, ...], ...]]
"""Who acts at a level: layers by number, and who speaks on each side."""


@dataclass(frozen=True, eq=False)
class Voices:
    """All that may guide a run. Making one takes fingerprints: `TypeError` for what has none."""

    style: str
    rule: Rule
    settings: Sequence[Mapping[str, Any]]
    """Those of each of the rule's layers, as its patch has them."""
    sides: Mapping[str, Sequence[Entry]]
    _known: dict[Entry | Control, str] = field(default_factory=dict)
    _casts: dict[Cast, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in (entry for side in self.sides.values() for entry in side):
            self._known[entry] = _entry(entry)
            self._known.update((one, _control(one)) for one in entry.controls if one not in self._known)

    def cast(self, sigma: float) -> Cast:
        """Who acts at a level."""
        acting = tuple(number for number, layer in enumerate(self.rule.layers) if layer.acts(sigma))
        return acting, tuple(_speaking(side, sigma) for side in self.sides.values())

    def digest(self, levels: Iterable[float]) -> str:
        """All that was said at these levels, as hex."""
        return fingerprint(
            [(level, self.rule.numbers(level), self._said(level)) for level in dict.fromkeys(levels)]
        )

    def _said(self, sigma: float) -> str:
        """The layers and the entries of a level, as hex."""
        cast = self.cast(sigma)
        if cast not in self._casts:
            self._casts[cast] = fingerprint([self.style, self._layers(cast), self._entries(cast)])
        return self._casts[cast]

    def _layers(self, cast: Cast) -> list[dict[str, Any]]:
        return [_acting(self.rule.layers[number], self.settings[number]) for number in cast[0]]

    def _entries(self, cast: Cast) -> list[Any]:
        """What each says; entries that share all their controls, silent ones too, may share a batch."""
        speaking = [
            (name, side[number], controls, [patch.identity() for patch in patches])
            for (name, side), entries in zip(self.sides.items(), cast[1], strict=True)
            for number, controls, patches in entries
        ]
        chains = [entry.controls for _, entry, _, _ in speaking]
        return [
            (
                name,
                self._known[entry],
                [self._known[entry.controls[number]] for number in controls],
                chains.index(entry.controls),
                changed,
            )
            for name, entry, controls, changed in speaking
        ]


def _acting(layer: Layer, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a layer does where it acts: all of its settings, but for its range if it says when that is."""
    if type(layer).acts is Layer.acts:
        return dict(settings)
    return {name: value for name, value in settings.items() if name not in RANGE}


def _speaking(side: Sequence[Entry], sigma: float) -> tuple[Speaker, ...]:
    return tuple(
        (
            number,
            tuple(place for place, control in enumerate(entry.controls) if control.speaks(sigma)),
            entry.patches(sigma),
        )
        for number, entry in enumerate(side)
        if entry.speaks(sigma)
    )


def _entry(entry: Entry) -> str:
    """All of an entry but when it speaks, what steers it and what is changed for it."""
    told = [entry.context, entry.extras, entry.grid, entry.area, entry.mask, entry.strength, entry.weight]
    return fingerprint([*told, entry.fills])


def _control(control: Control) -> str:
    """All of a control but when it steers."""
    return fingerprint([control.handle, control.image, control.strength])
