"""What a model does not have here: asking for it names the API."""

from __future__ import annotations

from typing import Any

from safelight.compat.shims.absent import refusal


class Missing:
    """A part of a model's inside: it can be had and looked for, and its use is refused by name."""

    def __init__(self, api: str) -> None:
        self.__dict__["_api"] = api

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise refusal(f"{self._api}.{name}", attribute=True)

    def __setattr__(self, name: str, value: Any) -> None:
        raise refusal(f"{self._api}.{name}", attribute=True)

    def __call__(self, *given: Any, **named: Any) -> Any:
        raise refusal(self._api)
