"""Peer: whom a connection counts for: an address, and of IPv6 the network that one line has for itself."""

from __future__ import annotations

import ipaddress

NETWORK = 64
"""Bits of an IPv6 address that tell lines apart; whoever has one has all the addresses below it."""


def peer(address: str | None) -> str:
    """The same text for all connections of one client; what is no address counts as itself."""
    try:
        read = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((read, NETWORK), strict=False))
