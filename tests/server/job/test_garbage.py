"""Whatever stands in a prompt, it is accepted or refused with a sentence, and never breaks anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from safelight.core.folder import Folders
from safelight.core.registry import Registry
from server.admission import _new_job
from server.answer import Refused, dump
from server.job import JobStore, NewJob
from server.verdict import Verdict, judge
from server.wish import Unacceptable, Wish, read_wish

REGISTRY = Registry().load("nodes")
TYPES = [
    "KSampler",
    "SaveImage",
    "PreviewImage",
    "LoadImage",
    "CheckpointLoaderSimple",
    "Nope",
    "EmptyLatentImage",
]
NAMES = [
    "seed",
    "steps",
    "model",
    "images",
    "filename_prefix",
    "image",
    "ckpt_name",
    "width",
    "positive",
    "x.y",
]


def mappings(inner: Any) -> Any:
    return st.dictionaries(st.sampled_from(["__value__", "a", "\ud800"]), inner, max_size=2)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["\ud800", "../../etc/passwd", "\0", "", "emoji"]),
)
links = st.tuples(
    st.sampled_from(["1", "2", "3", "9", 1]), st.sampled_from([0, 1, 7, -1, "0", 0.0, 2**70])
).map(list)
values = st.recursive(
    st.one_of(scalars, links),
    lambda inner: st.one_of(st.lists(inner, max_size=3), mappings(inner)),
    max_leaves=6,
)


typed = st.fixed_dictionaries(
    {
        "class_type": st.sampled_from(TYPES),
        "inputs": st.dictionaries(st.sampled_from(NAMES), values, max_size=5),
    },
    optional={"_meta": st.one_of(scalars, st.fixed_dictionaries({"title": scalars}))},
)
nodes = st.one_of(typed, scalars, st.fixed_dictionaries({"class_type": scalars, "inputs": scalars}))
ids = st.sampled_from(["1", "2", "3", "", "\ud800", "a:b"])
GOOD = {
    "8": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}},
    "9": {"class_type": "PreviewImage", "inputs": {"images": ["8", 0]}},
}
half_good = st.dictionaries(ids, typed, max_size=5).map(lambda bad: {**bad, **GOOD})
bodies = st.fixed_dictionaries(
    {"prompt": st.one_of(st.dictionaries(ids, nodes, max_size=5), half_good, scalars)},
    optional={
        "prompt_id": scalars,
        "number": scalars,
        "front": scalars,
        "client_id": scalars,
        "extra_data": st.one_of(scalars, st.dictionaries(st.sampled_from(["extra_pnginfo", "a"]), values)),
        "partial_execution_targets": st.one_of(scalars, st.lists(scalars, max_size=2)),
    },
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(bodies, st.fixed_dictionaries({"prompt": half_good})))
def test_a_prompt_is_accepted_or_refused_and_nothing_else(
    tmp_path_factory: Any, body: dict[str, Any]
) -> None:
    folders = Folders(tmp_path_factory.getbasetemp())
    wish = wished(body)
    if wish is None:
        return
    verdict = judge(wish.prompt, REGISTRY, folders, wish.targets)
    json.loads(dump(verdict.node_errors))
    if verdict.error is not None:
        assert verdict.error["message"]
        assert verdict.error["details"]
        json.loads(dump(verdict.error))
    else:
        assert verdict.roots
        new = kept(wish, verdict)
        if new is None:
            return
        event("accepted")
        store = opened(tmp_path_factory)
        job = store.accept(new)
        assert job.tree()
        store.close()


def wished(body: dict[str, Any]) -> Wish | None:
    try:
        return read_wish(body)
    except Refused as refused:
        return None if refused.message else Wish("", {})


def kept(wish: Wish, verdict: Verdict) -> NewJob | None:
    """What is kept of a wish, or None where it says what no JSON can: a NaN beside what runs."""
    try:
        return _new_job(wish, verdict)
    except Unacceptable as refused:
        told = refused.error
    assert told["message"].endswith("holds NaN or an infinity")
    assert told["details"]
    return None


def opened(tmp_path_factory: Any) -> JobStore:
    path: Path = tmp_path_factory.mktemp("garbage") / "jobs.sqlite"
    store = JobStore(path)
    store._connection.execute("PRAGMA synchronous = OFF")
    return store
