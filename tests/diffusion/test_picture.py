"""Picture files, their masks, what PNGs carry, and contact sheets."""

import json
from pathlib import Path

import numpy
import pytest
import torch
from PIL import Image

from safelight.diffusion import picture
from safelight.diffusion.failure import PictureError


def test_a_saved_picture_is_read_back_with_its_levels_cut_to_eight_bits(tmp_path: Path) -> None:
    image = torch.rand(5, 7, 3, generator=torch.Generator().manual_seed(0))
    picture.save(image, tmp_path / "a.png")
    pixels, mask = picture.load(tmp_path / "a.png")
    assert torch.equal(pixels[0], (image * 255).floor() / 255)
    assert pixels.dtype == torch.float32
    assert torch.equal(mask, torch.zeros(1, 64, 64))


def test_a_saved_picture_carries_its_prompt_and_workflow(tmp_path: Path) -> None:
    prompt, workflow = {"1": {"class_type": "A"}}, {"nodes": [{"title": "ü"}]}
    picture.save(
        torch.zeros(2, 2, 3), tmp_path / "a.png", prompt=prompt, workflow=workflow, extra={"note": [1]}
    )
    with Image.open(tmp_path / "a.png") as file:
        assert {name: json.loads(text) for name, text in file.text.items()} == {
            "prompt": prompt,
            "workflow": workflow,
            "note": [1],
        }


def test_values_out_of_range_and_nan_are_saved_as_the_nearest_level(tmp_path: Path) -> None:
    picture.save(torch.tensor([[[-1.0, 2.0, float("nan")]]]), tmp_path / "a.png")
    assert picture.load(tmp_path / "a.png")[0].flatten().tolist() == [0, 1, 0]


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
def test_each_number_of_channels_has_its_mode(tmp_path: Path, channels: int, mode: str) -> None:
    picture.save(torch.rand(3, 3, channels), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as file:
        assert file.mode == mode


def test_a_mask_is_one_where_the_picture_is_transparent(tmp_path: Path) -> None:
    levels = numpy.zeros((2, 3, 4), numpy.uint8)
    levels[0, 0, 3] = 255
    Image.fromarray(levels).save(tmp_path / "a.png")
    _, mask = picture.load(tmp_path / "a.png")
    assert mask.tolist() == [[[0, 1, 1], [1, 1, 1]]]
    assert torch.equal(picture.load_mask(tmp_path / "a.png", "alpha"), mask)


def test_a_palette_with_transparency_has_a_mask(tmp_path: Path) -> None:
    file = Image.new("P", (2, 1), 0)
    file.putpalette([0, 0, 0, 255, 0, 0])
    file.putpixel((1, 0), 1)
    file.save(tmp_path / "a.png", transparency=1)
    assert picture.load(tmp_path / "a.png")[1].tolist() == [[[0, 1]]]


def test_a_channel_becomes_a_mask_as_it_is(tmp_path: Path) -> None:
    Image.new("RGB", (3, 2), (255, 0, 51)).save(tmp_path / "a.png")
    for channel, level in (("red", 1.0), ("green", 0.0), ("blue", 51 / 255)):
        mask = picture.load_mask(tmp_path / "a.png", channel)
        assert torch.allclose(mask, torch.full((1, 2, 3), level))
    assert picture.load_mask(tmp_path / "a.png", "alpha").sum() == 0


def test_a_picture_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    file = Image.new("RGB", (4, 2))
    exif = file.getexif()
    exif[0x0112] = 6
    file.save(tmp_path / "a.jpg", exif=exif)
    assert picture.load(tmp_path / "a.jpg")[0].shape == (1, 4, 2, 3)


def test_sixteen_bit_grey_keeps_its_levels(tmp_path: Path) -> None:
    Image.fromarray(numpy.array([[0, 32768, 65535]], numpy.uint16)).save(tmp_path / "a.png")
    pixels, _ = picture.load(tmp_path / "a.png")
    assert pixels[0, 0, :, 0].tolist() == pytest.approx([0, 32768 / 65535, 1])


def test_the_frames_of_an_animation_are_a_batch(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (3, 2), colour) for colour in ("red", "lime", "blue")]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True)
    pixels, _ = picture.load(tmp_path / "a.webp")
    assert pixels.shape == (3, 2, 3, 3)
    assert pixels[:, 0, 0].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize("content", [None, b"not a picture", b"\x89PNG\r\n\x1a\n broken"])
def test_a_missing_or_damaged_picture_is_an_error_with_a_remedy(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "a.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PictureError, match="Choose another file"):
        picture.load(path)


def test_a_truncated_picture_is_an_error(tmp_path: Path) -> None:
    picture.save(torch.rand(64, 64, 3), tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes((tmp_path / "a.png").read_bytes()[:3000])
    with pytest.raises(PictureError):
        picture.load(tmp_path / "a.png")


def test_a_picture_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="cannot be written"):
        picture.save(torch.zeros(2, 2, 3), tmp_path / "missing" / "a.png")
    (tmp_path / "taken").mkdir()
    with pytest.raises(PictureError, match="cannot be written"):
        picture.save(torch.zeros(2, 2, 3), tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_grid_lays_pictures_row_by_row() -> None:
    images = [torch.full((4, 6, 3), level) for level in (0.0, 0.2, 0.4)]
    sheet = picture.grid(images, columns=2, gap=0)
    assert sheet.shape == (1, 8, 12, 3)
    assert [round(float(sheet[0, y, x, 0]), 1) for y, x in ((0, 0), (0, 6), (4, 0), (4, 6))] == [
        0,
        0.2,
        0.4,
        1,
    ]


def test_a_grid_gives_labels_a_line_and_shortens_them() -> None:
    plain = picture.grid([torch.zeros(8, 30, 3)], gap=0)
    labelled = picture.grid([torch.zeros(8, 30, 3)], labels=["steps=20, cfg=7, and so on"], gap=0)
    assert labelled.shape[1] == plain.shape[1] + picture.LABEL
    assert labelled.shape[2] == plain.shape[2]
    assert labelled[0, : picture.LABEL].min() < 0.5


def test_a_grid_of_many_sizes_is_about_square() -> None:
    sheet = picture.grid([torch.zeros(size, 10, 3) for size in (5, 10, 7, 8, 9)], gap=0)
    assert sheet.shape == (1, 20, 30, 3)


def test_a_grid_of_nothing_is_an_error() -> None:
    with pytest.raises(PictureError):
        picture.grid([])
