"""`safelight new-pack`: a pack that works at once, to start from."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path

from safelight import home
from safelight.cli.outcome import DONE
from safelight.compat.shims.trust import Trust
from safelight.core.error import SafelightError

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*")

NODE = '''\
"""{title}: the nodes of this pack. Each typed function is a node."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, node

Warmth = Annotated[float, Number(min=-1.0, max=1.0, step=0.05, tip="Above 0 warmer, below 0 cooler.")]


@node("{id}Tint", category="{name}", title="{title}: Tint")
def tint(image: Image, warmth: Warmth = 0.2) -> Image:
    """Make a picture warmer or cooler."""
    import torch

    gains = torch.tensor([1.0 + warmth / 2, 1.0, 1.0 - warmth / 2])
    colours = (image[..., :3] * gains).clamp(0.0, 1.0)
    return torch.cat([colours, image[..., 3:]], dim=-1)
'''

TEST = '''\
"""Run with `pytest` in this folder."""

from __future__ import annotations

import torch

from safelight.testing import Bench, check_pack


def test_the_pack_keeps_the_rules(pack):
    check_pack(pack)


def test_warmth_moves_red_and_blue_apart(bench: Bench):
    grey = torch.full((1, 8, 8, 3), 0.5)
    (warm,) = bench.run("{id}Tint", image=grey, warmth=1.0)
    assert warm[..., 0].min() > warm[..., 2].max()


def test_no_warmth_changes_nothing(bench: Bench):
    picture = torch.rand(1, 8, 8, 3)
    assert torch.equal(bench.run("{id}Tint", image=picture, warmth=0.0)[0], picture)
'''

CONFTEST = '''\
"""Gives the tests the fixtures `pack` and `bench`."""

from safelight.testing import bench, pack

__all__ = ["bench", "pack"]
'''

README = """\
# {title}

Nodes for Safelight. Put this folder into `custom_nodes` of the data folder.

| node | what it does |
|---|---|
| {id}Tint | makes a picture warmer or cooler |

Saving a file of the pack puts its nodes in place of the old ones in a running server. `pytest` runs
its tests.
"""

PYPROJECT = """\
[project]
name = "{name}"
version = "0.1.0"
description = "Nodes for Safelight."
requires-python = ">=3.11"
# What the nodes import beside Safelight, torch and Pillow: a conflict is told before the pack is loaded.
dependencies = []

[tool.pytest.ini_options]
addopts = ["--import-mode=importlib"]
"""


def main(args: Namespace) -> int:
    """Write the pack and say what to do next."""
    data = home.locate(args.data)
    home.prepare(data)
    folder = write(args.name, data / "custom_nodes")
    Trust.read(data).allow([folder.name])
    print(f"{folder} is ready. Test it with: pytest {folder}")
    return DONE


def write(name: str, where: Path) -> Path:
    """Write a pack of this name into a folder; SafelightError if that cannot be."""
    if not NAME.fullmatch(name):
        raise SafelightError(
            f"'{name}' is no name for a pack", remedy="Use letters, digits and - or _, such as my-nodes."
        )
    folder = where / name
    if folder.exists():
        raise SafelightError(f"{folder} is there already", remedy="Choose another name.")
    words = re.split(r"[-_]", name)
    id = "".join(word[:1].upper() + word[1:] for word in words)
    fields = {"name": name, "title": " ".join(words).capitalize(), "id": id}
    files = {
        "__init__.py": NODE,
        "tests/test_nodes.py": TEST,
        "conftest.py": CONFTEST,
        "README.md": README,
        "pyproject.toml": PYPROJECT,
    }
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(**fields), encoding="utf-8")
    return folder
