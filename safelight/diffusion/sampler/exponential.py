"""RES: an exponential integrator of second order, with its ancestral and CFG++ forms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, both, descents, intervals, slope, towards


def sample_res_multistep(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    eta: float = 0.0,
    s_noise: float = 1.0,
    cfg_pp: bool = False,
) -> Iterator[State]:
    """RES, second order with the prediction before (Zhang et al. 2023, arXiv:2308.02157).

    With eta each step goes below the next level, and fresh noise leads up to it. With `cfg_pp` the noise is
    what the negative prompt sees (CFG++, arXiv:2406.08070), and the history is its prediction.
    """
    x, before = state.x, state.history
    split = descents(sigmas, eta)
    weights = _weights(sigmas, torch.tensor(split.down, dtype=sigmas.dtype))
    for step, sigma, after in intervals(state, sigmas, noise):
        x0, aim = both(denoise, x, sigma) if cfg_pp else (denoise(x, sigma),) * 2
        down = split.down[step]
        if before and down:
            kept, now, earlier = weights[step]
            x = (x + (x0 - aim)) * kept if cfg_pp else x * kept
            x = x + aim * now + before[0] * earlier
        elif cfg_pp:
            x = x0 + slope(x, aim, sigma) * down if down else x0
        else:
            x = towards(x, x0, sigma, down)
        if after and eta:
            x = x + noise.draw(sigma, after) * (s_noise * split.up[step])
        before = (aim,)
        yield State(step + 1, x, before, noise.position, x0)


def _weights(sigmas: Tensor, downs: Tensor) -> list[tuple[float, float, float]]:
    """For each step what is kept of x, what is taken of the prediction and what of the one before.

    How far back that one lies is measured from where the step before it went down to.
    """
    logs, lower = sigmas.log().neg(), downs.log().neg()
    length = lower - logs[:-1]
    back = torch.zeros_like(length)
    back[1:] = (logs[:-2] - lower[:-1]) / length[1:]
    first = length.neg().expm1() / length.neg()
    second = (first - 1.0) / length.neg()
    now = (first - second / back).nan_to_num(nan=0.0)
    earlier = (second / back).nan_to_num(nan=0.0)
    table = (length.neg().exp(), length * now, length * earlier)
    return list(zip(*(column.tolist() for column in table), strict=True))


sample_res_multistep_cfg_pp = partial(sample_res_multistep, cfg_pp=True)
sample_res_multistep_ancestral = partial(sample_res_multistep, eta=1.0)
sample_res_multistep_ancestral_cfg_pp = partial(sample_res_multistep, eta=1.0, cfg_pp=True)
