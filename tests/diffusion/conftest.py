"""The shipped model and a plan, for every test of the library."""

import pytest

from safelight.diffusion import checkpoint
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.plan import Plan


@pytest.fixture(scope="session")
def emoji() -> Checkpoint:
    return checkpoint.load(checkpoint.builtin()["emoji"], digest="e" * 64)


@pytest.fixture(scope="session")
def plan() -> Plan:
    return Plan(threads=1)
