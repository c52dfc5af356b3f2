"""Peer: whom a request counts for: an address, and of IPv6 the network that one line has for itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from aiohttp import web

NETWORK = 64
"""Bits of an IPv6 address that tell lines apart; whoever has one has all the addresses below it."""
FORWARDED = "X-Forwarded-For"
HOPS_MAX = 32
"""Proxies behind one another that are looked through."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def peer(address: str | None) -> str:
    """The same text for all connections of one client; what is no address counts as itself."""
    read = _address(address)
    if read is None:
        return address or ""
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    return str(ipaddress.ip_network((read, NETWORK), strict=False))


class Peers:
    """Tells clients apart, those behind the proxies of certain addresses or networks too.

    What anybody else says of whom they speak for is not believed.
    """

    def __init__(self, proxies: Iterable[str] = ()) -> None:
        """ValueError if one of them is neither an address nor a network."""
        self._proxies = tuple(ipaddress.ip_network(one, strict=False) for one in proxies)

    def trusts(self, address: str | None) -> bool:
        """Whether this is one of the proxies."""
        read = _address(address)
        return read is not None and any(read in network for network in self._proxies)

    def of(self, request: web.Request) -> str:
        """Whom a request counts for: the last one on its way that is no proxy of ours."""
        last = request.remote
        hops = ",".join(request.headers.getall(FORWARDED, ())).split(",")[-HOPS_MAX:]
        while hops and self.trusts(last):
            hop = _address(hops.pop().strip())
            if hop is None:
                break
            last = str(hop)
        return peer(last)

    def is_secure(self, request: web.Request) -> bool:
        """Whether the client's own connection is encrypted, as far as that is known."""
        forwarded = request.headers.get("X-Forwarded-Proto", "") if self.trusts(request.remote) else ""
        return request.secure or forwarded.strip().lower() == "https"


def _address(text: str | None) -> Address | None:
    """An address as it is on the wire; one of IPv4 also where IPv6 carries it."""
    try:
        read = ipaddress.ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    return (read.ipv4_mapped or read) if isinstance(read, ipaddress.IPv6Address) else read
