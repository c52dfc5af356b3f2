"""The nodes that change pictures and masks, called as the functions that they are."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from PIL import Image as Pillow

from nodes.image.adjustments.brightness import brightness
from nodes.image.adjustments.contrast import contrast
from nodes.image.batch.distinct import distinct
from nodes.image.batch.grid import grid
from nodes.image.batch.join import join
from nodes.image.batch.merge_lists import merge_lists
from nodes.image.batch.merge_tiles import merge_tiles
from nodes.image.batch.rebatch import rebatch
from nodes.image.batch.repeat import repeat
from nodes.image.batch.shuffle import shuffle
from nodes.image.batch.shuffle_pairs import shuffle_pairs
from nodes.image.batch.split_tiles import split_tiles
from nodes.image.batch.take import take
from nodes.image.color.from_yuv import from_yuv
from nodes.image.color.normalize import normalize
from nodes.image.color.to_yuv import to_yuv
from nodes.image.compositing.join_alpha import join_alpha
from nodes.image.compositing.paste import paste
from nodes.image.compositing.porter_duff import porter_duff
from nodes.image.compositing.split_alpha import split_alpha
from nodes.image.empty import empty_image
from nodes.image.filters.blend import blend
from nodes.image.filters.blur import blur
from nodes.image.filters.canny import canny
from nodes.image.filters.morphology import morphology
from nodes.image.filters.noise import noise
from nodes.image.filters.quantize import quantize
from nodes.image.filters.sharpen import sharpen
from nodes.image.load_output import load_output
from nodes.image.mask.combine import combine
from nodes.image.mask.crop import crop as crop_mask
from nodes.image.mask.feather import feather
from nodes.image.mask.from_color import from_color
from nodes.image.mask.from_image import from_image
from nodes.image.mask.grow import grow
from nodes.image.mask.invert import invert
from nodes.image.mask.preview import preview
from nodes.image.mask.solid import solid
from nodes.image.mask.threshold import threshold
from nodes.image.mask.to_image import to_image
from nodes.image.save_png import save_png
from nodes.image.save_webp import save_webp
from nodes.image.size import image_size
from nodes.image.transform.center_crop import center_crop
from nodes.image.transform.crop import crop
from nodes.image.transform.flip import flip
from nodes.image.transform.longer_edge import longer_edge
from nodes.image.transform.pad_for_outpaint import pad_for_outpaint
from nodes.image.transform.random_crop import random_crop
from nodes.image.transform.resize import resize
from nodes.image.transform.resize_and_pad import resize_and_pad
from nodes.image.transform.rotate import rotate
from nodes.image.transform.shorter_edge import shorter_edge
from nodes.image.transform.stitch import stitch
from nodes.image.upscaling.scale_to_longest import scale_to_longest
from nodes.image.upscaling.scale_to_pixels import scale_to_pixels
from nodes.image.upscaling.scale_with_model import scale_with_model
from nodes.model.loaders.upscale import load_upscale
from safelight import BadInput, Context, Many
from safelight.diffusion.failure import UnsupportedError

RED, BLUE = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)


def flat(*colour: float, width: int = 4, height: int = 3, count: int = 1) -> torch.Tensor:
    return torch.tensor(colour).expand(count, height, width, len(colour)).clone()


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return Context.plain(tmp_path, prompt={"1": {}}, workflow={"version": 0.4})


def test_a_colour_is_made_and_found_again() -> None:
    image = empty_image(width=3, height=2, batch_size=2, color=0x3366CC)
    assert image_size(image=image) == (3, 2, 2)
    assert from_color(image=image, color=0x3366CC).min() == 1
    assert from_color(image=image, color=0x3366CD).max() == 0


def test_colours_are_adjusted() -> None:
    image = flat(0.25, 0.5, 1.0)
    assert brightness(images=image, factor=0.5)[0, 0, 0].tolist() == [0.125, 0.25, 0.5]
    assert contrast(images=image, factor=2.0)[0, 0, 0].tolist() == [0.0, 0.5, 1.0]
    assert normalize(images=image)[0, 0, 0].tolist() == [-0.5, 0.0, 1.0]
    torch.testing.assert_close(
        from_yuv(**dict(zip("YUV", to_yuv(image=image), strict=True))), image, atol=2e-3, rtol=0
    )


def test_batches_are_taken_repeated_and_regrouped() -> None:
    batch = torch.cat([flat(*RED), flat(*BLUE)])
    assert take(image=batch, batch_index=-1).equal(flat(*BLUE))
    assert len(take(image=batch, length=9)) == 2
    assert repeat(image=batch, amount=2).equal(torch.cat([batch, batch]))
    assert [len(one) for one in rebatch(images=Many([batch, batch[:1]]), batch_size=2)] == [2, 1]
    assert list(merge_lists(images=Many([batch, batch]))) == [batch, batch]
    assert len(distinct(images=Many([batch, batch]))) == 1, "plain colours have no features"


def test_lists_are_shuffled_by_their_seed() -> None:
    images = [flat(number / 9, 0.0, 0.0) for number in range(9)]
    once = [float(one.max()) for one in shuffle(images=Many(images), seed=3)]
    assert sorted(once) != once
    assert sorted(once) == [float(one.max()) for one in images]
    pairs = shuffle_pairs(images=Many(images), texts=Many([str(number) for number in range(9)]), seed=3)
    assert [round(float(one.max()) * 9) for one in pairs.images] == [int(text) for text in pairs.texts]
    with pytest.raises(BadInput, match="1 texts came for 9"):
        shuffle_pairs(images=Many(images), texts=Many(["a"]), seed=3)


def test_tiles_make_the_picture_again() -> None:
    image = torch.rand(1, 96, 160, 3, generator=torch.Generator().manual_seed(1))
    tiles = split_tiles(image=image, tile_width=64, tile_height=64, overlap=16)
    assert len(tiles) == 6
    whole = merge_tiles(image_list=tiles, final_width=160, final_height=96, overlap=16)
    torch.testing.assert_close(whole, image)
    with pytest.raises(BadInput, match="6 tiles of 64 x 64 came"):
        merge_tiles(image_list=tiles, final_width=512, final_height=96, overlap=16)


def test_a_grid_of_pictures() -> None:
    sheet = grid(images=Many([flat(*RED, count=3)]), columns=2, cell_width=32, cell_height=32, padding=0)
    assert sheet.shape == (1, 64, 64, 3)


def test_a_picture_is_pasted_by_a_mask() -> None:
    pasted = paste(destination=flat(*BLUE), source=flat(*RED, 0.5), x=2, mask=solid(value=0.5))
    assert pasted[0, 0, :, 0].tolist() == [0, 0, 0.5, 0.5]
    assert paste(destination=flat(*BLUE, 0.0), source=flat(*RED), x=3)[0, 0, 3].tolist() == [1, 0, 0, 1]


def test_transparency_comes_and_goes() -> None:
    joined = join_alpha(image=flat(*RED), alpha=torch.full((2, 6, 8), 0.25))
    assert joined.shape == (2, 3, 4, 4)
    colour, clear = split_alpha(image=joined)
    assert colour.equal(flat(*RED, count=2))
    assert clear.unique().tolist() == [0.25]
    assert split_alpha(image=flat(*RED)).mask.equal(torch.zeros(1, 3, 4))


def test_planes_of_different_sizes_and_batches_make_one_picture() -> None:
    light, blue, red = to_yuv(image=flat(*RED, count=2))
    whole = from_yuv(Y=light, U=blue[:1, :1, :2], V=red[:1])
    torch.testing.assert_close(whole, flat(*RED, count=2), atol=2e-3, rtol=0)


def test_grey_pictures_are_worked_on_as_colours() -> None:
    grey = flat(0.2)
    assert from_color(image=grey, color=0x333333).min() == 1
    assert to_yuv(image=grey).light.equal(to_yuv(image=flat(0.2, 0.2, 0.2)).light)
    assert quantize(image=grey, colors=2).equal(flat(0.2, 0.2, 0.2))
    assert join(image1=flat(*RED), image2=grey)[1].equal(flat(0.2, 0.2, 0.2)[0])
    with pytest.raises(UnsupportedError, match="2 channels has no colours"):
        from_color(image=flat(0.2, 0.2))


def test_pictures_of_three_and_of_four_channels_are_composed_by_their_masks() -> None:
    mask = solid(value=0.5, width=4, height=3)
    over = porter_duff(
        source=flat(*RED, 0.1), source_alpha=mask, destination=flat(*BLUE),
        destination_alpha=solid(value=0.0, width=4, height=3), mode="SRC_OVER",
    )  # fmt: skip
    assert over.image[0, 0, 0].tolist() == [0.5, 0.0, 0.5]


def test_a_picture_too_narrow_for_its_pixels_is_refused() -> None:
    with pytest.raises(BadInput, match=r"so narrow \(1 x 4096\)"):
        scale_to_pixels(image=flat(*RED, width=1, height=4096), megapixels=16.0, resolution_steps=256)
    with pytest.raises(UnsupportedError, match="16384 x 67108864 pixels"):
        resize(
            input=flat(*RED, width=1, height=4096), resize_type={"resize_type": "scale width", "width": 16384}
        )


def test_pictures_are_composed() -> None:
    over = porter_duff(
        source=flat(*RED),
        source_alpha=solid(value=0.5, width=4, height=3),
        destination=flat(*BLUE),
        destination_alpha=solid(value=0.0, width=4, height=3),
        mode="SRC_OVER",
    )
    assert over.image[0, 0, 0].tolist() == [0.5, 0.0, 0.5]
    assert over.mask.max() == 0


def test_filters_keep_the_shape() -> None:
    image = torch.rand(2, 16, 20, 3, generator=torch.Generator().manual_seed(1))
    for changed in (
        blur(image=image, blur_radius=3),
        sharpen(image=image),
        noise(image=image, strength=0.1),
        quantize(image=image, colors=4, dither="bayer-4"),
        morphology(image=image, operation="dilate"),
        blend(image1=image, image2=image[:1, ::2], blend_mode="soft_light"),
        canny(image=image),
    ):
        assert changed.shape == image.shape
        assert not changed.equal(image)
        assert 0 <= changed.min() <= changed.max() <= 1
    with pytest.raises(BadInput, match="above high_threshold"):
        canny(image=image, low_threshold=0.9, high_threshold=0.1)


def test_masks_are_made_and_changed() -> None:
    half = from_image(image=flat(0.25, 0.5, 0.75), channel="blue")
    assert half.unique().tolist() == [0.75]
    assert threshold(mask=half, value=0.75).max() == 0
    assert invert(mask=half).unique().tolist() == [0.25]
    assert to_image(mask=half).shape == (1, 3, 4, 3)
    assert combine(destination=half, source=half, x=1, operation="subtract")[0, 0].tolist() == [0.75, 0, 0, 0]
    assert feather(mask=solid(width=4, height=1), right=2)[0, 0].tolist() == [1, 1, 1, 0.5]
    assert grow(mask=crop_mask(mask=half, x=2, width=9, height=2), expand=-1).shape == (1, 2, 2)
    with pytest.raises(BadInput, match="no alpha channel"):
        from_image(image=flat(*RED), channel="alpha")
    with pytest.raises(BadInput, match="outside the mask of 4 x 3"):
        crop_mask(mask=half, y=3)


def test_a_mask_is_shown(ctx: Context) -> None:
    mask = solid(value=0.5, width=4, height=3)
    assert preview(ctx, mask=mask) is mask
    (shown,) = ctx.shown["images"]
    with Pillow.open(ctx.folders.root("temp") / shown["filename"]) as picture:
        assert (picture.size, picture.getpixel((0, 0))) == ((4, 3), (127, 127, 127))


def test_pictures_are_cut_turned_and_arranged() -> None:
    image = torch.cat([flat(*RED, width=2), flat(*BLUE, width=4)], dim=2)
    assert crop(image=image, width=2, height=2, x=1, y=1).shape == (1, 2, 2, 3)
    assert center_crop(images=image, width=2, height=9).shape == (1, 3, 2, 3)
    assert random_crop(images=image, width=2, height=2).shape == (1, 2, 2, 3)
    assert flip(image=image, flip_method="y-axis: horizontally")[0, 0, -1].tolist() == list(RED)
    assert rotate(image=image, rotation="90 degrees")[0, 0, 0].tolist() == list(RED)
    assert stitch(image1=image).equal(image)
    assert stitch(image1=image, image2=image, direction="down").equal(torch.cat([image, image], dim=1))
    fitted = resize_and_pad(image=image, target_width=6, target_height=6, padding_color="black")
    assert fitted[0, 0].max() == 0
    assert fitted[0, 2, 0].tolist() == list(RED)


def test_a_margin_is_added_to_be_painted() -> None:
    padded = pad_for_outpaint(image=flat(*RED), left=8, bottom=16, feathering=0)
    assert padded.image.shape == (1, 19, 12, 3)
    assert padded.mask[0, 0].tolist() == [1] * 8 + [0] * 4
    assert padded.mask[0, 3:].min() == 1


@pytest.mark.parametrize(("longest", "size"), [(8, (6, 8)), (2, (2, 2)), (0, (1, 1))])
def test_the_longer_side_decides(longest: int, size: tuple[int, int]) -> None:
    scaled = scale_to_longest(image=flat(*RED), upscale_method="lanczos", largest_size=longest)
    assert tuple(scaled.shape[1:3]) == size


def test_edges_decide() -> None:
    assert longer_edge(images=flat(*RED), longer_edge=8).shape == (1, 6, 8, 3)
    assert shorter_edge(images=flat(*RED), shorter_edge=6).shape == (1, 6, 8, 3)


def test_the_number_of_pixels_decides() -> None:
    image = flat(*RED, width=128, height=64)
    scaled = scale_to_pixels(image=image, megapixels=0.02, resolution_steps=1)
    assert tuple(scaled.shape[1:3]) == (102, 205)
    stepped = scale_to_pixels(image=image, upscale_method="area", megapixels=0.02, resolution_steps=16)
    assert tuple(stepped.shape[1:3]) == (96, 208)


def test_a_batch_becomes_an_animation(ctx: Context) -> None:
    frames = torch.cat([flat(*RED), flat(*BLUE)])
    assert save_png(ctx, images=frames) is frames
    save_webp(ctx, images=frames, filename_prefix="clips/%width%")
    assert ctx.shown["animated"] == [True, True]
    names = [f"{one['subfolder']}/{one['filename']}" for one in ctx.shown["images"]]
    assert names == ["/ComfyUI_00001_.png", "clips/4_00001_.webp"]
    loaded = load_output(ctx, image="clips/4_00001_.webp").image
    torch.testing.assert_close(loaded, frames, atol=1 / 255, rtol=0)


@pytest.mark.skipif(find_spec("spandrel") is None, reason="spandrel is not installed")
def test_a_picture_is_enlarged_by_a_network(ctx: Context) -> None:
    from bench.upscale import network
    from safelight.diffusion import plan

    folder = ctx.folders.root("upscale_models")
    folder.mkdir(parents=True)
    network(folder, 4, 1)
    ctx.plan = plan.choose(threads=1)
    model = load_upscale(ctx, model_name="esrgan.safetensors")
    larger = scale_with_model(ctx, upscale_model=model, image=flat(*RED, width=16, height=8))
    assert larger.shape == (1, 32, 64, 3)
    assert [ref.path.name for ref in ctx.reads] == ["esrgan.safetensors"]
