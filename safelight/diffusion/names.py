"""The names of samplers and schedules, as saved workflows spell them.

Kept apart from the code that they name, so that a node can offer them as choices without importing torch. The
order is the one in which ComfyUI's menus show them.
"""

SAMPLERS: tuple[str, ...] = (
    "euler",
    "euler_ancestral",
    "heun",
    "dpm_2",
    "dpm_2_ancestral",
    "lms",
    "dpmpp_2s_ancestral",
    "dpmpp_sde",
    "dpmpp_sde_gpu",
    "dpmpp_2m",
    "dpmpp_2m_sde",
    "dpmpp_2m_sde_gpu",
    "dpmpp_2m_sde_heun",
    "dpmpp_2m_sde_heun_gpu",
    "dpmpp_3m_sde",
    "dpmpp_3m_sde_gpu",
    "ddpm",
    "lcm",
    "ipndm",
    "deis",
    "res_multistep",
    "er_sde",
    "ddim",
    "uni_pc",
    "uni_pc_bh2",
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
