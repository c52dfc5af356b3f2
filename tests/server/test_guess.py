from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server import guess
from server.guess import Guesses, TooManyGuesses
from server.option import Options

SECRET = "the-token-of-this-test"


def test_guessing_costs_time_and_the_same_wrong_token_again_does_not() -> None:
    time = [0.0]
    guesses = Guesses(lambda: time[0])
    for number in range(guess.FREE):
        guesses.admit("a", [b"%d" % number])
        guesses.note("a", [b"%d" % number])
    with pytest.raises(TooManyGuesses):
        guesses.admit("a", [b"another"])
    guesses.admit("a", [b"3"])
    guesses.admit("b", [b"another"])
    time[0] += guess.PAUSE
    guesses.admit("a", [b"another"])
    guesses.note("a", [b"another"])
    with pytest.raises(TooManyGuesses):
        guesses.admit("a", [b"a third"])


def test_many_addresses_and_many_tokens_take_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guess, "ADDRESSES", 10)
    guesses = Guesses()
    for number in range(1000):
        guesses.note(f"address {number}", [b"%d" % wrong for wrong in range(100)])
    assert len(guesses) == 10
    assert all(len(one.wrong) == guess.KEPT for one in guesses._guessers.values())


def asked(server: Any, how: str, token: str) -> Any:
    if how == "login":
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return server.ask("POST", "/safelight/login", f"token={token}", kind)
    if how == "query":
        return server.get(f"/ws?token={token}")
    headers = {
        "bearer": {"Authorization": f"Bearer {token}"},
        "header": {"X-Safelight-Token": token},
        "cookie": {"Cookie": f"safelight_token={token}"},
    }
    return server.ask("GET", "/queue", headers=headers[how])


@pytest.mark.parametrize("how", ["bearer", "header", "cookie", "query", "login"])
def test_wrong_tokens_are_soon_not_looked_at_wherever_they_are_shown(
    tmp_path: Path, start: Any, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guess, "PAUSE", 1000.0)
    with start(Options(tmp_path, token=SECRET)) as server:
        statuses = [asked(server, how, f"wrong{number}").status for number in range(guess.FREE + 5)]
        assert statuses == [401] * guess.FREE + [429] * 5
        assert asked(server, how, "wrong0").status == 401, "known to be wrong"
        right = server.get("/queue", Authorization=f"Bearer {SECRET}")
        assert (right.status, right.tree["error"]["type"]) == (429, "too_many_tokens"), "it would tell"
        assert int(right.headers["Retry-After"]) > 0
        assert server.get("/queue").status == 401
