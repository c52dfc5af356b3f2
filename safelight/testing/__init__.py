"""For those who write nodes: run one alone or in a graph, and check a whole pack.

In a pack's `conftest.py`, `from safelight.testing import bench, pack` gives its tests these fixtures.
"""

from __future__ import annotations

from safelight.testing.bench import Bench
from safelight.testing.conformance import Breach, breaches, check_pack
from safelight.testing.fixture import bench, pack

__all__ = ["Bench", "Breach", "bench", "breaches", "check_pack", "pack"]
