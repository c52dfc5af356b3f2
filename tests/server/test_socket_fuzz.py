"""A socket that is sent anything: the connection may end, the server never does."""

from __future__ import annotations

import base64
import os
import socket
import struct
from random import Random
from typing import Any

ROUNDS = 150
WORDS = (
    b'{"type":"feature_flags","data":{"supports_preview_metadata":true}}',
    b"{}",
    b"[",
    b"\xff",
    b"null",
    b"",
)


def shaken(live: Any, query: str = "clientId=fuzz") -> socket.socket:
    connection = socket.create_connection((live.host, live.port), timeout=60)
    key = base64.b64encode(os.urandom(16))
    head = f"GET /ws?{query} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    connection.sendall(
        f"{head}Sec-WebSocket-Version: 13\r\n".encode() + b"Sec-WebSocket-Key: " + key + b"\r\n\r\n"
    )
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += connection.recv(1)
    assert answer.startswith(b"HTTP/1.1 101")
    return connection


def frame(random: Random) -> bytes:
    """Something like a frame: good, oversized, unmasked, with reserved bits, cut short, or none at all."""
    data = random.choice([*WORDS, random.randbytes(random.randrange(200))])
    match random.randrange(6):
        case 0:
            return random.randbytes(random.randrange(1, 64))
        case 1:
            return struct.pack(">BBQ", 0x80 | random.randrange(16), 0x80 | 127, random.getrandbits(63))
        case 2:
            return bytes([random.randrange(256), len(data) & 127]) + data
    mask = random.randbytes(4)
    body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
    code = random.choice([1, 1, 1, 2, 0, 8, 9, 10])
    return bytes([0x80 | code, 0x80 | min(len(data), 125)]) + mask + body[:125]


def test_no_frames_bring_the_server_down(live: Any) -> None:
    random = Random(7)
    for _ in range(ROUNDS):
        with shaken(live) as connection:
            try:
                for _ in range(random.randrange(1, 6)):
                    connection.sendall(frame(random))
            except OSError:
                pass  # it was put out, as it may be
    assert live.get("/safelight/health").status == 200
    with shaken(live) as connection:
        assert b'"status"' in connection.recv(4096)


def test_odd_ids_are_taken_as_they_are(live: Any) -> None:
    for query in ("", "clientId=", "clientId=" + "x" * 1000, "clientId=%00%ff", "clientId=a&clientId=b"):
        with shaken(live, query) as connection:
            assert b'"sid"' in connection.recv(8192)
