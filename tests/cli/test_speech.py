"""Amounts, sizes and errors in words."""

from __future__ import annotations

import pytest

from safelight.cli.speech import amount, plural, sentence, size
from safelight.core.error import BadInput
from safelight.diffusion.failure import UnsupportedError


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0123, "12 ms"), (3.44, "3.4 s"), (125, "2 min 05 s"), (3720, "1 h 02 min")],
)
def test_a_time_is_told_as_people_say_it(seconds: float, text: str) -> None:
    assert amount(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (8123, "8.1 kB"), (812_000, "812 kB"), (2.5e12, "2.5 TB")],
)
def test_a_size_is_told_in_a_fitting_unit(count: float, text: str) -> None:
    assert size(count) == text


def test_one_is_not_many() -> None:
    assert (plural(1, "node"), plural(0, "node")) == ("1 node", "0 nodes")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (BadInput("steps", "0 is too few", "Take 1."), "input 'steps': 0 is too few. Take 1."),
        (UnsupportedError("No such device", "Choose cpu."), "No such device. Choose cpu."),
        (FileNotFoundError(2, "No such file", "/x"), "/x: No such file."),
    ],
)
def test_an_error_is_a_sentence(error: Exception, text: str) -> None:
    assert sentence(error) == text


def test_what_nobody_foresaw_is_called_that() -> None:
    assert "something unforeseen happened (KeyError: 'x')" in sentence(KeyError("x"))
