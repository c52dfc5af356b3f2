from __future__ import annotations

from server.job.shelf import Shelf


def test_what_was_not_asked_for_the_longest_makes_room() -> None:
    shelf = Shelf(size=10, longest=5)
    shelf.put(1, "aaaa")
    shelf.put(2, "bbbb")
    assert shelf.get(1) == "aaaa"
    shelf.put(3, "cccc")
    assert (shelf.get(1), shelf.get(2), shelf.get(3)) == ("aaaa", None, "cccc")
    assert shelf.size == 8


def test_a_long_text_pushes_out_nothing() -> None:
    shelf = Shelf(size=10, longest=5)
    shelf.put(1, "aaaa")
    shelf.put(2, "b" * 6)
    assert (shelf.get(1), shelf.get(2)) == ("aaaa", None)
