from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from server.log import Lines, Ring, job_line, redact


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    one = logging.getLogger("safelight.server")
    before = one.propagate, one.level
    one.propagate = False
    one.setLevel(logging.INFO)
    yield one
    one.handlers.clear()
    one.propagate, one.level = before


def test_each_job_is_a_line_of_json_with_its_fields(logger: logging.Logger) -> None:
    out = io.StringIO()
    logger.addHandler(Lines(out))
    logger.info("%s", job_line(id="1", status="done", seconds=1.5, title=None))
    line = json.loads(out.getvalue())
    assert {name: line[name] for name in ("event", "id", "status", "seconds")} == {
        "event": "job",
        "id": "1",
        "status": "done",
        "seconds": 1.5,
    }
    assert "title" not in line


def test_only_the_server_tells_of_jobs_and_no_secret_with_them(logger: logging.Logger) -> None:
    out = io.StringIO()
    lines = Lines(out, everything=True)
    logger.addHandler(lines)
    logger.info("%s", job_line(id="1", title='a "fox", token=hu\\sh'))
    lines.handle(
        logging.makeLogRecord({"name": "safelight.worker.w", "msg": '{"event": "job", "id": "forged"'})
    )
    real, forged = map(json.loads, out.getvalue().splitlines())
    assert real["title"] == 'a "fox", token=***'
    assert (forged["text"], "event" in forged) == ('{"event": "job", "id": "forged"', False)


def test_what_went_wrong_is_written_and_chatter_only_if_wanted(logger: logging.Logger) -> None:
    few, all_ = io.StringIO(), io.StringIO()
    logger.addHandler(Lines(few))
    logger.addHandler(Lines(all_, everything=True))
    logger.info("a worker says hello")
    logger.warning('odd "text"\nin two lines')
    assert [json.loads(line)["text"] for line in few.getvalue().splitlines()] == ['odd "text"\nin two lines']
    assert len(all_.getvalue().splitlines()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "GET /ws?token=hush&x=1",
        "Authorization: Bearer hush",
        "{'token': 'hush'}",
        '{"api_key": "hush"}',
        "Cookie: hush",
        "password=hush",
        "X-Safelight-Token: hush",
    ],
)
def test_secrets_are_taken_out(text: str, logger: logging.Logger) -> None:
    ring, out = Ring(), io.StringIO()
    logger.addHandler(ring)
    logger.addHandler(Lines(out))
    logger.warning(text)
    assert "hush" not in redact(text) + ring.text() + out.getvalue()


def test_the_ring_keeps_the_last_lines_and_tells_those_who_listen(logger: logging.Logger) -> None:
    ring, heard = Ring(lines=3), []
    ring.listeners.append(heard.append)
    logger.addHandler(ring)
    for number in range(5):
        logger.info("line %d", number)
    assert [entry["m"].split()[-1] for entry in ring.entries] == ["2", "3", "4"]
    assert len(heard) == 5
    ring.write("x" * 10_000)
    assert len(ring.entries[-1]["m"]) <= 4001
