"""Guard: who may speak to the server. Host, Origin, Sec-Fetch-Site and token, before any route is asked.

A page on the web that a person happens to have open can send requests to `127.0.0.1` too. A browser says
where they come from (Origin, Sec-Fetch-Site), and which name the page believes to speak to (Host), so that a
name that was rebound to this machine is told from the real one.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

from server.answer import Refused
from server.guess import Guesses
from server.peer import Peers

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

STATUSES = (401, 403, 429)
"""How a request can be refused before any route is asked."""
COOKIE = "safelight_token"
HEADER = "X-Safelight-Token"
LOGIN = "/safelight/login"
SOCKETS = ("/ws", "/api/ws")
LOCAL_NAMES = ("localhost",)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone."""
    name = host.strip("[]").rstrip(".").lower()
    if name in LOCAL_NAMES or name.endswith(".localhost"):
        return True
    return _is_address(name) and ipaddress.ip_address(name).is_loopback


@dataclass(frozen=True)
class Guard:
    """The rules of one server: where it listens, further names of it, and the token if one is asked."""

    host: str
    allowed: tuple[str, ...] = ()
    token: str | None = None
    peers: Peers = field(default_factory=Peers, compare=False)
    guesses: Guesses = field(default_factory=Guesses, compare=False)

    def check(self, request: web.Request) -> None:
        """Refused if the request comes from elsewhere than it may; the token is looked at by `knows`."""
        host = request.headers.get("Host", "")
        if not self.admits(host):
            raise Refused(
                403,
                "foreign_host",
                f"This server does not go by the name {host[:200]!r}.",
                "Start it with --allow-host NAME if it is reached under another name on purpose.",
            )
        origin = request.headers.get("Origin")
        if origin is not None and not self.same(origin, host):
            raise Refused(403, "foreign_origin", f"Pages of {origin[:200]!r} may not speak to this server.")
        if request.headers.get("Sec-Fetch-Site") == "cross-site" and not _is_visit(request):
            raise Refused(403, "cross_site", "Other sites may not speak to this server.")

    def admits(self, host: str) -> bool:
        """Whether a `Host` header names this server.

        A rebound name is a name, so where the server listens beyond loopback, addresses are fine.
        """
        name, _ = split_host(host)
        if not name:
            return False
        if is_loopback(name) or name == self.host.lower() or self._is_allowed(host):
            return True
        return not is_loopback(self.host) and _is_address(name)

    def same(self, origin: str, host: str) -> bool:
        """Whether an `Origin` is the page that this server itself serves, or one that is allowed by name."""
        try:
            parts = urlsplit(origin)
            port = parts.port
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return False
        if self._is_allowed(parts.netloc):
            return True
        usual = 443 if parts.scheme == "https" else 80
        name, given = split_host(host)
        return parts.hostname.lower() == name and (port or usual) == (given or usual)

    def knows(self, request: web.Request) -> bool:
        """Whether the request shows the token, or none is asked; TooManyGuesses if many did not."""
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        shown = [request.headers.get(HEADER), bearer.strip() if scheme.lower() == "bearer" else None]
        if request.path in (*SOCKETS, "/"):
            shown.append(request.query.get("token"))
        return self.proves(request, shown, request.cookies.get(COOKIE))

    def proves(self, request: web.Request, shown: Iterable[str | None], cookie: str | None = None) -> bool:
        """Whether one of these is the token; the time that this takes says nothing about it."""
        if self.token is None:
            return True
        pairs = [*((text, self.token) for text in shown), (cookie, self.cookie())]
        found = {_digest(text): _equal(text, right) for text, right in pairs if text}
        if not found:
            return False
        address = self.peers.of(request)
        self.guesses.admit(address, found)
        if any(found.values()):
            return True
        self.guesses.note(address, found)
        return False

    def cookie(self) -> str:
        """What a browser keeps after login: it proves the token without being it."""
        assert self.token is not None
        return hmac.new(self.token.encode(), b"safelight cookie", sha256).hexdigest()

    def _is_allowed(self, host: str) -> bool:
        name, _ = split_host(host)
        return any(one.lower() in (name, host.lower()) for one in self.allowed)


def split_host(host: str) -> tuple[str, int | None]:
    """Name and port of a `Host` header, the name without brackets; an empty name if it is malformed."""
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return "", None
    plain = parts.netloc == host and parts.username is None
    return ((name or "").rstrip("."), port) if plain else ("", None)


def guarding(guard: Guard) -> Middleware:
    """The middleware that asks `guard` first."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        guard.check(request)
        if request.path != LOGIN and not guard.knows(request):
            from server.login import ask

            return ask(request)
        return await handler(request)

    return middleware


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer the headers that browsers heed."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _is_visit(request: web.Request) -> bool:
    """Whether a person followed a link to the page itself: that shows it to them and to nobody else."""
    headers = request.headers
    navigated = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") == "document"
    return navigated and request.method == "GET" and request.path == "/"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(_digest(one), _digest(other))


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def needs_token(host: str, allowed: Iterable[str]) -> bool:
    """Whether a server that listens there, or goes by these names, can be reached from other machines."""
    return not is_loopback(host) or any(not is_loopback(split_host(name)[0]) for name in allowed)
