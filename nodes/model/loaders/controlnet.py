"""Load ControlNet Model."""

from __future__ import annotations

from typing import Annotated

from safelight import Context, ControlNet, File, node

ControlNetName = Annotated[
    str,
    File("controlnet", tip="A ControlNet or T2I-Adapter that was made for the family of your model."),
]


@node(
    "ControlNetLoader",
    category="model/loaders",
    title="Load ControlNet Model",
    aliases=("controlnet", "t2i adapter"),
    lane="io",
)
def load_controlnet(ctx: Context, *, control_net_name: ControlNetName) -> ControlNet:
    """Choose a network that lets a picture steer: edges, a pose, depth, a sketch.

    ControlNets and T2I-Adapters for Stable Diffusion 1, 2 and XL are known, in their own layout or in
    diffusers'. It is read when something is first sampled with it. Connect it to Apply ControlNet.
    """
    from safelight import diffusion

    file = ctx.open(ctx.folders.find("controlnet", control_net_name))
    return diffusion.controlnet.load(file.path, file.digest)
