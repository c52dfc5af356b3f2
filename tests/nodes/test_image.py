"""The image nodes, called as the functions that they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from PIL import Image as Pillow

from nodes.image.batch.contact_sheet import contact_sheet
from nodes.image.batch.join import join
from nodes.image.batch.split import split
from nodes.image.color.invert import invert
from nodes.image.load import load_image
from nodes.image.load_dataset import load_dataset
from nodes.image.load_folder import load_folder
from nodes.image.load_mask import load_mask
from nodes.image.preview import preview_image
from nodes.image.save import save_image
from nodes.image.upscaling.scale import scale
from nodes.image.upscaling.scale_by import scale_by
from safelight import BadInput, Context, Many, diffusion

RED, BLUE = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    (tmp_path / "input").mkdir()
    prompt = {"1": {"class_type": "SaveImage", "inputs": {}}}
    return Context.plain(tmp_path, prompt=prompt, workflow={"version": 0.4})


def flat(*colour: float, width: int = 4, height: int = 3) -> torch.Tensor:
    """A picture of one colour, as a batch."""
    return torch.tensor(colour).expand(1, height, width, len(colour)).clone()


def put(ctx: Context, name: str, picture: Pillow.Image) -> None:
    path = ctx.folders.root("input") / name
    path.parent.mkdir(exist_ok=True)
    picture.save(path)


def test_a_saved_picture_is_loaded_as_it_was(ctx: Context) -> None:
    levels = (torch.arange(2 * 3 * 4 * 3).reshape(2, 3, 4, 3) * 3) / 255
    assert save_image(ctx, images=levels, filename_prefix="sub/%width%x%height%_%batch_num%") is levels
    assert ctx.shown["images"] == [
        {"filename": "4x3_0_00001_.png", "subfolder": "sub", "type": "output"},
        {"filename": "4x3_1_00001_.png", "subfolder": "sub", "type": "output"},
    ]
    loaded, mask = load_image(ctx, image="sub/4x3_1_00001_.png [output]")
    torch.testing.assert_close(loaded, levels[1:], atol=1 / 255, rtol=0)
    assert mask.max() == 0


def test_a_saved_picture_carries_its_workflow(ctx: Context) -> None:
    save_image(ctx, images=flat(*RED), filename_prefix="a")
    with Pillow.open(ctx.folders.output / "a_00001_.png") as picture:
        texts = picture.info
    assert json.loads(texts["prompt"]) == ctx.prompt
    assert json.loads(texts["workflow"]) == ctx.workflow


def test_each_save_takes_the_next_number_and_notes_its_file(ctx: Context) -> None:
    for _ in range(2):
        save_image(ctx, images=flat(*RED), filename_prefix="a")
    assert [path.name for path in ctx.writes] == ["a_00001_.png", "a_00002_.png"]


def test_a_preview_goes_to_the_temporary_folder(ctx: Context) -> None:
    preview_image(ctx, images=flat(*RED))
    (shown,) = ctx.shown["images"]
    assert shown["type"] == "temp"
    assert (ctx.folders.root("temp") / shown["filename"]).is_file()
    assert not ctx.folders.output.exists()


def test_transparency_becomes_the_mask(ctx: Context) -> None:
    picture = Pillow.new("RGBA", (4, 2), (255, 0, 0, 255))
    picture.paste((0, 255, 0, 0), (2, 0, 4, 2))
    put(ctx, "half.png", picture)
    image, mask = load_image(ctx, image="half.png")
    assert image.shape == (1, 2, 4, 3)
    assert mask.tolist() == [[[0, 0, 1, 1]] * 2]
    assert load_mask(ctx, image="half.png", channel="alpha").tolist() == mask.tolist()
    assert load_mask(ctx, image="half.png", channel="red").tolist() == [[[1, 1, 0, 0]] * 2]
    assert [ref.path.name for ref in ctx.reads] == ["half.png"] * 3


@pytest.mark.parametrize("name", ["../secret.png", "/etc/hostname", "half.png"])
def test_only_files_of_the_input_folder_are_read(ctx: Context, name: str) -> None:
    Pillow.new("RGB", (2, 2)).save(ctx.folders.data / "secret.png")
    with pytest.raises(BadInput):
        load_image(ctx, image=name)


def test_a_folder_is_read_one_picture_at_a_time_in_order(ctx: Context) -> None:
    for number in (3, 1, 2):
        put(ctx, f"set/{number}.png", Pillow.new("RGB", (2, 2), (number, 0, 0)))
    put(ctx, "other.png", Pillow.new("RGB", (2, 2)))
    stream = iter(load_folder(ctx, folder="set"))
    assert next(stream).value[0, 0, 0, 0] == pytest.approx(1 / 255)
    (ctx.folders.root("input") / "set/3.png").unlink()
    assert next(stream).value[0, 0, 0, 0] == pytest.approx(2 / 255)
    with pytest.raises(diffusion.picture.PictureError, match="There is no picture"):
        next(stream)


def test_a_part_of_a_folder_can_be_taken(ctx: Context) -> None:
    for number in range(4):
        put(ctx, f"set/{number}.png", Pillow.new("RGB", (2, 2), (number, 0, 0)))
    assert len(load_dataset(ctx, folder="set")) == 4
    ctx.reads.clear()
    part = load_folder(ctx, folder="set/", start=1, limit=2)
    assert [round(float(item.value.max() * 255)) for item in part] == [1, 2]
    assert [ref.path.name for ref in ctx.reads] == ["set", "1.png", "2.png"], "what the result depends on"
    with pytest.raises(BadInput, match="no pictures"):
        load_folder(ctx, folder="set", start=4)


def test_colours_are_inverted() -> None:
    assert invert(image=flat(*RED))[0, 0, 0].tolist() == [0.0, 1.0, 1.0]


def test_batches_are_joined_at_the_size_of_the_first() -> None:
    both = join(image1=flat(*RED), image2=flat(*BLUE, width=9, height=9))
    assert both.shape == (2, 3, 4, 3)
    torch.testing.assert_close(both[1], flat(*BLUE)[0])


def test_joining_with_transparency_makes_the_other_opaque() -> None:
    both = join(image1=flat(*RED), image2=flat(*BLUE, 0.25))
    assert both[:, 0, 0].tolist() == [[1, 0, 0, 1], [0, 0, 1, 0.25]]


def test_a_batch_is_split_and_laid_out_again() -> None:
    batch = torch.cat([flat(*RED), flat(*BLUE), flat(0.0, 1.0, 0.0)])
    items = split(images=batch)
    assert [tuple(item.shape) for item in items] == [(1, 3, 4, 3)] * 3
    sheet = contact_sheet(images=Many([batch[:2], batch[2:]]), columns=3)
    assert sheet.shape[0] == 1
    assert sheet.shape[2] > 3 * 4 > sheet.shape[1]
    labelled = contact_sheet(images=Many([batch]), columns=3, labels="one\ntwo\nthree")
    assert labelled.shape[1] > sheet.shape[1], "there is room for the labels"


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(8, 6, (6, 8)), (8, 0, (6, 8)), (0, 1, (1, 1)), (0, 0, (3, 4)), (2, 0, (2, 2))],
)
def test_scaling_keeps_the_proportions_where_a_side_is_left_open(
    width: int, height: int, size: tuple[int, int]
) -> None:
    scaled = scale(image=flat(*RED), upscale_method="bilinear", width=width, height=height)
    assert tuple(scaled.shape[1:3]) == size
    assert scaled.shape[-1] == 3


def test_scaling_by_a_factor() -> None:
    assert scale_by(image=flat(*RED), upscale_method="lanczos", scale_by=2.0).shape == (1, 6, 8, 3)
    assert scale_by(image=flat(*RED), upscale_method="area", scale_by=0.1).shape == (1, 1, 1, 3)
