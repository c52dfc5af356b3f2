"""The nodes for boxes, cut-outs, colours of another picture, histograms and further kinds of files."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy
import pytest
import torch
from PIL import Image as Pillow

from nodes.image.detection.draw_boxes import draw_boxes
from nodes.image.filters.color_transfer import color_transfer
from nodes.image.save_advanced import save_advanced
from nodes.image.save_svg import save_svg
from nodes.image.transform.crop_boxes import crop_boxes
from nodes.image.transform.crop_to_mask import crop_to_mask
from nodes.utilities.histogram import histogram
from safelight import BadInput, Context
from safelight.compat import Document
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.transfer import WAYS, encoded, from_lab, linear, to_lab

PICTURE = torch.rand(2, 48, 64, 3, generator=torch.Generator().manual_seed(5))
WORKFLOW = {"nodes": [], "links": [], "extra": {"odd": "]]>"}}
OTHER = torch.rand(1, 40, 40, 3, generator=torch.Generator().manual_seed(6)) * torch.tensor([0.5, 0.8, 0.3])


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return Context.plain(tmp_path, prompt={"1": {}}, workflow=WORKFLOW)


def box(x: float, y: float, width: float, height: float, **more: Any) -> dict[str, Any]:
    return {"x": x, "y": y, "width": width, "height": height, **more}


def test_boxes_are_cut_out_of_every_picture() -> None:
    whole = crop_boxes(image=PICTURE, bboxes=box(0, 0, 64, 48), output_width=64, output_height=48)
    assert whole.equal(PICTURE)
    lists = [[box(8, 8, 16, 16)], [box(0, 0, 8, 8), box(60, 40, 20, 20)]]
    pieces = crop_boxes(image=PICTURE, bboxes=lists, output_width=64, output_height=64)
    assert pieces.shape == (3, 64, 64, 3)
    wide = crop_boxes(
        image=PICTURE, bboxes=[box(16, 16, 8, 8)], output_width=64, output_height=64, padding=28
    )
    assert wide.shape == (2, 64, 64, 3)


def test_a_box_keeps_its_proportions_on_black() -> None:
    piece = crop_boxes(
        image=torch.ones(1, 32, 64, 3), bboxes=box(0, 0, 64, 32), output_width=64, output_height=64,
        keep_aspect="pad",
    )  # fmt: skip
    assert piece[0, :, 0, 0].tolist() == [0.0] * 16 + [1.0] * 32 + [0.0] * 16


@pytest.mark.parametrize(
    ("boxes", "problem"),
    [
        ([], "no box to cut out"),
        (box(100, 0, 8, 8), "holds nothing of a picture of 64 x 48"),
        (box(0, 0, 0, 8), "holds nothing"),
        ({"x": 0}, "is no box"),
        (box(float("nan"), 0, 8, 8), "is no box"),
        (box(float("inf"), 0, 8, 8), "is no box"),
    ],
)
def test_boxes_that_cannot_be_cut_out_are_refused(boxes: Any, problem: str) -> None:
    with pytest.raises(UnsupportedError, match=problem):
        crop_boxes(image=PICTURE, bboxes=boxes)


def test_outlines_are_drawn_into_a_copy() -> None:
    black = torch.zeros(1, 32, 32, 3)
    drawn = draw_boxes(bboxes=box(4, 6, 10, 8), image=black)
    lit = drawn[0].sum(-1) > 0
    assert lit.nonzero().amin(0).tolist() == [6, 4]
    assert lit.nonzero().amax(0).tolist() == [13, 13]
    assert int(lit.sum()) == 2 * 10 + 2 * 8 - 4
    assert black.sum() == 0
    labelled = draw_boxes(bboxes=[box(4, 6, 10, 8, label="cat", score=0.5)], image=black)
    assert (labelled > 0).sum() > (drawn > 0).sum()
    assert draw_boxes(bboxes=[box(4, 6, 10, 8)]).shape == (1, 14, 14, 3), "black, as large as needed"
    assert draw_boxes(bboxes=[box(-9, -9, 2, 2), box(90, 90, 5, 5, label="x")], image=black).equal(black)


def test_what_a_mask_shows_is_centred_on_a_colour() -> None:
    mask = torch.zeros(1, 48, 64)
    mask[:, 0:16, 10:26] = 1.0
    cut = crop_to_mask(
        images=torch.ones(1, 48, 64, 3), masks=mask, width=64, height=64, pad_factor=2.0, background="#ff0000"
    )
    assert cut.shape == (1, 64, 64, 3)
    assert cut[0, 32, 32].tolist() == [1.0, 1.0, 1.0]
    assert cut[0, 2, 2].tolist() == [1.0, 0.0, 0.0], "beyond the picture's edge too"
    middle = (cut[0, 32, :, 1] > 0.5).nonzero().flatten()
    assert (int(middle[0]), int(middle[-1])) == (16, 47)
    with pytest.raises(UnsupportedError, match="shows nothing"):
        crop_to_mask(images=PICTURE, masks=torch.zeros(1, 48, 64))
    with pytest.raises(UnsupportedError, match="is no colour"):
        crop_to_mask(images=PICTURE, masks=mask, background="red")


def test_colours_come_back_from_lab_and_from_light() -> None:
    torch.testing.assert_close(from_lab(to_lab(PICTURE)), PICTURE, atol=1e-4, rtol=0)
    torch.testing.assert_close(encoded(linear(PICTURE)), PICTURE, atol=1e-5, rtol=0)
    white, red = to_lab(torch.tensor([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0]]))
    assert white.tolist() == pytest.approx([100, 0, 0], abs=0.02)
    assert red.tolist() == pytest.approx([53.24, 80.09, 67.20], abs=0.02)


@pytest.mark.parametrize("method", WAYS)
def test_a_picture_takes_on_the_colours_of_another(method: Any) -> None:
    stats = {"source_stats": "per_frame"}
    given = {"method": method, "source_stats": stats}
    matched = color_transfer(image_target=PICTURE, image_ref=OTHER, **given)
    wanted, before, after = (one[0].reshape(-1, 3).mean(0) for one in (OTHER, PICTURE, matched))
    assert float((after - wanted).abs().max()) < 0.03 < float((before - wanted).abs().max())
    same = color_transfer(image_target=PICTURE[:1], image_ref=PICTURE[:1], **given)
    torch.testing.assert_close(same, PICTURE[:1], atol=1e-3, rtol=0)
    none = color_transfer(image_target=PICTURE, image_ref=OTHER, strength=0.0, **given)
    torch.testing.assert_close(none, PICTURE)
    assert (
        color_transfer(image_target=torch.full((1, 8, 8, 3), 0.5), image_ref=OTHER, **given).isfinite().all()
    )


def test_all_pictures_can_be_judged_by_one_or_together() -> None:
    def matched(**stats: Any) -> torch.Tensor:
        return color_transfer(image_target=PICTURE, image_ref=OTHER, source_stats=stats)

    alone, second = matched(source_stats="per_frame"), matched(source_stats="target_frame", target_index=1)
    torch.testing.assert_close(second[1], alone[1])
    assert not torch.allclose(second[0], alone[0], atol=1e-4)
    assert not torch.allclose(matched(source_stats="uniform"), alone, atol=1e-4)
    with pytest.raises(BadInput, match="no picture 2 in a batch of 2"):
        matched(source_stats="target_frame", target_index=2)


def test_levels_are_counted() -> None:
    image = torch.tensor([[[[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]]])
    told = histogram(image=image)
    assert [sum(one) for one in told[2:]] == [2, 2, 2]
    assert (told.red[255], told.green[0], told.green[255]) == (2, 1, 1)
    assert (told.rgb[0], told.rgb[255]) == (0, 1)
    assert told.luminance[round(0.2126 * 255)] == 1


@pytest.mark.parametrize("channels", [3, 4])
def test_a_png_of_sixteen_bits_holds_them_and_its_workflow(ctx: Context, channels: int) -> None:
    image = torch.rand(1, 5, 7, channels)
    save_advanced(
        ctx, images=image, format={"format": "png", "bit_depth": "16-bit", "input_color_space": "sRGB"}
    )
    (path,) = ctx.folders.root("output").iterdir()
    with Pillow.open(path) as file:
        assert file.text["workflow"] == json.dumps(WORKFLOW)  # type: ignore[attr-defined]
        read = torch.from_numpy(numpy.asarray(file.convert("RGBA")).astype(numpy.float32))[..., :channels]
    assert float((read / 255 - image[0]).abs().max()) < 0.006
    body = path.read_bytes()
    assert struct.unpack(">IIBB", body[16:26]) == (7, 5, 16, {3: 2, 4: 6}[channels])


def test_a_png_of_eight_bits_is_that_of_save_image(ctx: Context) -> None:
    save_advanced(
        ctx, images=PICTURE, format={"format": "png", "bit_depth": "8-bit", "input_color_space": "sRGB"}
    )
    assert len(ctx.shown["images"]) == 2


def read_exr(path: Path) -> tuple[bytes, torch.Tensor]:
    """The header and the values [H, W, channels by name] of an uncompressed file of 5 x 7 pixels."""
    raw = path.read_bytes()
    first = struct.unpack("<i", raw[:4])[0]
    assert first == 20000630
    lines, width, channels = [], 7, 4 if b"A\0\x02" in raw else 3
    length = 8 + width * channels * 4
    for row in range(5):
        start = len(raw) - (5 - row) * length
        assert struct.unpack("<ii", raw[start : start + 8]) == (row, length - 8)
        values = numpy.frombuffer(raw[start + 8 : start + length], "<f4").reshape(channels, width)
        lines.append(torch.from_numpy(values.copy()).T)
    return raw, torch.stack(lines)


def test_an_exr_holds_light_as_it_is(ctx: Context) -> None:
    image = torch.rand(1, 5, 7, 4) * 3
    given = {"format": "exr", "bit_depth": "32-bit float"}
    save_advanced(ctx, images=image, format={**given, "input_color_space": "linear"})
    save_advanced(ctx, images=image[..., :3], format={**given, "input_color_space": "sRGB"})
    linear_path, other = sorted(ctx.folders.root("output").iterdir())
    raw, read = read_exr(linear_path)
    assert read.equal(image[0][..., [3, 2, 1, 0]]), "channels by name: A, B, G, R"
    assert b"workflow\0string\0" in raw
    torch.testing.assert_close(read_exr(other)[1], linear(image[0, ..., :3]).flip(-1))
    with pytest.raises(BadInput, match="HDR"):
        save_advanced(ctx, images=image, format={**given, "input_color_space": "HDR"})


def test_a_drawing_is_saved_with_its_workflow(ctx: Context) -> None:
    text = '<?xml version="1.0"?><svg width="4"><g/></svg>'
    given = SimpleNamespace(data=[io.BytesIO(text.encode())])
    assert save_svg(ctx, svg=given) is given
    (path,) = (ctx.folders.root("output") / "svg").iterdir()
    assert path.read_text().startswith('<?xml version="1.0"?><svg width="4"><metadata><![CDATA[{')
    assert path.read_text().endswith("<g/></svg>")
    assert Document.read(path).tree == ctx.workflow
    save_svg(ctx, svg="<svg/>", filename_prefix="empty")
    with pytest.raises(BadInput, match="no <svg>"):
        save_svg(ctx, svg="text")
