"""The graph model alone, without a browser: the tests in `web/test`, run with everything else."""

from __future__ import annotations

import subprocess
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"


def test_the_graph_model_passes_its_own_tests(node: str) -> None:
    done = subprocess.run(
        [node, str(WEB / "node_modules" / "vitest" / "vitest.mjs"), "run"],
        cwd=WEB,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
