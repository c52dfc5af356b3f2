"""Guess: wrong tokens by client address, so that nobody finds the right one by trying many.

The same wrong token again is no further guess: a page that stayed open since another server asks with its old
cookie for as long as it is open, and must not keep the person out who logs in beside it.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil

from aiohttp import web

from server.answer import Refused

FREE = 20
"""Wrong tokens that an address may show at once."""
PAUSE = 1.0
"""Seconds after which it may show another."""
KEPT = 64
"""Wrong tokens that are remembered of an address."""
ADDRESSES = 4096
"""Addresses that are remembered, those that guessed last."""


class TooManyGuesses(Refused):
    """An address has shown too many wrong tokens to have another looked at yet."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, ceil(seconds))
        super().__init__(
            429,
            "too_many_tokens",
            "Too many wrong tokens came from this address.",
            f"Wait {self.seconds} s, then send the token that the server was started with.",
        )

    def response(self) -> web.Response:
        answer = super().response()
        answer.headers["Retry-After"] = str(self.seconds)
        return answer


@dataclass(slots=True)
class Guesser:
    """One address."""

    at: float
    left: float = FREE
    wrong: OrderedDict[bytes, None] = field(default_factory=OrderedDict)


class Guesses:
    """The addresses that showed wrong tokens lately. Tokens are told apart by their digests."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._guessers: OrderedDict[str, Guesser] = OrderedDict()

    def __len__(self) -> int:
        return len(self._guessers)

    def admit(self, address: str, shown: Iterable[bytes]) -> None:
        """Go on if these tokens may be looked at; TooManyGuesses, whether they are right or not, else."""
        guesser = self._guessers.get(address)
        if guesser is None or all(one in guesser.wrong for one in shown):
            return
        self._refill(guesser)
        if guesser.left < 1:
            raise TooManyGuesses((1 - guesser.left) * PAUSE)

    def note(self, address: str, wrong: Iterable[bytes]) -> None:
        """Remember that these are wrong."""
        guesser = self._guessers.setdefault(address, Guesser(self._now()))
        self._guessers.move_to_end(address)
        self._refill(guesser)
        for one in wrong:
            guesser.left -= one not in guesser.wrong
            guesser.wrong[one] = None
            guesser.wrong.move_to_end(one)
        while len(guesser.wrong) > KEPT:
            guesser.wrong.popitem(last=False)
        while len(self._guessers) > ADDRESSES:
            self._guessers.popitem(last=False)

    def _refill(self, guesser: Guesser) -> None:
        now = self._now()
        guesser.left = min(FREE, guesser.left + (now - guesser.at) / PAUSE)
        guesser.at = now
