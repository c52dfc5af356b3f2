"""What stands for a piece of ComfyUI that is not offered: it can be imported, named and subclassed.

Only using it is an error, which names the piece and the pack, so that one node that needs it does not take
down the others of its pack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from safelight.core.error import SafelightError

REMEDY = "Use a node of Safelight's own for this, or leave this node out."


class MissingApi(SafelightError):
    """A pack used a piece of ComfyUI that is not offered."""

    kind = "missing_api"


class MissingAttribute(MissingApi, AttributeError):
    """The same for an attribute, so that whoever asks whether it is there learns that it is not."""


class Importing:
    """Whether a pack is being imported: then nothing may fail that only prepares."""

    depth = 0

    def __enter__(self) -> None:
        Importing.depth += 1

    def __exit__(self, *raised: object) -> None:
        Importing.depth -= 1


class Meta(type):
    """Classes all of whose attributes are absent too, and that cannot be made outside of an import."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        api = _api(cls)
        if api is None:
            raise AttributeError(name)
        return absent(f"{api}.{name}")

    def __call__(cls, /, *given: Any, **named: Any) -> Any:
        api = _api(cls)
        if api is None:
            return super().__call__(*given, **named)
        if Importing.depth:
            single = len(given) == 1 and not named and callable(given[0])
            return given[0] if single else absent(f"{api}()")
        raise refusal(api)

    def __iter__(cls) -> Iterator[Any]:
        return iter(())

    def __len__(cls) -> int:
        return 0

    def __contains__(cls, one: object) -> bool:
        return False

    def __bool__(cls) -> bool:
        return True

    def __getitem__(cls, key: Any) -> Any:
        return cls

    def __add__(cls, other: Any) -> Any:
        return other

    __radd__ = __add__


def _api(cls: type) -> str | None:
    for one in cls.__mro__:
        api = one.__dict__.get("absent_api")
        if isinstance(api, str):
            return api
    return None


class Absent(metaclass=Meta):
    """The root of all placeholders."""


class AbsentError(Exception, metaclass=Meta):
    """The same for what looks like an exception, since `except` takes nothing else."""


_made: dict[str, Any] = {}


def absent(api: str) -> Any:
    """The placeholder for a dotted name of ComfyUI."""
    if api not in _made:
        last = api.rpartition(".")[2]
        root: type = AbsentError if last.endswith(("Error", "Exception")) else Absent
        name = last if last.isidentifier() else "Absent"
        _made[api] = cast(Callable[..., Any], Meta)(
            name, (root,), {"absent_api": api, "__module__": api.rpartition(".")[0]}
        )
    return _made[api]


def is_absent(value: object) -> bool:
    """Whether a value is a placeholder itself, or a class made from one."""
    return isinstance(value, Meta) and _api(value) is not None


def missing_in(value: object) -> str | None:
    """The name that a class lacks, if it is made from a placeholder."""
    return _api(value) if isinstance(value, Meta) else None


def refusal(api: str, *, attribute: bool = False) -> MissingApi:
    """The error for using a piece that is not offered, or for asking an object for it."""
    from safelight.compat.shims.call import current

    call = current()
    pack = f"the pack '{call.pack}'" if call is not None and call.pack else "this pack"
    kind = MissingAttribute if attribute else MissingApi
    return kind(f"{pack} needs ComfyUI's {api}, which is not offered here", remedy=REMEDY)
