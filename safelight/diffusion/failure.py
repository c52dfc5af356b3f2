"""What can go wrong with models, as fields first and as text second.

    DiffusionError
      - ModelFileError      a file is missing, truncated, a pickle, or of no known family
      - DeviceMemoryError   a model or a step does not fit; carries sizes
      - PictureError        a picture file is missing, damaged or cannot be written
      - MediaError          the same of films and sounds
      - UnsupportedError    asked for something that this build or this model cannot do

The text reads `problem. remedy`. This module imports no torch.
"""

from __future__ import annotations


def megabytes(size: int) -> str:
    """A size in bytes as people read it: `812 MB`, `6.9 GB`."""
    if size >= 1_000_000_000:
        return f"{size / 1_000_000_000:.1f} GB"
    return f"{max(1, round(size / 1_000_000))} MB"


class DiffusionError(Exception):
    """A problem, and what to do about it."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        text = self.problem if self.problem.endswith((".", "!", "?")) else f"{self.problem}."
        return f"{text} {self.remedy}".rstrip()


class ModelFileError(DiffusionError):
    """A model file is missing, damaged, a pickle, or nothing that is known here."""


class UnsupportedError(DiffusionError):
    """Something was asked for that this model or this build cannot do."""


class DeviceMemoryError(DiffusionError):
    """Memory ran out, or would; `needed` and `available` are in bytes where they are known."""

    def __init__(
        self, problem: str, remedy: str = "", *, needed: int | None = None, available: int | None = None
    ) -> None:
        super().__init__(problem, remedy)
        self.needed = needed
        self.available = available


class PictureError(DiffusionError):
    """A picture file is missing, damaged or cannot be written."""


class MediaError(DiffusionError):
    """A film or a sound file is missing, damaged, of no known kind, or cannot be written."""
