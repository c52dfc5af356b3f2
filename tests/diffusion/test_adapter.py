"""Each kind of adapter against what its layers do when run one after the other, or a dense formula."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import conv2d

from safelight.diffusion.adapter import changed

OUT, IN, RANK = 12, 8, 3


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(3)


def rand(*shape: int) -> Tensor:
    return torch.randn(shape)


WEIGHT = torch.linspace(-1, 1, OUT * IN).reshape(OUT, IN)
KERNEL = torch.linspace(-1, 1, OUT * IN * 9).reshape(OUT, IN, 3, 3)


def agrees(found: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_a_lora_is_up_times_down_by_alpha_over_rank() -> None:
    up, down = rand(OUT, RANK), rand(RANK, IN)
    parts = {"up": up, "down": down, "alpha": torch.tensor(1.5)}
    agrees(changed(WEIGHT, parts, 0.7), WEIGHT + 0.7 * 1.5 / RANK * up @ down)


def test_without_alpha_the_difference_is_taken_as_it_is() -> None:
    up, down = rand(OUT, RANK), rand(RANK, IN)
    agrees(changed(WEIGHT, {"up": up, "down": down}, 1.0), WEIGHT + up @ down)
    agrees(changed(WEIGHT, {"up": up, "down": down}, 1.0, scale=0.25), WEIGHT + up @ down / 4)


def test_a_matrix_changes_a_convolution_of_one_pixel() -> None:
    up, down = rand(OUT, RANK), rand(RANK, IN)
    found = changed(WEIGHT[..., None, None], {"up": up, "down": down}, 1.0)
    agrees(found, (WEIGHT + up @ down)[..., None, None])


def test_a_locon_is_its_convolutions_one_after_the_other() -> None:
    up, down, x = rand(OUT, RANK, 1, 1), rand(RANK, IN, 3, 3), rand(1, IN, 6, 6)
    kernel = changed(KERNEL, {"up": up, "down": down}, 1.0)
    agrees(conv2d(x, kernel), conv2d(x, KERNEL) + conv2d(conv2d(x, down), up))


def test_a_locon_with_a_middle_is_its_three_convolutions() -> None:
    up, mid, down = rand(OUT, RANK, 1, 1), rand(RANK, 2, 3, 3), rand(2, IN, 1, 1)
    x = rand(1, IN, 6, 6)
    parts = {"up": up, "mid": mid, "down": down, "alpha": torch.tensor(1.0)}
    expected = conv2d(x, KERNEL) + conv2d(conv2d(conv2d(x, down), mid), up) / 2
    agrees(conv2d(x, changed(KERNEL, parts, 1.0)), expected)


def test_a_loha_is_the_product_of_two_low_ranks() -> None:
    a1, b1, a2, b2 = rand(OUT, RANK), rand(RANK, IN), rand(OUT, RANK), rand(RANK, IN)
    parts = {"hada_w1_a": a1, "hada_w1_b": b1, "hada_w2_a": a2, "hada_w2_b": b2, "alpha": torch.tensor(2.0)}
    dense = torch.zeros(OUT, IN)
    for row in range(OUT):
        for column in range(IN):
            dense[row, column] = (a1[row] @ b1[:, column]) * (a2[row] @ b2[:, column])
    agrees(changed(WEIGHT, parts, 0.5), WEIGHT + 0.5 * 2 / RANK * dense)


def test_a_loha_of_a_convolution_may_be_flat_or_have_cores() -> None:
    flat = {f"hada_w{n}_a": rand(OUT, RANK) for n in (1, 2)}
    flat |= {f"hada_w{n}_b": rand(RANK, IN * 9) for n in (1, 2)}
    dense = (flat["hada_w1_a"] @ flat["hada_w1_b"]) * (flat["hada_w2_a"] @ flat["hada_w2_b"])
    agrees(changed(KERNEL, flat, 1.0), KERNEL + dense.reshape(KERNEL.shape))

    cores = {f"hada_t{n}": rand(RANK, RANK, 3, 3) for n in (1, 2)}
    cores |= {f"hada_w{n}_a": rand(RANK, OUT) for n in (1, 2)} | {
        f"hada_w{n}_b": rand(RANK, IN) for n in (1, 2)
    }
    factors = []
    for n in (1, 2):
        a, b, core = cores[f"hada_w{n}_a"], cores[f"hada_w{n}_b"], cores[f"hada_t{n}"]
        pixels = [a.T @ core[:, :, y, x] @ b for y in range(3) for x in range(3)]
        factors.append(torch.stack(pixels, -1).reshape(KERNEL.shape))
    agrees(changed(KERNEL, cores, 1.0), KERNEL + factors[0] * factors[1])


def blocks(first: Tensor, second: Tensor) -> Tensor:
    """The Kronecker product laid out block by block."""
    return torch.cat([torch.cat([number * second for number in row], 1) for row in first])


def test_a_lokr_is_a_small_matrix_of_large_ones() -> None:
    first, second = rand(3, 2), rand(4, 4)
    parts = {"lokr_w1": first, "lokr_w2": second, "alpha": torch.tensor(7.0)}
    agrees(changed(WEIGHT, parts, 1.0), WEIGHT + blocks(first, second))


def test_a_lokrs_matrices_may_be_of_low_rank() -> None:
    first, a, b = rand(3, 2), rand(4, RANK), rand(RANK, 4)
    parts = {"lokr_w1": first, "lokr_w2_a": a, "lokr_w2_b": b, "alpha": torch.tensor(1.5)}
    agrees(changed(WEIGHT, parts, 1.0), WEIGHT + blocks(first, a @ b) / 2)
    parts = {"lokr_w1_a": rand(3, 1), "lokr_w1_b": rand(1, 2), "lokr_w2": rand(4, 4)}
    agrees(
        changed(WEIGHT, parts, 1.0),
        WEIGHT + blocks(parts["lokr_w1_a"] @ parts["lokr_w1_b"], parts["lokr_w2"]),
    )


def test_a_lokr_of_a_convolution_is_one_at_every_pixel() -> None:
    first, second = rand(3, 2), rand(4, 4, 3, 3)
    found = changed(KERNEL, {"lokr_w1": first, "lokr_w2": second}, 1.0)
    a, b, core = rand(RANK, 4), rand(RANK, 4), rand(RANK, RANK, 3, 3)
    cored = changed(
        KERNEL, {"lokr_w1": first, "lokr_t2": core, "lokr_w2_a": a, "lokr_w2_b": b}, 1.0, scale=1.0
    )
    for y in range(3):
        for x in range(3):
            agrees(found[..., y, x], KERNEL[..., y, x] + blocks(first, second[..., y, x]))
            agrees(cored[..., y, x], KERNEL[..., y, x] + blocks(first, a.T @ core[..., y, x] @ b))


def test_a_dora_gives_each_row_its_length() -> None:
    up, down, lengths = rand(OUT, RANK), rand(RANK, IN), rand(OUT, 1).abs() + 0.5
    parts = {"up": up, "down": down, "dora": lengths, "alpha": torch.tensor(1.5)}
    whole = changed(WEIGHT, parts, 1.0)
    agrees(whole.norm(dim=1, keepdim=True), lengths)
    merged = WEIGHT + up @ down / 2
    agrees(
        whole, torch.stack([row / row.norm() * length for row, length in zip(merged, lengths, strict=True)])
    )
    agrees(changed(WEIGHT, parts, 0.25), WEIGHT + 0.25 * (whole - WEIGHT))


def test_a_dora_may_give_each_column_its_length() -> None:
    lengths = rand(1, IN).abs() + 0.5
    found = changed(WEIGHT, {"up": rand(OUT, RANK), "down": rand(RANK, IN), "dora": lengths}, 1.0)
    agrees(found.norm(dim=0, keepdim=True), lengths)


def test_a_dora_of_a_convolution_counts_all_pixels() -> None:
    lengths = rand(OUT).abs() + 0.5
    parts = {"up": rand(OUT, RANK, 1, 1), "down": rand(RANK, IN, 3, 3)}
    agrees(
        changed(KERNEL, parts | {"dora": lengths[:, None, None, None]}, 1.0).flatten(1).norm(dim=1), lengths
    )
    agrees(
        changed(KERNEL, parts | {"magnitude": lengths[None, :, None, None]}, 1.0).flatten(1).norm(dim=1),
        lengths,
    )


def test_a_dora_of_nothing_new_changes_nothing() -> None:
    parts = {"up": torch.zeros(OUT, RANK), "down": rand(RANK, IN), "dora": WEIGHT.norm(dim=1, keepdim=True)}
    agrees(changed(WEIGHT, parts, 1.0), WEIGHT)


def test_a_whole_difference_is_added() -> None:
    agrees(changed(WEIGHT, {"diff": torch.ones(OUT, IN)}, 0.5), WEIGHT + 0.5)


@pytest.mark.parametrize("shape", [(IN, OUT), (OUT, IN + 1)])
def test_an_adapter_for_another_shape_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="shape"):
        changed(WEIGHT, {"up": rand(shape[0], 2), "down": rand(2, shape[1])}, 1.0)
    with pytest.raises(ValueError, match="magnitudes"):
        changed(WEIGHT, {"diff": WEIGHT, "dora": rand(OUT + 1, 1)}, 1.0)
