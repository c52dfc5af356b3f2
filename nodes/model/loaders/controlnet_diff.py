"""Load ControlNet Model (diff)."""

from __future__ import annotations

from nodes.model.loaders.controlnet import ControlNetName
from safelight import Context, ControlNet, Model, node


@node(
    "DiffControlNetLoader",
    category="model/loaders",
    title="Load ControlNet Model (diff)",
    aliases=("controlnet",),
    lane="io",
)
def load_controlnet_difference(ctx: Context, *, model: Model, control_net_name: ControlNetName) -> ControlNet:
    """Choose a ControlNet whose file holds only its difference to a model, and the model to add it to.

    The model's LoRAs do not count. A file that holds a whole ControlNet is loaded as it is.
    """
    from safelight import diffusion

    file = ctx.open(ctx.folders.find("controlnet", control_net_name))
    return diffusion.controlnet.load(file.path, file.digest, model)
