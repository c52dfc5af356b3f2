"""Many small jobs at once: `python -m bench.load [--jobs 500] [--clients 20] [--soak 5000] [--json]`.

Clients with open sockets queue all jobs at once against a real server and worker. Told are jobs a second,
from the first request to the last job's end; how long `GET /queue` takes meanwhile; how many socket messages
each client got; and, with `--soak`, the resident memory of the server and its worker while that many more
jobs run. Each job has a text of its own, so each is computed. `--json` prints one object as the last line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from bench.serving import serving

MEGABYTE = 1e6
WAIT = 600.0
"""Seconds that all jobs may take."""
PROBE_START = 0.5
"""Seconds that the process gets that looks at the queue, before there is anything in it."""


def small(number: int | str) -> dict[str, Any]:
    """A job of five cheap nodes with a text of its own."""
    chain: dict[str, Any] = {"0": {"class_type": "PrimitiveString", "inputs": {"value": f"job {number}"}}}
    for step in (1, 2, 3):
        inputs = {"string": [str(step - 1), 0], "find": "job", "replace": f"step {step} of job"}
        chain[str(step)] = {"class_type": "StringReplace", "inputs": inputs}
    chain["4"] = {"class_type": "PreviewAny", "inputs": {"source": ["3", 0]}}
    return chain


class Client:
    """One client: its socket, and the jobs of its own that ended."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session, self.url, self.id = session, url, uuid.uuid4().hex
        self.waiting: set[str] = set()
        self.early: set[str] = set()
        self.messages = 0
        self.failed = 0

    async def listen(self, ready: asyncio.Event) -> None:
        """Take messages until cancelled."""
        async with self.session.ws_connect(f"{self.url}/ws?clientId={self.id}") as ws:
            ready.set()
            async for message in ws:
                self.messages += 1
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._take(json.loads(message.data))

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] in ("execution_success", "execution_error", "execution_interrupted"):
            self.failed += message["type"] != "execution_success"
            id = message["data"]["prompt_id"]
            if id in self.waiting:
                self.waiting.discard(id)
            else:
                self.early.add(id)

    async def queue(self, number: int | str) -> None:
        """Queue one job."""
        body = {"prompt": small(number), "client_id": self.id}
        async with self.session.post(f"{self.url}/prompt", json=body) as answer:
            found = await answer.json()
            if answer.status != 200:
                raise SystemExit(f"not accepted: {found}")
        if found["prompt_id"] in self.early:
            self.early.discard(found["prompt_id"])
        else:
            self.waiting.add(found["prompt_id"])


PROBE = """
import http.client, json, sys, threading, time
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
connection = http.client.HTTPConnection(sys.argv[1])
taken = []
while not over.wait(0.05):
    began = time.perf_counter()
    connection.request("GET", "/queue")
    connection.getresponse().read()
    taken.append(time.perf_counter() - began)
print(json.dumps(taken))
"""
"""Asks for the queue again and again until its input ends, and tells the seconds of each answer.

A process of its own: in that of the clients it would wait for them too.
"""


async def finished(clients: list[Client]) -> None:
    """Wait until no client waits for a job."""
    deadline = time.monotonic() + WAIT
    while any(client.waiting for client in clients):
        if time.monotonic() > deadline:
            raise SystemExit(f"{sum(len(client.waiting) for client in clients)} jobs have not ended")
        await asyncio.sleep(0.02)


async def burst(clients: list[Client], jobs: int, label: str) -> float:
    """Queue all jobs at once; the seconds until the last ended."""
    began = time.perf_counter()
    await asyncio.gather(*(clients[n % len(clients)].queue(f"{label} {n}") for n in range(jobs)))
    await finished(clients)
    return time.perf_counter() - began


async def watched(clients: list[Client], jobs: int, url: str) -> tuple[float, list[float]]:
    """Queue all jobs at once: the seconds that it took, and those of each look at the queue meanwhile."""
    words = [sys.executable, "-c", PROBE, url.removeprefix("http://")]
    probe = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE)
    await asyncio.sleep(PROBE_START)
    seconds = await burst(clients, jobs, "burst")
    told, _ = await probe.communicate(b"")
    return seconds, json.loads(told)


def resident(process: psutil.Process) -> dict[str, float]:
    """The resident memory in MB of the server and of its workers together."""
    workers = sum(child.memory_info().rss for child in process.children(recursive=True))
    return {"server": process.memory_info().rss / MEGABYTE, "workers": workers / MEGABYTE}


async def measure(url: str, pid: int, jobs: int, count: int, soak: int) -> dict[str, Any]:
    """All figures, from a server that answers."""
    process = psutil.Process(pid)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        clients = [Client(session, url) for _ in range(count)]
        ready = [asyncio.Event() for _ in clients]
        tasks = [
            asyncio.create_task(client.listen(event)) for client, event in zip(clients, ready, strict=True)
        ]
        await asyncio.gather(*(event.wait() for event in ready))
        await burst(clients, 1, "warm")
        seconds, taken = await watched(clients, jobs, url)
        memory = [{"jobs": jobs, **resident(process)}]
        done = 0
        while done < soak:
            part = min(500, soak - done)
            await burst(clients, part, f"soak {done}")
            done += part
            memory.append({"jobs": jobs + done, **resident(process)})
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    taken.sort()
    return {
        "jobs": jobs,
        "clients": count,
        "failed": sum(client.failed for client in clients),
        "jobs_per_second": jobs / seconds,
        "queue_ms": {
            "asked": len(taken),
            "median": statistics.median(taken) * 1e3,
            "p99": taken[min(len(taken) - 1, int(len(taken) * 0.99))] * 1e3,
            "max": taken[-1] * 1e3,
        },
        "messages_per_client": statistics.mean(client.messages for client in clients),
        "memory_mb": memory,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--soak", type=int, default=0, help="jobs to run afterwards, for the memory")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    options = ("--workers", str(args.workers))
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "data", *options) as (url, process):
        found = asyncio.run(measure(url, process.pid, args.jobs, args.clients, args.soak))
    queue = found["queue_ms"]
    rate, failed = found["jobs_per_second"], found["failed"]
    print(f"{args.jobs} jobs by {args.clients} clients: {rate:.1f} jobs/s, {failed} failed")
    print(
        f"GET /queue meanwhile ({queue['asked']} times): median {queue['median']:.1f} ms, "
        f"p99 {queue['p99']:.1f} ms, at most {queue['max']:.1f} ms"
    )
    for mark in found["memory_mb"]:
        print(
            f"after {mark['jobs']:5} jobs: server {mark['server']:6.1f} MB, workers {mark['workers']:6.1f} MB"
        )
    if args.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
