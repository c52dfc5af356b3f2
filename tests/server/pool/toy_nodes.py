"""Nodes that do to a worker what it must survive, or be replaced for; real workers load them."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time

from safelight import Context, node

LEAKED: list[bytearray] = []


@node("ToyText", category="toy", effect=True)
def text(ctx: Context, text: str = "x") -> None:
    """Show a text."""
    ctx.show("text", [text])


@node("ToySleep", category="toy", effect=True, cached=False)
def sleep(ctx: Context, seconds: float = 30.0) -> None:
    """Sleep, and heed nothing."""
    ctx.show("text", ["slept"])
    time.sleep(seconds)


@node("ToySleepBeside", category="toy", effect=True, cached=False, lane="io")
def sleep_beside(ctx: Context, seconds: float = 30.0) -> None:
    """Sleep in a lane of its own, and heed nothing."""
    time.sleep(seconds)


@node("ToyNap", category="toy", effect=True, cached=False)
def nap(ctx: Context, seconds: float = 30.0) -> None:
    """Sleep in small steps."""
    for _ in ctx.track(range(round(seconds * 100))):
        time.sleep(0.01)


@node("ToyStuck", category="toy", effect=True, cached=False)
def stuck(ctx: Context) -> None:
    """Hold the interpreter's lock for ever."""
    ctypes.PyDLL(None).sleep(1000)


@node("ToyExit", category="toy", effect=True, cached=False)
def leave(ctx: Context, code: int = 3) -> None:
    """End the process at once."""
    sys.stderr.write("about to leave\n")
    os._exit(code)


@node("ToyCrash", category="toy", effect=True, cached=False)
def crash(ctx: Context) -> None:
    """Read what is not there."""
    ctypes.string_at(0)


@node("ToyThread", category="toy", effect=True, cached=False)
def thread(ctx: Context) -> None:
    """Raise in a thread."""

    def fail() -> None:
        raise RuntimeError("raised in a thread")

    beside = threading.Thread(target=fail)
    beside.start()
    beside.join()
    ctx.show("text", ["went on"])


@node("ToyLeak", category="toy", effect=True, cached=False)
def leak(ctx: Context, mebibytes: int = 64) -> None:
    """Never give back what it takes."""
    LEAKED.append(bytearray(b"x") * (mebibytes << 20))


@node("ToyFlood", category="toy", effect=True, cached=False)
def flood(ctx: Context, mebibytes: int = 64) -> None:
    """Print far more than anybody reads, to where messages once went."""
    for number in range(mebibytes):
        sys.stdout.write(f"{number} " + "x" * 1023 + "\n")
        sys.stdout.write(("y" * 1023 + "\n") * 1023)
    sys.stdout.write("the end of the flood\n")


@node("ToyCount", category="toy", effect=True)
def count(ctx: Context, name: str = "count", die_at: int = 0) -> None:
    """Write down that it ran; at the given count end the process first."""
    path = ctx.folders.data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("x")
    if path.stat().st_size <= die_at:
        os._exit(9)


@node("ToySteps", category="toy", effect=True, cached=False)
def steps(ctx: Context, name: str = "steps", total: int = 5) -> None:
    """Come one step further in each life."""
    path = ctx.folders.data / name
    with path.open("a") as file:
        file.write("x")
    reached = path.stat().st_size
    for done in range(1, min(reached, total) + 1):
        time.sleep(0.06)  # or it would be told together with the next
        ctx.progress(done, total)
    if reached < total:
        os._exit(9)


@node("ToyRefuse", category="toy", effect=True, cached=False)
def refuse(ctx: Context, text: str = "no") -> None:
    """Raise."""
    raise ValueError(text)
