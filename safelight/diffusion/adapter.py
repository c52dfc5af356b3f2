"""What an adapter's tensors do to one weight: LoRA, LoCon, LoHa, LoKr and full differences, with DoRA on top.

All is computed in fp32 and in the layout of the weight. `Parts` are an adapter's tensors for one layer by
their role, as `lora` names them.

LoRA: Hu et al. 2021, arXiv:2106.09685. LoHa: Hyeon-Woo et al. 2021, arXiv:2108.06098. LoKr and the forms for
convolutions: Yeh et al. 2023, arXiv:2309.14859. DoRA: Liu et al. 2024, arXiv:2402.09353.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

Parts = Mapping[str, Tensor]


def changed(weight: Tensor, parts: Parts, strength: float, scale: float | None = None) -> Tensor:
    """A weight in fp32 with an adapter applied; `scale` is what the difference is multiplied with.

    Without a scale it is alpha over rank, or 1 where the adapter says no alpha. With DoRA, strength goes
    straight from the weight to the adapted one. ValueError if the adapter is for another shape.
    """
    scale = _scale(parts) if scale is None else scale
    if _is_plain(parts, weight):
        up, down = parts["up"].flatten(1), parts["down"].flatten(1)
        return weight.flatten(1).addmm(up, down, alpha=strength * scale).reshape(weight.shape)
    change = difference(parts, weight.shape) * scale
    if "dora" in parts:
        change = decomposed(weight + change, parts["dora"]) - weight
    elif "magnitude" in parts:
        change = decomposed(weight + change, parts["magnitude"].flatten()) - weight
    return weight + strength * change


def _is_plain(parts: Parts, weight: Tensor) -> bool:
    """Whether there is only up and down to add, of this very shape: then one pass over the weight does it."""
    if not {"up", "down"} <= set(parts) <= {"up", "down", "alpha"} or weight.ndim < 2:
        return False
    up, down = parts["up"].flatten(1), parts["down"].flatten(1)
    return (up.shape[0], down.shape[1], up.shape[1]) == (*weight.flatten(1).shape, down.shape[0])


def difference(parts: Parts, shape: torch.Size) -> Tensor:
    """The adapter's difference in this shape, before any scale."""
    if "diff" in parts:
        change = parts["diff"]
    elif "up" in parts:
        change = _low_rank(parts)
    elif "hada_w1_a" in parts:
        change = _hadamard(parts)
    else:
        change = _kronecker(parts)
    if change.shape[0] != shape[0] or change.numel() != shape.numel():
        raise ValueError(f"it changes a weight of shape {list(change.shape)}, here it is {list(shape)}")
    return change.reshape(shape)


def decomposed(weight: Tensor, magnitude: Tensor) -> Tensor:
    """A weight [out, in, ...] whose rows have these lengths; its columns, if given as [1, in, ...]."""
    kept = 1 if magnitude.ndim > 1 and magnitude.shape[0] == 1 else 0
    if magnitude.numel() != weight.shape[kept]:
        raise ValueError(f"its magnitudes are {list(magnitude.shape)}, the weight is {list(weight.shape)}")
    others = [axis for axis in range(weight.ndim) if axis != kept]
    length = torch.linalg.vector_norm(weight, dim=others, keepdim=True)
    return weight * (magnitude.reshape(length.shape) / length.clamp_min(torch.finfo(weight.dtype).tiny))


def _scale(parts: Parts) -> float:
    """Alpha over rank; a LoKr of two whole matrices, and a full difference, have no rank to divide by."""
    ranks = [
        parts[role].shape[0] for role in ("down", "hada_w1_b", "lokr_w2_b", "lokr_w1_b") if role in parts
    ]
    return float(parts["alpha"]) / ranks[0] if "alpha" in parts and ranks else 1.0


def _low_rank(parts: Parts) -> Tensor:
    """Up times down; with a middle, the three convolutions (1 x 1, k x k, 1 x 1) as one."""
    up, down = parts["up"].flatten(1), parts["down"]
    if "mid" in parts:
        return torch.einsum("op, pqhw, qi -> oihw", up, parts["mid"], down.flatten(1))
    return (up @ down.flatten(1)).reshape(up.shape[0], *down.shape[1:])


def _hadamard(parts: Parts) -> Tensor:
    """The product, number by number, of two low-rank matrices."""
    return _factor(parts, "hada_w1", "hada_t1") * _factor(parts, "hada_w2", "hada_t2")


def _kronecker(parts: Parts) -> Tensor:
    """The Kronecker product of a small matrix and a large one, either of which may be of low rank."""
    first, second = _factor(parts, "lokr_w1"), _factor(parts, "lokr_w2", "lokr_t2")
    second = second.contiguous()
    return torch.kron(first.reshape(*first.shape, *(1,) * (second.ndim - first.ndim)), second)


def _factor(parts: Parts, role: str, core: str = "") -> Tensor:
    """A whole matrix, or a times b, or (for convolutions) a Tucker core with a and b on its two sides."""
    if role in parts:
        return parts[role]
    a, b = parts[f"{role}_a"], parts[f"{role}_b"]
    if core in parts:
        return torch.einsum("ijhw, ip, jr -> prhw", parts[core], a, b)
    return (a @ b.flatten(1)).reshape(a.shape[0], *b.shape[1:])
