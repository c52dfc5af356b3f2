"""Animations as files."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from PIL import Image, ImageSequence

from safelight.diffusion import animation, picture

FRAMES = torch.linspace(0, 1, 3)[:, None, None, None].repeat(1, 4, 6, 3)
PROMPT, WORKFLOW = {"1": {"class_type": "A"}}, {"version": 0.4}


def test_an_apng_holds_its_frames_and_its_workflow(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    animation.save_png(FRAMES, path, fps=8, prompt=PROMPT, workflow=WORKFLOW)
    with Image.open(path) as file:
        assert [frame.info["duration"] for frame in ImageSequence.Iterator(file)] == [125] * 3
    torch.testing.assert_close(picture.load(path)[0], FRAMES, atol=1 / 255, rtol=0)
    raw = path.read_bytes()
    assert b"comf" + b"prompt\0" + json.dumps(PROMPT).encode() in raw
    assert b"comf" + b"workflow\0" + json.dumps(WORKFLOW).encode() in raw


def test_a_webp_holds_its_frames_and_its_workflow(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    animation.save_webp(FRAMES, path, fps=4, prompt=PROMPT, workflow=WORKFLOW)
    with Image.open(path) as file:
        assert file.n_frames == 3
        assert file.getexif()[animation.MODEL] == f"prompt:{json.dumps(PROMPT)}"
        assert file.getexif()[animation.MAKE] == f"workflow:{json.dumps(WORKFLOW)}"
    torch.testing.assert_close(picture.load(path)[0], FRAMES, atol=1 / 255, rtol=0)


def test_losses_make_it_smaller(tmp_path: Path) -> None:
    noisy = torch.rand(2, 64, 64, 3, generator=torch.Generator().manual_seed(1))
    for lossless in (True, False):
        animation.save_webp(noisy, tmp_path / f"{lossless}.webp", fps=4, lossless=lossless, quality=20)
    assert (tmp_path / "False.webp").stat().st_size < (tmp_path / "True.webp").stat().st_size / 2
