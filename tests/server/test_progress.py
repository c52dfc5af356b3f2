from __future__ import annotations

import json

from server.progress import Progress


def sent(nodes: int) -> int:
    """How much is sent of a job with so many nodes, one running after the other."""
    progress = Progress("job")
    progress.known = {str(number) for number in range(nodes)}
    size = 0
    for number in range(nodes):
        progress.begin(str(number))
        size += len(json.dumps(progress.state()))
        progress.finish(str(number))
        size += len(json.dumps(progress.state()))
    return size


def test_what_is_sent_of_a_long_job_grows_with_its_nodes_and_not_with_their_square() -> None:
    assert sent(2000) < 2.2 * sent(1000)


def test_a_small_job_is_told_whole_each_time() -> None:
    progress = Progress("job")
    for number in range(40):
        progress.begin(str(number))
        progress.finish(str(number))
    assert len(progress.state()["nodes"]) == 40


def test_a_node_within_a_node_within_a_node_is_shown_at_the_outermost() -> None:
    progress = Progress("job")
    progress.known = {"5", "7.1"}
    progress.begin("5.a")
    progress.begin("5.a.3.b")
    assert progress.place("5.a") == ("5", "5")
    assert progress.place("5.a.3.b") == ("5", "5.a")
    assert progress.place("7.1") == ("7.1", None)
    assert progress.place("9.unknown") == ("9.unknown", None)
