"""Cause: why a node did not run, in one of a few words."""

from __future__ import annotations

CAUSES = (
    "ran",
    "model file",
    "package",
    "network",
    "device",
    "refused",
    "family",
    "no input",
    "timeout",
    "died",
    "not reached",
    "error",
)
LENGTH = 700
MARKS = (
    ("timeout", ("TimeoutError: it took too long",)),
    ("refused", ("which is not offered here", "MissingApi")),
    (
        "family",
        (
            "enabling regional conditioning for",
            "KeyError: 't5xxl'",
            "KeyError: 'g'",
            "Verify that this is a",
            "Model not supported by",
            "stable_cascade",
            "Only SDXL",
            "only SDXL",
        ),
    ),
    (
        "network",
        (
            "URLError",
            "Tried all urls to download",
            "ConnectionError",
            "HTTPError",
            "Name or service not known",
            "Max retries",
            "offline mode",
            "ConnectError",
            "LocalEntryNotFound",
            "OfflineModeIsEnabled",
            "huggingface.co",
            "NameResolution",
            "Failed to download",
            "Download failed",
            "api_key",
            "API key",
        ),
    ),
    (
        "device",
        (
            "CUDA",
            "cuda",
            "NVIDIA",
            "nvidia",
            "triton",
            "$DISPLAY",
            "webcam",
            "clipboard",
            "xclip",
            "flash attention",
            "Flash attention",
            "sageattn",
            "sageattention",
        ),
    ),
    (
        "package",
        (
            "ModuleNotFoundError",
            "ImportError",
            "not installed",
            "isn't installed",
            "you need to install",
            "requires the",
            "pip install",
        ),
    ),
    (
        "model file",
        (
            "no file",
            "not found",
            "No such file",
            "not one of its choices",
            "FileNotFoundError",
            "Choose a file",
            "does not exist",
            "is the name of no",
            "is not the name of",
            "Cannot find model",
            "no model_index.json",
        ),
    ),
)
"""What a text has to hold to mean a cause, the surest first."""


def words(error: BaseException) -> str:
    """An error with what led to it."""
    chain: list[str] = []
    at: BaseException | None = error
    while at is not None and len(chain) < 5:
        chain.append(f"{type(at).__name__}: {at}")
        at = at.__cause__ or at.__context__
    return " <- ".join(chain)[:LENGTH]


def cause(text: str, lacking: bool) -> str:
    """The cause that an error's words mean; `lacking` if an input had no file to choose."""
    for name, marks in MARKS:
        if any(mark in text for mark in marks):
            return name
    return "model file" if lacking else "error"
