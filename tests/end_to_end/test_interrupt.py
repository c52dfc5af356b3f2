"""Ctrl+C: the run ends within a second, with exit code 130, and what is done is kept."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TEXT_TO_IMAGE = ROOT / "workflows" / "text_to_image.json"
LONG = ("--set", "KSampler.steps=5000")
AT_ONCE = 1.0


def test_while_sampling_it_ends_within_a_second_and_can_go_on(
    zygote: Any, popen: Any, tmp_path: Path
) -> None:
    running = popen("run", TEXT_TO_IMAGE, *LONG, "--json", "--data", tmp_path)
    zygote.reach(tmp_path, 1)
    asked = time.monotonic()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate()
    assert time.monotonic() - asked < AT_ONCE
    assert running.returncode == 130
    tree = json.loads(out)
    assert (tree["status"], tree["outputs"], tree["errors"]) == ("cancelled", [], [])
    assert (tree["nodes"]["3"]["state"], tree["nodes"]["8"]["why"]) == ("ran", "not reached")
    assert "cancelled after" in err
    assert "Traceback" not in err
    assert zygote.half_done(tmp_path) > 0


def test_while_libraries_are_imported_it_ends_within_a_second(popen: Any, tmp_path: Path) -> None:
    running = popen("run", TEXT_TO_IMAGE, "--json", "--data", tmp_path)
    time.sleep(2)
    assert running.poll() is None
    asked = time.monotonic()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate()
    assert (
        time.monotonic() - asked < AT_ONCE + 0.5
    )  # a shared library that is being loaded cannot be interrupted
    assert (running.returncode, json.loads(out)["status"]) == (130, "cancelled")
    assert "Traceback" not in err


def test_a_second_one_kills(zygote: Any, tmp_path: Path) -> None:
    pid = zygote.start("run", TEXT_TO_IMAGE, *LONG, "--data", tmp_path)
    zygote.reach(tmp_path, 1)
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGINT)
    assert zygote.wait().code in (130, -signal.SIGINT)
