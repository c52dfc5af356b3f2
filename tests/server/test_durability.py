"""Server and worker as real processes, killed while they work: `bench.durability`, shortened."""

from __future__ import annotations

import pytest

from bench import durability


@pytest.mark.slow
def test_nothing_that_was_accepted_is_lost_or_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durability, "LONGEST", 1.0)
    figures = durability.trial(rounds=3, jobs=6, steps=40, seed=3)
    assert figures.wrong == []
    assert figures.done == figures.accepted >= 6
    assert dict(figures.rounds) == {"server": 1, "worker": 1, "both": 1}
    assert figures.attempts > figures.accepted
    assert figures.resumed == figures.compared == figures.interrupted
