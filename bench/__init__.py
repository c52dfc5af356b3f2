"""Measurements of what Safelight promises: `python -m bench.NAME`."""
