"""Being asked to end, by Ctrl+C or by another program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from safelight.cli.interrupt import interruptible
from safelight.core.cancel import Cancel
from safelight.core.error import Cancelled

ROOT = Path(__file__).resolve().parents[2]
WHILE_IMPORTING = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Impatient(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "safelight.cli.{module}":
            os.kill(os.getpid(), signal.{signal})

signal.signal(signal.SIGINT, signal.default_int_handler)  # which it is not where a shell ran pytest beside it
sys.meta_path.insert(0, Impatient())
sys.argv = ["safelight", "check", "gone.json"]
from safelight.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("module", ["outcome", "parser", "check"])
def test_while_the_first_modules_are_imported_it_ends_without_a_traceback(name: str, module: str) -> None:
    code = WHILE_IMPORTING.format(module=module, signal=name)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_is_cancelled_and_the_signals_mean_what_they_meant_before(number: signal.Signals) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    cancel = Cancel()
    with interruptible(cancel, lambda: None):
        os.kill(os.getpid(), number)
        with pytest.raises(Cancelled):
            cancel.check()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
