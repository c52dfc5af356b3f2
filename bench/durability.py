"""Kills at random moments: `python -m bench.durability [--rounds 30] [--jobs 50] [--seed N] [--json]`.

A real server with its worker has always `--jobs` accepted jobs to do: most make a plain picture, each fifth
samples one in many steps. Each round kills the server, the worker, or both, with SIGKILL, or fills the disk
(a tmpfs, where this process may mount one) and kills on top of that. At the end every job that was accepted
must have ended once, with one whole picture of its own; what was interrupted in the middle of sampling must
have been taken up at the step that was kept, and its pixels must be those of a run that nothing disturbed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import psutil
from PIL import Image

from bench.serving import ROOT, await_answer, free_port

KINDS = ("server", "worker", "both", "full disk")
SIZE = "96m"
"""Of the disk that is filled."""
LONGEST = 3.0
"""Seconds after the first sign of progress within which a kill comes."""
WAIT = 900.0
THREADS = 1
"""Of the worker and of the run that it is compared with: their number decides the last bits."""


@dataclass
class Figures:
    """What came of a trial."""

    rounds: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    refused: int = 0
    """Requests that were answered 507 while the disk was full."""
    done: int = 0
    attempts: int = 0
    failed_for_space: int = 0
    kills_in_sampling: int = 0
    """Kills in the middle of sampling, after a state was kept."""
    interrupted: int = 0
    """Jobs that they came upon."""
    resumed: int = 0
    """Of those, how many were taken up at the step that the last kill left, or a later one."""
    compared: int = 0
    """Of those, how many have the pixels of a run that nothing disturbed."""
    recovery: list[float] = field(default_factory=list)
    """Seconds from the start of a new server to its first answer."""
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    """What should not be."""


def picture(number: int, steps: int) -> dict[str, Any]:
    """A job: each fifth samples, the others make a plain picture; the file is named for the job."""

    def node(type: str, **inputs: Any) -> dict[str, Any]:
        return {"class_type": type, "inputs": inputs}

    save = node("SaveImage", images=["image", 0], filename_prefix=f"job{number}")
    if number % 5:
        return {"image": node("EmptyImage", width=64, height=64, batch_size=1, color=number), "save": save}
    sampling = {"seed": number, "steps": steps, "cfg": 4.0, "sampler_name": "euler", "scheduler": "normal"}
    prompts = {"positive": ["yes", 0], "negative": ["no", 0], "latent_image": ["latent", 0]}
    return {
        "model": node("CheckpointLoaderSimple", ckpt_name="emoji"),
        "yes": node("CLIPTextEncode", clip=["model", 1], text="a rocket"),
        "no": node("CLIPTextEncode", clip=["model", 1], text=""),
        "latent": node("EmptyLatentImage", width=64, height=64, batch_size=1),
        "sample": node("KSampler", model=["model", 0], **sampling, **prompts, denoise=1.0),
        "image": node("VAEDecode", samples=["sample", 0], vae=["model", 2]),
        "save": save,
    }


def id_of(number: int) -> str:
    """The id of a job, as clients choose them."""
    return str(UUID(int=number))


class Server:
    """The server as a process that is killed and started again on the same data."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it; the seconds until it answers."""
        words = ["serve", "--port", str(self.port), "--data", str(self.data), "--no-open", "--workers", "1"]
        log = os.open(self.data.parent / f"{self.data.name}.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "safelight", *words],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env={**os.environ, "OMP_NUM_THREADS": str(THREADS)},
        )
        os.close(log)
        return await_answer(f"{self.url}/prompt", self.process)

    def workers(self) -> list[psutil.Process]:
        """Its workers' processes."""
        assert self.process is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children()
        return []

    def kill(self, kind: str) -> None:
        """Kill it, its worker, or both at once."""
        assert self.process is not None
        workers = self.workers()
        if kind != "server":
            for worker in workers:
                with contextlib.suppress(psutil.NoSuchProcess):
                    worker.kill()
        if kind != "worker":
            self.process.kill()
            self.process.wait()
        psutil.wait_procs(workers, timeout=10)

    def stop(self) -> None:
        """End it politely."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def get(self, path: str) -> Any:
        """The answer to a GET; OSError if there is none."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=20) as answer:
            return json.load(answer)

    def post(self, path: str, tree: Any) -> int:
        """The status of the answer to a POST; OSError if there is none."""
        body = json.dumps(tree).encode()
        request = urllib.request.Request(
            f"{self.url}{path}", body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)


class Client:
    """Queues jobs, whether the server is there or not, so that some always wait."""

    def __init__(self, server: Server, figures: Figures, ahead: int, steps: int) -> None:
        self.server, self.figures, self.ahead, self.steps = server, figures, ahead, steps
        self.accepted: list[int] = []
        self._over = Event()
        self._thread = Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Queue jobs from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Queue no more; what was sent last is asked for until it is answered."""
        self._over.set()
        self._thread.join()

    def left(self) -> int:
        """How many jobs wait or run."""
        return int(self.server.get("/prompt")["exec_info"]["queue_remaining"])

    def _work(self) -> None:
        number = 0
        while not self._over.is_set():
            try:
                missing = self.ahead - self.left()
            except (OSError, HTTPException):
                missing = 0
            for _ in range(missing):
                number += 1
                self._queue(number)
            time.sleep(0.1)

    def _queue(self, number: int) -> None:
        """Queue one job: with the same id again until it is accepted, as a client that got no answer does."""
        tree = {
            "prompt": picture(number, self.steps),
            "prompt_id": id_of(number),
            "client_id": "durability",
        }
        while True:
            try:
                self.server.post("/prompt", tree)
                self.accepted.append(number)
                self.figures.accepted += 1
                return
            except urllib.error.HTTPError as error:
                if error.code != 507:
                    self.figures.wrong.append(
                        f"job {number} was answered {error.code}: {error.read()[:300]!r}"
                    )
                    return
                self.figures.refused += 1
            except (OSError, HTTPException):
                pass
            time.sleep(0.05)


class Trial:
    """One run of all rounds on one data folder."""

    def __init__(self, data: Path, rounds: int, jobs: int, steps: int, seed: int, disk: bool) -> None:
        self.data, self.rounds, self.random, self.disk = data, rounds, random.Random(seed), disk
        self.steps = steps
        self.figures = Figures()
        self.server = Server(data)
        self.client = Client(self.server, self.figures, jobs, steps)
        self.kept: dict[int, int] = {}
        """By sampling job, the step that the last kill left."""

    def run(self) -> Figures:
        """Kill and look at what comes of it."""
        began = time.perf_counter()
        self.server.start()
        self.client.start()
        for number in range(self.rounds):
            self._round(KINDS[number % len(KINDS)])
        self.client.stop()
        self._drain()
        self.server.stop()
        self._judge()
        self.figures.seconds = time.perf_counter() - began
        return self.figures

    def _round(self, kind: str) -> None:
        self._await_progress()
        time.sleep(self.random.uniform(0, LONGEST))
        self.figures.rounds[kind] += 1
        if kind == "full disk":
            with self._full():
                self.client.ahead += 1  # which cannot be accepted before there is room
                time.sleep(self.random.uniform(0.2, 2))
                self._kill(self.random.choice(KINDS[:3]))
                time.sleep(1)
            if self.server.process is not None and self.server.process.poll() is not None:
                self.figures.recovery.append(self.server.start())
        else:
            self._kill(kind)
            if kind != "worker":
                self.figures.recovery.append(self.server.start())

    def _kill(self, kind: str) -> None:
        running = self._running()
        self.server.kill(kind)
        path = newest(self.data / "cache" / "checkpoints")
        step = checkpoint_step(path) if path is not None else 0
        if running is not None and step and running % 5 == 0:
            self.figures.kills_in_sampling += 1
            self.kept[running] = step

    def _running(self) -> int | None:
        """The sampling job that is running, if one is."""
        with contextlib.suppress(OSError, HTTPException, ValueError, IndexError):
            running = self.server.get("/queue")["queue_running"]
            return UUID(running[0][1]).int
        return None

    def _await_progress(self) -> None:
        """Wait until a file was written after the last kill."""
        before, end = self._trace(), time.perf_counter() + 120
        while self._trace() == before:
            if time.perf_counter() > end:
                raise SystemExit(f"nothing comes on any more: {self.figures}")
            time.sleep(0.05)

    def _trace(self) -> tuple[int, float]:
        output = self.data / "output"
        path = newest(self.data / "cache" / "checkpoints")
        changed = 0.0
        with contextlib.suppress(OSError):
            changed = path.stat().st_mtime if path is not None else 0.0
        return (sum(1 for _ in output.glob("*")), changed)

    @contextlib.contextmanager
    def _full(self) -> Iterator[None]:
        """Fill the disk to its last byte for a while."""
        filler = self.data / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while self.disk:
                file.write(b"\0" * 65536)
        with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while self.disk:
                file.write(b"\0")
        try:
            yield
        finally:
            filler.unlink()

    def _drain(self) -> None:
        end = time.perf_counter() + WAIT
        while True:
            with contextlib.suppress(OSError, HTTPException):
                if not self.client.left():
                    return
            if time.perf_counter() > end:
                raise SystemExit("the queue does not come to its end")
            time.sleep(0.2)

    # -- judging

    def _judge(self) -> None:
        from server.job.store import JobStore

        self.figures.interrupted = len(self.kept)
        store = JobStore(self.data / "jobs.sqlite")
        try:
            for number in self.client.accepted:
                self._judge_job(store, number)
        finally:
            store.close()
        for path in (self.data / "output").rglob("*"):
            if path.is_file() and (path.stat().st_size == 0 or path.suffix == ".part"):
                self.figures.wrong.append(f"{path.name} was left behind")
        left = list((self.data / "cache" / "jobs").glob("*"))
        if left:
            self.figures.wrong.append(f"{len(left)} journals of ended jobs were left behind")

    def _judge_job(self, store: Any, number: int) -> None:
        wrong = self.figures.wrong
        job = store.get(id_of(number))
        pictures = sorted((self.data / "output").glob(f"job{number}_*"))
        if job is None:
            wrong.append(f"job {number} was lost")
            return
        self.figures.attempts += job.attempt
        if job.state == "failed" and "No space left" in json.dumps(job.error):
            self.figures.failed_for_space += 1
            return
        if job.state != "done":
            wrong.append(f"job {number} is {job.state}: {json.dumps(job.error)[:400]}")
            return
        self.figures.done += 1
        if [path.name for path in pictures] != [f"job{number}_00001_.png"]:
            wrong.append(f"job {number} left {[path.name for path in pictures]}")
            return
        try:
            with Image.open(pictures[0]) as file:
                file.load()
                prompt = json.loads(file.info["prompt"])
        except (OSError, ValueError, KeyError, SyntaxError) as error:
            wrong.append(f"the picture of job {number} is broken: {error}")
            return
        if prompt["save"]["inputs"]["filename_prefix"] != f"job{number}":
            wrong.append(f"the picture of job {number} is another job's")
        if number in self.kept:
            nodes = json.loads(store.results([job.seq])[job.seq].nodes)
            self._judge_resumed(number, nodes.get("sample", {}))

    def _judge_resumed(self, number: int, node: dict[str, Any]) -> None:
        """See that a job that was interrupted while it sampled went on where it was, or was done by then."""
        step, resumed = self.kept[number], node.get("resumed")
        if node.get("state") in ("disk", "memory") or (resumed and resumed[0] >= step):
            self.figures.resumed += 1
        else:
            self.figures.wrong.append(f"job {number} was left at step {step} and began again: {node}")

    def compare(self) -> None:
        """Sample each interrupted job's picture once more, with nothing to disturb it, and compare."""
        from safelight.compat.prompt import from_prompt
        from safelight.setting import Settings
        from safelight.worker import open_engine

        alike = Settings(threads=THREADS)
        with tempfile.TemporaryDirectory() as folder, open_engine(Path(folder), alike) as engine:
            for number in self.kept:
                there = self.data / "output" / f"job{number}_00001_.png"
                if not there.exists():
                    continue
                engine.run(from_prompt(picture(number, self.steps))).raise_for_error()
                again = Path(folder) / "output" / there.name
                with Image.open(there) as one, Image.open(again) as other:
                    if one.tobytes() == other.tobytes():
                        self.figures.compared += 1
                    else:
                        self.figures.wrong.append(
                            f"the pixels of job {number} are not those of a whole run: {_apart(one, other)}"
                        )


def newest(folder: Path) -> Path | None:
    """The file of a folder that was written last."""
    with contextlib.suppress(OSError):
        return max(folder.glob("*.safetensors"), key=lambda path: path.stat().st_mtime_ns, default=None)
    return None


def checkpoint_step(path: Path) -> int:
    """The step that a half-done run's file holds."""
    try:
        with path.open("rb") as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        return int(json.loads(header["__metadata__"]["safelight"])["tree"]["step"])
    except (OSError, ValueError, KeyError):
        return 0


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[bool]:
    """A small disk of its own under a folder, if one can be had; tells whether."""
    mounted = sys.platform == "linux" and os.geteuid() == 0
    if mounted:
        command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def _apart(one: Image.Image, other: Image.Image) -> str:
    """How far two pictures are from each other."""
    if (one.size, one.mode) != (other.size, other.mode):
        return f"{one.size} {one.mode} and {other.size} {other.mode}"
    steps = [abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True)]
    return f"{sum(map(bool, steps))} of {len(steps)} levels differ, by at most {max(steps)}"


def trial(rounds: int = 30, jobs: int = 50, steps: int = 60, seed: int = 0) -> Figures:
    """All of it in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        with disk(data) as mounted:
            one = Trial(data, rounds, jobs, steps, seed, mounted)
            try:
                figures = one.run()
                one.compare()
            finally:
                if one.server.process is not None and one.server.process.poll() is None:
                    one.server.kill("both")
            return figures


def main() -> None:
    """Print the figures; the exit code says whether anything was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=50, help="how many are always accepted and not done")
    parser.add_argument("--steps", type=int, default=60, help="of those jobs that sample")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    figures = trial(args.rounds, args.jobs, args.steps, args.seed)
    told = {**asdict(figures), "rounds": dict(figures.rounds), "seed": args.seed}
    for name, value in told.items():
        print(f"{name:18} {value}")
    if args.json:
        print(json.dumps(told))
    sys.exit(bool(figures.wrong))


if __name__ == "__main__":
    main()
