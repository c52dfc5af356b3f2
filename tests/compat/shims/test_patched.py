"""What packs put inside of a UNet lies where ComfyUI has it: against diffusers' own IP-Adapter."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import linear, scaled_dot_product_attention

from safelight.compat.shims.absent import MissingApi
from safelight.compat.shims.module.patched import patched
from safelight.compat.shims.module.patched.place import places
from safelight.diffusion.single import definition

INPUTS, OUTPUTS = (1, 2, 4, 5, 7, 8), (3, 4, 5, 6, 7, 8, 9, 10, 11)
"""The blocks of Stable Diffusion 1.5 that attend to text, as ComfyUI counts them."""
BLOCKS = [("input", n) for n in INPUTS] + [("output", n) for n in OUTPUTS] + [("middle", 0)]
"""In the order in which IP-Adapter files number their layers."""
NARROW = {"block_out_channels": [32, 64, 64, 64], "cross_attention_dim": 48, "norm_num_groups": 8}


class Network:
    """As much of a network as patches touch."""

    def __init__(self, module: Any) -> None:
        self.module = module


@pytest.fixture(scope="module")
def unet() -> Any:
    from diffusers import UNet2DConditionModel

    torch.manual_seed(2)
    config = {**definition("sd15")["unet"], **NARROW}
    return UNet2DConditionModel(**config).requires_grad_(False).eval()


@pytest.fixture(scope="module")
def given() -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(4)
    return {
        "x": torch.randn(2, 4, 16, 16, generator=draw),
        "context": torch.randn(2, 7, 48, generator=draw),
        "picture": torch.randn(2, 4, 48, generator=draw),
    }


def asked(unet: Any, given: dict[str, Tensor]) -> Tensor:
    out: Tensor = unet(given["x"], torch.tensor([500.0, 500.0]), given["context"], return_dict=False)[0]
    return out


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    split = (one.unflatten(-1, (heads, -1)).transpose(1, 2) for one in (query, key, value))
    return scaled_dot_product_attention(*split).transpose(1, 2).flatten(2)


def test_blocks_are_counted_as_comfyui_does(unet: Any) -> None:
    found = [place for _, place in places(unet)]
    running = [*BLOCKS[:6], ("middle", 0), *BLOCKS[6:-1]]
    assert [place.block for place in found] == running
    assert [place.transformer for place in found] == list(range(16))
    assert {place.index for place in found} == {0}


def test_a_picture_beside_the_text_counts_as_in_diffusers_ip_adapter(
    unet: Any, given: dict[str, Tensor]
) -> None:
    from diffusers.models.attention_processor import IPAdapterAttnProcessor2_0

    weights: dict[str, tuple[Tensor, Tensor]] = {}
    plain = dict(unet.attn_processors)
    expected_by: dict[str, Any] = {}
    torch.manual_seed(8)
    for name, attention in unet.named_modules():
        if not name.endswith("attn2"):
            expected_by |= {f"{name}.processor": plain[f"{name}.processor"]} if name.endswith("attn1") else {}
            continue
        width = attention.inner_dim
        processor = IPAdapterAttnProcessor2_0(width, 48, num_tokens=(4,), scale=0.7)
        weights[name] = (processor.to_k_ip[0].weight.detach(), processor.to_v_ip[0].weight.detach())
        expected_by[f"{name}.processor"] = processor.requires_grad_(False)
    before = asked(unet, given)
    unet.set_attn_processor(dict(expected_by))
    expected = unet(
        given["x"],
        torch.tensor([500.0, 500.0]),
        (given["context"], [given["picture"]]),
        return_dict=False,
    )[0]
    unet.set_attn_processor(dict(plain))

    order = [name for name in plain if "attn2" in name]
    replaced = {}
    for block, name in zip(BLOCKS, order, strict=True):

        def instead(
            q: Tensor,
            k: Tensor,
            v: Tensor,
            options: dict[str, Any],
            own: tuple[Tensor, Tensor] = weights[name.removesuffix(".processor")],
        ) -> Tensor:
            key, value = (linear(given["picture"], weight) for weight in own)
            heads = options["n_heads"]
            return attend(q, k, v, heads) + 0.7 * attend(q, key, value, heads)

        replaced[block] = instead
    with patched(Network(unet), {"patches_replace": {"attn2": replaced}}, given["x"]):
        made = asked(unet, given)
    torch.testing.assert_close(made, expected, rtol=1e-4, atol=1e-5)
    assert not torch.allclose(made, before, atol=1e-3)
    assert torch.equal(asked(unet, given), before), "nothing of it stays"


def test_patches_are_called_at_every_place_with_what_packs_read(unet: Any, given: dict[str, Tensor]) -> None:
    heard: list[tuple[str, Any]] = []

    def inputs(n: Tensor, context: Tensor, value: Tensor, options: dict[str, Any]) -> Any:
        heard.append(("in", options["block"]))
        assert options["dim_head"] * options["n_heads"] == n.shape[-1]
        assert options["original_shape"] == [2, 4, 16, 16]
        return n, context, value

    def outputs(n: Tensor, options: dict[str, Any]) -> Tensor:
        heard.append(("out", options["transformer_index"]))
        return n

    def leaving(h: Tensor, options: dict[str, Any]) -> Tensor:
        heard.append(("leaving", options["block"]))
        return h

    def meeting(h: Tensor, skip: Tensor, options: dict[str, Any]) -> Any:
        heard.append(("meeting", (options["block"], h.shape[1], skip.shape[1])))
        return h, skip

    patches = {
        "attn1_patch": [inputs],
        "attn2_output_patch": [outputs],
        "input_block_patch": [leaving],
        "output_block_patch": [meeting],
    }
    before = asked(unet, given)
    with patched(Network(unet), {"patches": patches, "cond_or_uncond": [0]}, given["x"]):
        made = asked(unet, given)
    torch.testing.assert_close(made, before, rtol=1e-4, atol=1e-5)
    by = {kind: [what for one, what in heard if one == kind] for kind in ("in", "out", "leaving", "meeting")}
    assert by["in"] == [place.block for _, place in places(unet)]
    assert by["out"] == list(range(16))
    assert by["leaving"] == [("input", number) for number in range(12)]
    assert [where[0] for where in by["meeting"]] == [("output", number) for number in range(12)]
    assert [where[1] for where in by["meeting"]] == [64] * 9 + [64, 32, 32]
    assert [where[2] for where in by["meeting"]] == [64] * 8 + [32] * 4


def test_what_is_not_heeded_and_what_is_no_unet_are_refused_by_name(
    unet: Any, given: dict[str, Tensor]
) -> None:
    odd = {"patches": {"emb_patch": [lambda emb: emb]}}
    with pytest.raises(MissingApi, match="emb_patch"), patched(Network(unet), odd, given["x"]):
        pass
    heeded = {"patches": {"attn1_patch": [lambda *given: given]}}
    with pytest.raises(MissingApi, match="no UNet"), patched(Network(None), heeded, given["x"]):
        pass
