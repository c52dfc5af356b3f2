"""Gives the tests the fixtures `pack` and `bench`."""

from safelight.testing import bench, pack

__all__ = ["bench", "pack"]
