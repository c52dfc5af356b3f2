"""The worker as a process: `python -m safelight.worker --data DIR`, started by a server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from safelight.worker.process import Options, main


def options(words: Sequence[str] | None = None) -> Options:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        "python -m safelight.worker", description="Run jobs for a server that speaks through the pipes."
    )
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--output", type=Path, help="where pictures go instead of DATA/output")
    parser.add_argument("--device", help="such as cpu or cuda:1, where the settings' is not meant")
    parser.add_argument("--share", type=int, default=1, help="how many workers share cores and memory")
    parser.add_argument("--module", action="append", default=[], help="a further module of nodes to load")
    parser.add_argument("--cold", action="store_true", help="import torch only when it is needed")
    return Options(**vars(parser.parse_args(words)))


if __name__ == "__main__":
    sys.exit(main(options()))
