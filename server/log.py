"""Log: the last lines for whoever looks, and one line of JSON for each job that ended. No secret gets in."""

from __future__ import annotations

import contextlib
import json
import logging
import re
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TextIO

LINES = 1000
LONGEST = 4000
"""Letters of one line that are kept."""
SECRET = re.compile(
    r"(?i)((?:token|authorization|cookie|password|api_key)[\"']?\s*[=:]\s*[\"']?(?:bearer\s+)?)[^\s\"',;&}]+"
)

Entry = dict[str, str]
"""`{t: time, m: text}`, as ComfyUI's clients read it."""


class Ring(logging.Handler):
    """Keeps the last lines in memory and hands each new one to whoever subscribed."""

    def __init__(self, lines: int = LINES) -> None:
        super().__init__()
        self.entries: deque[Entry] = deque(maxlen=lines)
        self.listeners: list[Callable[[Entry], None]] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.write(self.format(record))

    def write(self, text: str) -> None:
        """Add text, such as what the worker printed."""
        entry = {"t": datetime.now(UTC).isoformat(), "m": f"{redact(text)[:LONGEST]}\n"}
        self.entries.append(entry)
        for listener in list(self.listeners):
            listener(entry)

    def text(self) -> str:
        """All lines, as one text."""
        return "".join(f"{entry['t']} - {entry['m']}" for entry in list(self.entries))


class Lines(logging.Handler):
    """Writes lines of JSON: of each job that ended its fields, of what went wrong its level and text.

    `everything` else, such as what workers print, is in the ring; and written too if that is wanted.
    """

    def __init__(self, stream: TextIO, *, everything: bool = False) -> None:
        super().__init__()
        self.stream = stream
        self.addFilter(lambda record: everything or record.levelno >= logging.WARNING or _is_of_job(record))

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        fields = f'"level": {json.dumps(record.levelname.lower())}, "text": {json.dumps(redact(text))}}}'
        line = text[1:] if _is_of_job(record) else fields
        with contextlib.suppress(OSError, ValueError):  # nobody reads what would be told
            self.stream.write(f'{{"time": "{datetime.now(UTC).isoformat(timespec="milliseconds")}", {line}\n')
            self.stream.flush()


def redact(text: str) -> str:
    """The text with what looks like a secret taken out."""
    return SECRET.sub(r"\1***", text)


JOB = '{"event": "job"'
SERVER = "safelight.server"
"""Who alone tells of jobs: a pack may print what looks like that."""


def _is_of_job(record: logging.LogRecord) -> bool:
    return record.name == SERVER and record.getMessage().startswith(JOB)


def job_line(**fields: Any) -> str:
    """The line of one job that ended: `{"event": "job", "id": ..., "status": ..., "seconds": ...}`."""
    texts = {name: redact(value) if isinstance(value, str) else value for name, value in fields.items()}
    return json.dumps({"event": "job", **{name: value for name, value in texts.items() if value is not None}})
