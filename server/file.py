"""File: a file sent as it is."""

from __future__ import annotations

import os
from pathlib import Path

from aiohttp import web


class WholeFile(web.FileResponse):
    """A file that a client named, and no other: aiohttp would send an `a.gz` beside it for `a`."""

    def _get_file_path_stat_encoding(
        self, _accept_encoding: str
    ) -> tuple[Path | None, os.stat_result, str | None]:
        return super()._get_file_path_stat_encoding("")
