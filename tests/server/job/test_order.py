from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from server.job import Ending, JobStore, NewJob

CLIENTS = ("ann", "bob", "cleo")
arrivals = st.tuples(
    st.sampled_from(CLIENTS),
    st.one_of(st.none(), st.integers(-5, 40).map(float)),
    st.booleans(),
)
steps = st.lists(st.one_of(arrivals, st.just("take"), st.just("die")), max_size=40)


def new(client: str, number: float | None = None, front: bool = False, **fields: Any) -> NewJob:
    return NewJob(str(uuid4()), "{}", ["1"], client_id=client, number=number, front=front, **fields)


@contextmanager
def opened() -> Iterator[JobStore]:
    with tempfile.TemporaryDirectory() as folder:
        store = JobStore(Path(folder) / "jobs.sqlite")
        store._connection.execute("PRAGMA synchronous = OFF")  # only the order matters here
        yield store
        store.close()


def drain(store: JobStore) -> list[str]:
    taken = []
    while (job := store.take("w")) is not None:
        taken.append(job.id)
        store.finish(job.id, Ending("done"))
    return taken


@settings(max_examples=40, deadline=None)
@given(steps)
def test_the_queue_shows_the_order_in_which_jobs_are_taken(steps: list[Any]) -> None:
    with opened() as store:
        running: list[str] = []
        for step in steps:
            if step == "take":
                job = store.take("w")
                running += [job.id] if job else []
            elif step == "die":
                if running:
                    store.requeue(running.pop(0), died=True)
            else:
                store.accept(new(*step))
        shown = [job.id for job in store.queue()[1]]
        assert drain(store) == shown


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(CLIENTS), min_size=1, max_size=30))
def test_clients_take_turns_and_each_has_its_jobs_in_the_order_of_their_arrival(clients: list[str]) -> None:
    with opened() as store:
        owner = {store.accept(job).id: client for client in clients for job in [new(client)]}
        arrived = list(owner)
        taken = drain(store)
        for client in CLIENTS:
            mine = [id for id in arrived if owner[id] == client]
            assert [id for id in taken if owner[id] == client] == mine
        owners = [owner[id] for id in taken]
        for place, client in enumerate(owners):
            later = owners[place + 1 :]
            if client in later:  # until its next turn, everybody else who waits has one, and nobody two
                between = later[: later.index(client)]
                assert sorted(between) == sorted(set(later) - {client})


def test_a_client_alone_is_served_by_number_as_comfyui_does() -> None:
    with opened() as store:
        jobs = {
            name: store.accept(new("ann", **fields)).id
            for name, fields in {
                "first": {},
                "second": {},
                "late": {"number": 100.0},
                "between": {"number": 1.5},
                "front": {"front": True},
                "more in front": {"front": True},
            }.items()
        }
        names = {id: name for name, id in jobs.items()}
        order = [names[id] for id in drain(store)]
        assert order == ["more in front", "front", "first", "between", "second", "late"]


def test_a_client_with_one_job_does_not_wait_behind_anothers_hundred() -> None:
    with opened() as store:
        for _ in range(100):
            store.accept(new("ann"))
        store.take("w")
        bob = store.accept(new("bob")).id
        assert drain(store)[0] == bob


def test_a_client_that_sends_one_after_the_other_gets_every_second_turn_and_no_more() -> None:
    with opened() as store:
        for _ in range(6):
            store.accept(new("ann"))
        owners = []
        for _ in range(8):
            if not any(job.client_id == "bob" for job in store.queue()[1]):
                store.accept(new("bob"))
            job = store.take("w")
            assert job is not None
            owners.append(job.client_id)
            store.finish(job.id, Ending("done"))
        assert owners == ["ann", "bob"] * 4


def test_turns_go_on_where_they_were_after_a_restart() -> None:
    with opened() as store:
        for client in ("ann", "ann", "bob", "bob"):
            store.accept(new(client))
        first = store.take("w")
        assert first is not None
        assert first.client_id == "ann"
        store.finish(first.id, Ending("done"))
        store.close()
        again = JobStore(store.path)
        assert [job.client_id for job in again.queue()[1]] == ["bob", "ann", "bob"]
        again.close()


def test_a_worker_is_given_the_job_whose_model_it_has_but_nobody_is_passed_over_for_ever() -> None:
    with opened() as store:
        for _ in range(6):
            store.accept(new("ann", models=["xl"]))
            store.accept(new("bob", models=["sd"]))
        holding = frozenset({"sd"})
        taken = [job.models[0] for _ in range(5) if (job := store.take("w", holding))]
        assert taken == ["sd", "sd", "sd", "xl", "sd"]


def test_a_job_put_in_front_goes_before_one_whose_model_is_loaded() -> None:
    with opened() as store:
        store.accept(new("ann", models=["sd"]))
        front = store.accept(new("ann", front=True, models=["xl"])).id
        job = store.take("w", frozenset({"sd"}))
        assert job is not None
        assert job.id == front
