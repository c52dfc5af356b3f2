"""What a wheel carries: all that a first run needs, and nothing of the workshop."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import safelight

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.iterdir()
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_workflows_model_and_nodes(shipped: set[str]) -> None:
    workflows = {
        f"safelight/{path.relative_to(ROOT)}" for path in (ROOT / "workflows").rglob("*") if path.is_file()
    }
    packages = {
        path.relative_to(ROOT).as_posix()
        for package in ("safelight", "nodes")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert len(workflows) >= 6
    assert workflows | packages <= shipped
    assert any(name.endswith("emoji/unet/diffusion_pytorch_model.safetensors") for name in shipped)


def test_the_wheel_carries_the_editor(shipped: set[str]) -> None:
    assert "safelight/web/index.html" in shipped
    assert any(name.startswith("safelight/web/assets/") and name.endswith(".js") for name in shipped)


def test_the_wheel_leaves_the_workshop_at_home(shipped: set[str]) -> None:
    tops = {name.split("/")[0] for name in shipped if ".dist-info/" not in name}
    assert tops <= {"safelight", "nodes", "server", "custom_nodes"}
    assert any(name.endswith("licenses/LICENSE") for name in shipped)


def test_the_version_is_written_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == safelight.__version__
