"""Whole runs: in this process, in a fresh interpreter, and in children of a process that has torch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image

from safelight import cli

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Ended:
    """A command that ended: its exit code, and what it said."""

    code: int
    out: str
    err: str

    @property
    def tree(self) -> dict[str, Any]:
        """What `--json` printed, which must be all of standard output."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def states(self) -> dict[str, str]:
        """By node id, what became of it."""
        return {id: node["state"] for id, node in self.tree["nodes"].items()}

    @property
    def why(self) -> dict[str, str]:
        """By node id, why it ran or did not."""
        return {id: node["why"] for id, node in self.tree["nodes"].items()}

    @property
    def pictures(self) -> list[Path]:
        """The pictures that it shows."""
        return [Path(output["path"]) for output in self.tree["outputs"] if output["kind"] == "image"]

    @property
    def pixels(self) -> list[Any]:
        """Those pictures as nested lists."""
        return [pixels(path) for path in self.pictures]


def environment() -> dict[str, str]:
    """The environment of a command: torch's threads are many for a small model on a shared machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAFELIGHT")}
    return {**kept, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


@dataclass
class Zygote:
    """A process with torch that forks a child for each command."""

    process: subprocess.Popen[str]
    folder: Path
    count: int = 0
    pid: int = 0

    def start(self, *argv: object) -> int:
        """Start a command; returns its process id."""
        self.count += 1
        request = {"argv": list(map(str, argv)), "out": self._file("out"), "err": self._file("err")}
        self.pid = int(self._ask(request))
        return self.pid

    def wait(self) -> Ended:
        """The command's end."""
        code = int(self._ask({"wait": True}))
        return Ended(code, Path(self._file("out")).read_text(), Path(self._file("err")).read_text())

    def reach(self, data: Path, step: int) -> None:
        """Wait until the half-done run of a data folder has come to `step`."""
        end = time.monotonic() + 100
        while half_done(data) < step:
            assert time.monotonic() < end, self.said()
            time.sleep(0.002)

    def kill(self, data: Path, step: int) -> int:
        """Kill the command when its half-done run has come to `step`; returns the step that it left."""
        self.reach(data, step)
        os.kill(self.pid, signal.SIGKILL)
        assert self.wait().code == -signal.SIGKILL, "it ended before it was killed"
        return half_done(data)

    def run(self, *argv: object) -> Ended:
        """Start a command and wait for its end."""
        self.start(*argv)
        return self.wait()

    @staticmethod
    def half_done(data: Path) -> int:
        """The step at which the half-done run of a data folder stands."""
        return half_done(data)

    def said(self) -> str:
        """What the running command has said on standard error."""
        path = Path(self._file("err"))
        return path.read_text() if path.exists() else ""

    def _file(self, kind: str) -> str:
        return str(self.folder / f"{self.count}.{kind}")

    def _ask(self, request: dict[str, Any]) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    """Forks commands that keep the state of a half-done run twenty times a second."""
    script = Path(__file__).with_name("zygote.py")
    process = subprocess.Popen(
        [sys.executable, script, "0.05"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield Zygote(process, tmp_path_factory.mktemp("zygote"))
    assert process.stdin is not None
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """A function that runs a command line in this process."""
    monkeypatch.delenv("SAFELIGHT_DATA", raising=False)

    def call(*argv: object) -> Ended:
        capsys.readouterr()
        try:
            code = cli.main(list(map(str, argv)))
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return call


@pytest.fixture
def process() -> Callable[..., Ended]:
    """A function that runs a command line in a fresh interpreter."""

    def call(*argv: object, **options: Any) -> Ended:
        done = started(*argv, **options)
        out, err = done.communicate(timeout=120)
        return Ended(done.returncode, out, err)

    return call


@pytest.fixture
def popen() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """A function that starts a command line in a fresh interpreter; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def call(*argv: object, **options: Any) -> subprocess.Popen[str]:
        running.append(started(*argv, **options))
        return running[-1]

    yield call
    for one in running:
        one.kill()
        one.communicate()


def started(*argv: object, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "safelight", *map(str, argv)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment(), cwd=ROOT, **{**pipes, **options})


def pixels(path: Path) -> Any:
    """The levels of a picture, which compare as one value."""
    with Image.open(path) as file:
        return numpy.asarray(file).tolist()


def half_done(data: Path) -> int:
    """The step at which the newest half-done run of a data folder stands; 0 if there is none."""
    files = (data / "cache" / "checkpoints").glob("*.safetensors")
    try:
        path = max(files, key=lambda file: file.stat().st_mtime_ns, default=None)
        return checkpoint_step(path) if path else 0
    except (OSError, ValueError):
        return 0  # it is just being replaced


def checkpoint_step(path: Path) -> int:
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return int(json.loads(header["__metadata__"]["safelight"])["tree"]["step"])
