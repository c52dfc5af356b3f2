"""The last lines of a worker's log: bounded, whatever it writes."""

from __future__ import annotations

from server.pool.tail import BURST, LINE_LONGEST, LINES, Tail


def test_lines_are_given_as_they_are_completed() -> None:
    tail = Tail()
    assert tail.feed(b"one\ntw") == ["one"]
    assert tail.feed(b"o\n\n") == ["two"]
    assert tail.feed(b"last words") == []
    assert tail.last() == ("one", "two", "last words")


def test_a_bar_that_is_drawn_again_and_again_is_several_lines() -> None:
    assert Tail().feed(b" 10%\r 20%\r\n") == [" 10%", " 20%"]


def test_bytes_that_are_no_text_are_shown_escaped() -> None:
    assert Tail().feed(b"\xff\xfe ok\n") == ["\\xff\\xfe ok"]


def test_a_flood_is_counted_and_left_out_but_not_its_end() -> None:
    tail = Tail()
    tail.feed(b"first\n")
    for _ in range(100):
        tail.feed(b"x" * 99 + b"\n" + b"y" * BURST)
    tail.feed(b"x" * BURST + b"\nFatal: the reason\n")
    assert tail.left_out > 100 * BURST
    assert tail.last()[-1] == "Fatal: the reason"
    assert tail.last()[0] == "first"


def test_what_comes_after_a_flood_is_read_and_says_what_is_missing() -> None:
    tail = Tail()
    tail.feed(b"x" * (2 * BURST))
    tail._room = BURST
    assert tail.feed(b"calm\n") == ["[512 kB of log left out]", "calm"]


def test_memory_is_bounded_for_lines_without_end_and_without_number() -> None:
    tail = Tail()
    for _ in range(1000):
        tail._room = BURST
        tail.feed(b"x" * 50_000)
    assert len(tail.last()[-1]) <= LINE_LONGEST
    for number in range(3 * LINES):
        tail._room = BURST
        tail.feed(b"%d\n" % number)
    assert len(tail.last(10**6)) == LINES
