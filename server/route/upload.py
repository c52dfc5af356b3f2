"""Uploads: pictures to start from, and masks painted over them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from server import picture
from server.answer import Refused, reply
from server.bound import parse
from server.place import drop
from server.route.view import locate
from server.state import STATE, State
from server.upload import Placed, Sent, put, receive


async def image(request: web.Request) -> web.StreamResponse:
    """`POST /upload/image`: keep a file; one with the same name and content is used again."""
    state = request.app[STATE]
    sent = await receive(request, _drafts(state))
    return reply(asdict(await asyncio.to_thread(put, state, sent)))


async def mask(request: web.Request) -> web.StreamResponse:
    """`POST /upload/mask`: keep the picture that `original_ref` names, with the upload's alpha channel."""
    state = request.app[STATE]
    sent = await receive(request, _drafts(state))
    try:
        placed = await picture.beside(_mask, state, sent)
    finally:
        drop(sent.draft)
    return reply(asdict(placed))


def _mask(state: State, sent: Sent) -> Placed:
    ref = parse(sent.texts.get("original_ref", "").encode())
    if not isinstance(ref, dict) or not all(isinstance(value, str) for value in ref.values()):
        raise Refused(400, "bad_reference", "original_ref names no picture", 'Send {"filename": "..."}.')
    original = locate(state, ref)
    return put(state, sent, data=picture.masked(original, sent.draft, sent.name))


def _drafts(state: State) -> Path:
    return state.data / "temp"


ROUTES = (
    web.post("/upload/image", image),
    web.post("/upload/mask", mask),
)
