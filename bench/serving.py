"""Serving: a real `safelight serve` process for a measurement, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(
    data: Path, *options: str, log: Path | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the server, wait until it answers, and give its address and its process; ended afterwards."""
    port = free_port()
    words = [
        sys.executable,
        "-m",
        "safelight",
        "serve",
        "--port",
        str(port),
        "--data",
        str(data),
        "--no-open",
    ]
    target = subprocess.DEVNULL if log is None else os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    process = subprocess.Popen([*words, *options], cwd=ROOT, stdout=target, stderr=target)
    try:
        url = f"http://127.0.0.1:{port}"
        await_answer(f"{url}/queue", process)
        yield url, process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_answer(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> float:
    """Ask until the answer is 200; the seconds that it took. SystemExit if the process or the time ends."""
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return time.perf_counter() - began
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise SystemExit(f"no answer from {url} within {seconds:g} s")
