"""Trust: which packs a person has allowed. A pack is code; nothing of it runs before that."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from safelight.core.error import SafelightError

NAME = "packs.json"


@dataclass
class Trust:
    """The packs of a data folder that are allowed, kept in its `packs.json`."""

    path: Path | None = None
    allowed: set[str] = field(default_factory=set)
    everything: bool = False

    @classmethod
    def all(cls) -> Trust:
        """Allows whatever there is: for a folder of one's own, in tests."""
        return cls(everything=True)

    @classmethod
    def read(cls, data: Path) -> Trust:
        """What was allowed; nothing, if the file is not there. SafelightError if it cannot be read."""
        path = data / NAME
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, {str(name) for name in tree["allowed"]})
        except FileNotFoundError:
            return cls(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SafelightError(
                f"{path} cannot be read: {error}", remedy='It is JSON such as {"allowed": ["my-pack"]}.'
            ) from error

    def allows(self, name: str) -> bool:
        """Whether a pack may be imported."""
        return self.everything or name in self.allowed

    def allow(self, names: Iterable[str]) -> None:
        """Allow packs from now on."""
        self.allowed |= set(names)
        self._write()

    def forbid(self, names: Iterable[str]) -> None:
        """Take that back."""
        self.allowed -= set(names)
        self._write()

    def _write(self) -> None:
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        draft.write_text(json.dumps({"allowed": sorted(self.allowed)}, indent=1) + "\n", encoding="utf-8")
        draft.replace(self.path)
