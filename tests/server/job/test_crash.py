"""The store under kill -9: whatever was acknowledged is there, and in the state that was acknowledged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from server.job import JobStore, Query

ROOT = Path(__file__).resolve().parents[3]
SERVER = """
import asyncio, sys
from pathlib import Path
from uuid import uuid4
from server.job import Ending, Jobs, JobStore, NewJob

def say(*words): print(*words, flush=True)

async def client(jobs, name):
    while True:
        job = await jobs.accept(NewJob(str(uuid4()), '{"1":{}}', ["1"], client_id=name))
        say("accepted", job.id)

async def worker(jobs, name):
    while True:
        job = await jobs.take(name)
        if job is None:
            await asyncio.sleep(0.001)
            continue
        say("taken", job.id)
        await jobs.finish(job.id, Ending("done", outputs={"1": {"text": [name]}}))
        say("done", job.id)

async def main():
    jobs = Jobs(JobStore(Path(sys.argv[1]), keep=10**6))
    await jobs.recover()
    clients, workers = [f"c{n}" for n in range(5)], ["w0", "w1"]
    await asyncio.gather(*(client(jobs, name) for name in clients), *(worker(jobs, name) for name in workers))

asyncio.run(main())
"""
ROUNDS = 5


def test_no_acknowledged_job_and_no_acknowledged_end_is_lost_when_the_server_is_killed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "jobs.sqlite"
    said: dict[str, set[str]] = {"accepted": set(), "taken": set(), "done": set()}
    for _ in range(ROUNDS):
        before = len(said["done"])
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        reading = threading.Thread(target=listen, args=(process.stdout, said))
        reading.start()
        while len(said["done"]) < before + 3:
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.3))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        reading.join()
        process.stdout.close()
        check(path, said)


def listen(lines: object, said: dict[str, set[str]]) -> None:
    for line in lines:  # type: ignore[attr-defined]
        word, _, id = line.strip().partition(" ")
        if len(id) == 36:  # the last line may be cut off
            said[word].add(id)


def check(path: Path, said: dict[str, set[str]]) -> None:
    store = JobStore(path, keep=10**6)
    running, waiting = store.queue()
    finished = store.find(Query())[0]
    there = {job.id for job in [*running, *waiting, *finished]}
    assert said["accepted"] <= there
    assert said["done"] <= {job.id for job in finished if job.state == "done"}
    assert len(running) <= 2
    assert all(job.attempt <= 1 + ROUNDS for job in finished)
    store.close()


FULL = """
import resource, signal, sys
from pathlib import Path
from uuid import uuid4
from server.job import JobStore, NewJob, StoreFull

store = JobStore(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
for number in range(1000):
    try:
        print("accepted", store.accept(NewJob(str(uuid4()), '"' + "x" * 9000 + '"', ["1"])).id, flush=True)
    except StoreFull:
        print("full", number, flush=True)
        break
kept = store.count()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print("accepted", store.accept(NewJob(str(uuid4()), "{}", ["1"])).id)
print("kept", kept)
"""


def test_when_no_file_can_grow_jobs_are_refused_and_those_accepted_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    words = [line.split() for line in done.stdout.splitlines()]
    accepted = {word[1] for word in words if word[0] == "accepted"}
    assert ["full", str(len(accepted) - 1)] in words
    assert words[-1] == ["kept", str(len(accepted) - 1)]
    store = JobStore(path)
    assert {job.id for job in store.queue()[1]} == accepted
    store.close()
