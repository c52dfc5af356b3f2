from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from safelight.core.error import SafelightError
from server.job import DuplicateJob, Ending, JobStore, NewJob, Query, StoreBusy, StoreFull

Make = Callable[..., NewJob]


def new(client: str = "ann", **fields: Any) -> NewJob:
    fields = {"id": str(uuid4()), "prompt": '{"1":{"class_type":"Save"}}', "roots": ["1"], **fields}
    return NewJob(client_id=client, **fields)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    opened = JobStore(tmp_path / "jobs.sqlite")
    yield opened
    opened.close()


def ids(jobs: list[Any]) -> list[str]:
    return [job.id for job in jobs]


def test_what_was_accepted_is_there_when_the_store_is_opened_again(tmp_path: Path) -> None:
    one = JobStore(tmp_path / "jobs.sqlite")
    job = one.accept(
        new(extra_data='{"a": 1}', graph='{"x":{}}', seeds=[2**64 - 1], models=["a.safetensors"])
    )
    one.close()
    other = JobStore(tmp_path / "jobs.sqlite")
    assert other.get(job.id) == job
    assert (job.state, job.number, job.extra_data) == ("queued", 1, '{"a": 1}')
    other.close()


def test_a_second_server_does_not_get_the_store(store: JobStore) -> None:
    with pytest.raises(StoreBusy, match="another server has the jobs"):
        JobStore(store.path)


def test_a_file_that_is_no_store_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    path.write_text("this is a diary, not a database " * 100)
    with pytest.raises(SafelightError, match="cannot be used"):
        JobStore(path)
    assert path.read_text().startswith("this is a diary")


def test_a_store_of_a_newer_program_is_not_touched(tmp_path: Path) -> None:
    JobStore(tmp_path / "jobs.sqlite").close()
    with sqlite3.connect(tmp_path / "jobs.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(SafelightError, match="has version 99"):
        JobStore(tmp_path / "jobs.sqlite")


def test_a_store_that_cannot_grow_accepts_nothing_and_keeps_what_it_has(store: JobStore) -> None:
    kept = store.accept(new())
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreFull, match="cannot be written"):
        store.together(
            [lambda store: store.accept(new()), lambda store: store.accept(new(prompt="x" * 100_000))]
        )
    assert ids(store.queue()[1]) == [kept.id]
    store._connection.execute("PRAGMA max_page_count = 100000")
    assert store.accept(new()).number == 2


def test_of_changes_made_together_one_that_fails_is_undone_alone(store: JobStore) -> None:
    first = new()
    changes: list[Callable[[JobStore], Any]] = [
        lambda it: it.accept(first).id,
        lambda it: it.accept(new(id=first.id, prompt="{}")),
        lambda it: it.accept(new(id="\ud800")),
        lambda it: it.take("w1").id,  # type: ignore[union-attr]
    ]
    answers = store.together(changes)
    assert [type(one).__name__ for one in answers] == ["str", "DuplicateJob", "UnicodeEncodeError", "str"]
    assert answers[0] == answers[3] == first.id
    assert store.count() == 1


def test_sending_a_job_again_is_answered_as_the_first_time_and_another_with_its_id_is_refused(
    store: JobStore,
) -> None:
    first = new()
    job = store.accept(first)
    assert store.accept(first) == job
    with pytest.raises(DuplicateJob, match="another job's"):
        store.accept(new(id=first.id, prompt="{}"))
    assert store.count() == 1


def test_a_job_goes_from_waiting_to_running_to_its_end(store: JobStore) -> None:
    id = store.accept(new()).id
    taken = store.take("w1")
    assert taken is not None
    assert (taken.id, taken.state, taken.attempt, taken.worker) == (id, "running", 1, "w1")
    assert store.take("w2") is None
    shown = {"9": {"images": [{"filename": "a.png", "subfolder": "", "type": "output"}], "animated": [False]}}
    assert store.finish(id, Ending("done", outputs=shown, nodes={"9": {"state": "ran"}}))
    assert not store.finish(id, Ending("failed"))
    job = store.get(id)
    assert job is not None
    assert (job.state, job.worker, job.outputs_count, job.previewable_count) == ("done", None, 1, 1)
    assert job.preview == {**shown["9"]["images"][0], "nodeId": "9", "mediaType": "images"}
    assert json.loads(store.results([job.seq])[job.seq].outputs) == shown


def test_a_job_whose_worker_died_is_next_again_and_deaths_without_progress_are_counted(
    store: JobStore,
) -> None:
    id = store.accept(new()).id
    store.accept(new(front=True))
    store.cancel(store.queue()[1][0].id)
    store.take("w1")
    later = store.accept(new(front=True)).id
    deaths = []
    for marker in ("3 nodes", "3 nodes", "4 nodes", "4 nodes"):
        store.note(id, marker)
        job = store.requeue(id, died=True)
        assert job is not None
        deaths.append(job.deaths)
        again = store.take("w2")
        assert again is not None
        assert again.id == id
    assert deaths == [1, 2, 1, 2]
    assert again.attempt == 5
    assert store.queue()[1][0].id == later


def test_after_a_crash_of_the_server_what_ran_waits_again_at_its_place(tmp_path: Path) -> None:
    store = JobStore(tmp_path / "jobs.sqlite")
    first, second, third = (store.accept(new()).id for _ in range(3))
    store.take("w1")
    store.take("w2")
    store.cancel(second)
    store.close()
    store = JobStore(tmp_path / "jobs.sqlite")
    assert [(job.id, job.deaths) for job in store.recover()] == [(first, 0)]
    assert ids(store.queue()[1]) == [first, third]
    stopped = store.get(second)
    assert stopped is not None
    assert stopped.state == "cancelled"
    store.close()


def test_a_job_can_be_cancelled_in_any_state(store: JobStore) -> None:
    waiting, running = store.accept(new()).id, store.accept(new(front=True)).id
    store.take("w1")
    assert [store.cancel(id) for id in (waiting, running, running)] == ["queued", "running", "running"]
    job = store.get(running)
    assert job is not None
    assert (job.state, job.stopping) == ("running", True)
    store.finish(running, Ending("cancelled"))
    assert store.cancel(running) == "cancelled"
    assert store.cancel("unknown") is None
    assert store.count() == 0


def test_a_paused_queue_takes_jobs_in_but_not_up_also_after_a_restart(tmp_path: Path) -> None:
    store = JobStore(tmp_path / "jobs.sqlite")
    store.pause()
    store.close()
    store = JobStore(tmp_path / "jobs.sqlite")
    id = store.accept(new()).id
    assert store.paused
    assert store.take("w1") is None
    store.resume()
    taken = store.take("w1")
    assert taken is not None
    assert taken.id == id
    store.close()


def ended(store: JobStore, **fields: Any) -> str:
    id = store.accept(new(**fields)).id
    store.take("w1")
    store.finish(id, Ending("done"))
    return id


def test_history_is_found_by_text_workflow_model_and_seed(store: JobStore) -> None:
    cat = ended(store, texts="A Grüne Katze\nKSampler", seeds=[7, 2**64 - 1], models=["SD15.safetensors"])
    dog = ended(store, texts="a dog\nKSampler", workflow_id="w-1", seeds=[7], models=["sdxl.safetensors"])

    def found(**fields: Any) -> list[str]:
        return ids(store.find(Query(**fields))[0])

    assert found() == [dog, cat]
    assert found(text="GRÜNE ksampler") == [cat]
    assert found(text="dog katze") == []
    assert found(workflow="w-1") == [dog]
    assert found(model="sd15") == [cat]
    assert found(seed=2**64 - 1) == [cat]
    assert found(seed=7, model=".safetensors", text="a") == [dog, cat]
    assert found(text="%") == []
    assert found(states=["failed"]) == []


def test_history_is_paged_without_gaps_while_jobs_are_added(store: JobStore) -> None:
    all_ids = [ended(store) for _ in range(23)]
    seen: list[str] = []
    before = None
    while True:
        page, _ = store.find(Query(limit=5, before=before))
        if not page:
            break
        seen += ids(page)
        before = page[-1].seq
        ended(store)
    assert seen == all_ids[::-1]


def test_only_the_newest_jobs_that_ended_are_kept_and_none_that_waits_is_forgotten(tmp_path: Path) -> None:
    store = JobStore(tmp_path / "jobs.sqlite", keep=5)
    waiting = ids([store.accept(new(number=1e6)) for _ in range(20)])
    done = [ended(store) for _ in range(12)]
    store.trim()
    assert ids(store.find(Query())[0]) == done[:-6:-1]
    assert ids(store.queue()[1]) == waiting
    left = store._connection.execute("SELECT count(*) FROM body").fetchone()[0]
    assert left == 25
    store.close()


def test_forgetting_history_leaves_the_queue_alone(store: JobStore) -> None:
    one, two = ended(store), ended(store)
    waiting = store.accept(new()).id
    assert store.delete_history([one, waiting]) == 1
    assert store.clear_history(store.last_end()) == 1
    assert (store.get(two), store.count()) == (None, 1)


def test_a_clock_that_is_put_back_changes_no_order_and_makes_no_time_negative(tmp_path: Path) -> None:
    hour, times = 3_600_000, iter([10, 11, 12, 10.5, 10.6, 10.7, 10.8, 9, 9.1])
    store = JobStore(tmp_path / "jobs.sqlite", now=lambda: int(next(times) * hour))
    for _ in range(3):
        job = store.accept(new())
        store.take("worker-1")
        store.finish(job.id, Ending("done"))
    found, _ = store.find(Query())
    assert [job.seq for job in found] == [3, 2, 1], "the newest first"
    assert all(job.ended >= job.started for job in found if job.ended and job.started)
    assert store.clear_history(store.last_end()) == 3, "what seems to end later is forgotten too"
    store.close()


def test_times_that_a_wrong_clock_left_do_not_last(tmp_path: Path) -> None:
    day, times = 24 * 3_600_000, iter([900, 900, 900, 10, 10, 10])
    store = JobStore(tmp_path / "jobs.sqlite", now=lambda: int(next(times) * day))
    for _ in range(2):
        job = store.accept(new())
        store.take("worker-1")
        store.finish(job.id, Ending("done"))
    assert store.get(job.id).ended == 10 * day
    store.close()
