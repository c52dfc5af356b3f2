"""The command line. Each command is a module beside this one; it is imported when it is called.

Exit codes: 0 done, 1 failed while running, 2 the workflow or the command is invalid, 130 cancelled (Ctrl+C or
SIGTERM). What is asked for goes to standard output; progress, notices and errors go to standard error.

Everything but a few modules of Python's own is imported inside `main`, where an interruption is heeded.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from types import FrameType

CANCELLED = 130
"""The exit code of a command that was interrupted, as shells have it for Ctrl+C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Errors are told in a sentence, never as a traceback.

    Without `argv` this is the whole process, which then ends here if it imported torch: taking that apart
    takes seconds and serves nothing.
    """
    try:
        if argv is None:
            _own_process()
        code = _main(argv)
    except KeyboardInterrupt:
        code = CANCELLED
    if argv is None and "torch" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _own_process() -> None:
    """Heed SIGTERM as Ctrl+C; print what the terminal's encoding has no letters for as escapes."""
    signal.signal(signal.SIGTERM, _interrupt)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _main(argv: Sequence[str] | None) -> int:
    import logging

    from safelight.cli.outcome import FAILED, exit_code
    from safelight.cli.parser import parser
    from safelight.cli.speech import Spoken, tell_error
    from safelight.home import COMFY

    args = parser().parse_args(argv)
    if getattr(args, "comfy", None):
        os.environ[COMFY] = str(args.comfy.absolute())  # workers are to find it too
    level = logging.DEBUG if args.debug else logging.WARNING
    logging.basicConfig(handlers=[Spoken()], format="%(message)s", level=level)
    try:
        code: int = import_module(f"safelight.cli.{args.module}").main(args)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # the last place where an error can be told in words
        if args.debug:
            raise
        tell_error(error)
        return exit_code(error)
    return code
