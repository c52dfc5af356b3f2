"""How long people wait for a server: `python -m bench.startup [--rounds 3]`.

From the start of the process to the first 200 of `/`, to that of `/object_info`, and to a finished picture of
the workflow that ships; with a fresh data folder (cold), and with a used one (warm: another seed). Where it
says `again`, it is the same request once more. `/ (CPU)` is the processor time of the server until its first
answer, which does not depend on what else a machine does.

Beside a figure stands ComfyUI's, where there is one, from measurements on such a machine (ComfyUI v0.8.0,
torch 2.13.0, two shared cores): other machines give other seconds, so read the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parent.parent
COMFY = {"object_info": 7.4, "object_info again": 0.148}
"""Medians in seconds: start to the first 200 of /object_info with bytecode kept (n=6, load 1.7 to 2.3), and
one GET of it (n=10). There is no figure for `/` alone: it answers when the rest does."""
COMFY_PLAIN = 12.5
"""The same start where Python may not keep bytecode (PYTHONDONTWRITEBYTECODE=1), n=5."""
DEADLINE = 180.0


def ask(address: str, body: Any = None, timeout: float = DEADLINE) -> Any:
    """The body of an answer."""
    request = Request(address, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    with urlopen(request, timeout=timeout) as answer:
        return answer.read()


def until(address: str) -> None:
    """Wait for the first answer."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        try:
            ask(address, timeout=5)
        except (URLError, ConnectionError):
            time.sleep(0.002)
        else:
            return
    raise TimeoutError(address)


def picture(address: str, seed: int) -> None:
    """Have a picture made."""
    workflow = json.loads((ROOT / "workflows" / "text_to_image.json").read_text(encoding="utf-8"))
    body = {"workflow": workflow, "set": {"KSampler.seed": seed}, "wait": DEADLINE}
    told = json.loads(ask(f"{address}/safelight/run", body))
    if told["state"] != "done":
        raise RuntimeError(told["error"])


def measure(data: Path, seed: int, *, bytecode: bool) -> dict[str, float]:
    """The times of one start."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "" if bytecode else "1"}
    environment["PYTHONPYCACHEPREFIX"] = str(data.parent / "bytecode")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "safelight",
        "serve",
        "--no-open",
        "--port",
        str(port),
        "--data",
        str(data),
    ]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        times: dict[str, float] = {}
        until(f"{address}/")
        times["/"] = time.perf_counter() - began
        times["/ (CPU)"] = processor_time(process.pid)
        ask(f"{address}/object_info")
        times["object_info"] = time.perf_counter() - began
        picture(address, seed)
        times["picture"] = time.perf_counter() - began
        for name, again in (
            ("object_info again", lambda: ask(f"{address}/object_info")),
            ("picture again", lambda: picture(address, seed)),
        ):
            start = time.perf_counter()
            again()
            times[name] = time.perf_counter() - start
        return times
    finally:
        process.terminate()
        process.wait(30)


def processor_time(process: int) -> float:
    """Seconds that a process has computed; NaN where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-bytecode", action="store_true", help="as where Python may not keep bytecode")
    arguments = parser.parse_args()
    rows: dict[str, list[dict[str, float]]] = {"cold": [], "warm": []}
    folder = Path(tempfile.mkdtemp())
    try:
        measure(
            folder / "first", 0, bytecode=not arguments.no_bytecode
        )  # writes bytecode, fills the disk's cache
        for place in range(arguments.rounds):
            data = folder / f"data{place}"
            rows["cold"].append(measure(data, 1, bytecode=not arguments.no_bytecode))
            rows["warm"].append(measure(data, 2, bytecode=not arguments.no_bytecode))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report(rows, COMFY_PLAIN if arguments.no_bytecode else COMFY["object_info"])


def report(rows: dict[str, list[dict[str, float]]], start: float) -> None:
    """Print the figures; `start` is ComfyUI's start."""
    theirs = {"object_info": start, "object_info again": COMFY["object_info again"]}
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, n={len(rows['cold'])}; seconds")
    print(f"{'':22}{'min':>8}{'median':>8}{'max':>8}{'ComfyUI':>9}{'ratio':>8}")
    for kind, runs in rows.items():
        for name in runs[0]:
            values = sorted(run[name] for run in runs)
            line = f"{kind + ' ' + name:22}{values[0]:8.3f}{median(values):8.3f}{values[-1]:8.3f}"
            known = theirs.get(name)
            print(line + (f"{known:9.3f}{median(values) / known:7.2f}x" if known else ""))


if __name__ == "__main__":
    main()
