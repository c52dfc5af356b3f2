"""The types that films and sounds are sent with: the same on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.route.view import content_type


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("a.mp4", "video/mp4"),
        ("A.MKV", "video/x-matroska"),
        ("a.webm", "video/webm"),
        ("a.flac", "audio/flac"),
        ("a.mp3", "audio/mpeg"),
        ("a.opus", "audio/ogg"),
        ("a.wav", "audio/wav"),
    ],
)
def test_what_players_play_is_sent_as_that(name: str, type: str) -> None:
    assert content_type(Path(name)) == (type, True)
