"""SamplerEulerCFG++."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Sampler, node

Version = Annotated[
    Literal["regular", "alternative"],
    Choice(
        advanced=True,
        tip="regular is euler_cfg_pp; alternative adds the difference of the prompts once more.",
    ),
]


@node(
    "SamplerEulerCFGpp",
    category="experimental",
    title="SamplerEulerCFG++",
    experimental=True,
    aliases=("cfg++",),
)
def euler_cfg_pp(*, version: Version = "regular") -> Sampler:
    """Euler's method whose noise the negative prompt tells: use a guidance of about 1 (arXiv:2406.08070)."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of("euler_cfg_pp" if version == "regular" else "euler_pp")
