"""Login: the page that asks a person for the token, and the cookie that they get for it."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs, urlencode

from aiohttp import web

from server.answer import Refused, refuse
from server.bound import read_body
from server.guard import COOKIE, LOGIN
from server.guess import TooManyGuesses
from server.state import STATE

LONGEST = 4096
"""Bytes of a login form."""
MONTH = 30 * 24 * 3600

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Safelight</title>
<meta name="viewport" content="width=device-width">
<style>
body {{ background: #131110; color: #ece5df; font: 16px/1.5 system-ui, sans-serif; margin: 0;
  display: grid; place-items: center; min-height: 100vh }}
form {{ background: #1b1817; border: 1px solid #2c2624; border-radius: 10px; padding: 28px;
  display: grid; gap: 12px; width: min(340px, 86vw) }}
h1 {{ font-size: 20px; margin: 0 }}
p {{ margin: 0; color: #9a8f88 }}
input, button {{ font: inherit; padding: 9px 12px; border-radius: 6px; border: 1px solid #2c2624 }}
input {{ background: #131110; color: inherit }}
button {{ background: #ff4a2b; color: #1b0904; border: 0; font-weight: 600 }}
.wrong {{ color: #ff8a73 }}
</style>
<form method="post" action="/safelight/login"><h1>Safelight</h1>
<p{wrong}>{text}</p>
<input name="token" type="password" aria-label="Token" autofocus autocomplete="current-password">
<button>Open</button></form></html>"""
ASK = "Enter the token that the server was started with."


def ask(request: web.Request) -> web.StreamResponse:
    """What a request without the token gets: the login page for a person, JSON for a program."""
    wants_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    if wants_page:
        return _page(ASK)
    answer = refuse(
        401, "token_required", "This server asks for a token.", "Send it as 'Authorization: Bearer TOKEN'."
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def remember(request: web.Request) -> web.StreamResponse:
    """The answer to `/?token=...`: a cookie, and the same page without the token in its address."""
    rest = urlencode([(name, value) for name, value in request.query.items() if name != "token"])
    return _welcome(request, f"/?{rest}" if rest else "/")


async def login(request: web.Request) -> web.StreamResponse:
    """`POST /safelight/login` with the form's `token`."""
    guard = request.app[STATE].guard
    if guard.token is None:
        raise web.HTTPSeeOther("/")
    try:
        form = parse_qs((await read_body(request, LONGEST)).decode("utf-8", "replace"), max_num_fields=10)
    except ValueError as error:
        raise Refused(400, "bad_form", "The form has too many fields", "Send the field 'token'.") from error
    try:
        if guard.proves(request, form.get("token", [])[:1]):
            return _welcome(request, "/")
    except TooManyGuesses as error:
        return _page(f"{error.message} {error.details}", wrong=True, status=429)
    return _page("That is not the token. Look at what the server printed when it was started.", wrong=True)


def _welcome(request: web.Request, place: str) -> web.StreamResponse:
    answer = web.Response(status=303, headers={"Location": place})
    answer.set_cookie(
        COOKIE,
        request.app[STATE].guard.cookie(),
        max_age=MONTH,
        httponly=True,
        samesite="Strict",
        secure=request.app[STATE].guard.peers.is_secure(request),
    )
    return answer


def _page(text: str, wrong: bool = False, status: int = 401) -> web.Response:
    page = PAGE.format(text=escape(text), wrong=' class="wrong" role="alert"' if wrong else "")
    return web.Response(
        text=page, status=status, content_type="text/html", headers={"Cache-Control": "no-store"}
    )


ROUTES = (web.post(LOGIN, login),)
