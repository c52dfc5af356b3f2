"""The routes that packs declare: in the table that they decorate with, and in the application itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Routes:
    """The table, as packs have it; what a pack declared can be taken out again."""

    def __init__(self) -> None:
        from aiohttp import web

        self._make = web.RouteTableDef
        self._kept: list[Any] = []
        self.table = web.RouteTableDef()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.table, name)

    def __iter__(self) -> Iterator[Any]:
        yield from self._kept
        yield from self.table

    def __len__(self) -> int:
        return len(self._kept) + len(self.table)

    def keep(self, routes: list[Any]) -> None:
        """Have these routes and no others."""
        self._kept, self.table = list(routes), self._make()


def in_application(app: Any) -> Iterator[Any]:
    """The routes that packs gave to the application, as definitions that another one can take."""
    from aiohttp import web

    for route in app.router.routes():
        if route.method == "HEAD" or route.resource is None:
            continue  # one that gets answers that as well
        info = route.resource.get_info()
        if "directory" in info:
            yield web.StaticDef(info["prefix"], info["directory"], {})
        else:
            yield web.RouteDef(route.method, route.resource.canonical, route.handler, {})


def of_pack(route: Any, module: str, folder: Path) -> bool:
    """Whether a route or a handler is a pack's: by the module of its code, or by where its files are."""
    if hasattr(route, "prefix"):
        return Path(route.path).resolve().is_relative_to(folder)
    named = str(getattr(getattr(route, "handler", route), "__module__", ""))
    return named == module or named.startswith(f"{module}.")
