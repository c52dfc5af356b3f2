"""The names of samplers and schedules, as saved workflows spell them.

Kept apart from the code that they name, so that a node can offer them as choices without importing torch. The
order is the one in which ComfyUI's menus show them.
"""

SAMPLERS: tuple[str, ...] = (
    "euler",
    "euler_ancestral",
    "heun",
    "dpmpp_2m",
    "ddim",
)
"""Every sampler that can be run."""

SCHEDULES: tuple[str, ...] = (
    "simple",
    "sgm_uniform",
    "karras",
    "exponential",
    "ddim_uniform",
    "beta",
    "normal",
    "linear_quadratic",
    "kl_optimal",
)
"""Every schedule that can be asked for."""
