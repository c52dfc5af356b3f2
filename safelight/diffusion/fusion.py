"""A ControlNet for several kinds of pictures at work; see `union`."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from safelight.diffusion import device as devices
from safelight.diffusion.steering import ControlNetwork, Residuals


class UnionNetwork(ControlNetwork):
    """The parts of diffusers' `ControlNetUnionModel`, asked with one picture of one kind or of none."""

    def __call__(
        self,
        hint: Tensor,
        strength: float,
        x: Tensor,
        timestep: Tensor,
        context: Tensor,
        extras: Mapping[str, Tensor],
        kind: int | None = None,
    ) -> Residuals:
        """The residuals for a picture [1 or B, 3, 8h, 8w] in 0..1 of this kind; None says nothing of it."""
        self.check_width(context)
        with devices.memory_errors("steering", self.plan.device):
            told = self._told(x, timestep, extras, kind)
            skips, middle = self._walked(self._joined(hint, x, kind), told, context)
        return Residuals(tuple(skip * strength for skip in skips), (middle * strength,))

    def _told(self, x: Tensor, timestep: Tensor, extras: Mapping[str, Tensor], kind: int | None) -> Tensor:
        """What each block is told: the step, the kind of the picture, pooled text and sizes."""
        module = self.module
        flags = torch.zeros(module.config.num_control_type, device=x.device)
        if kind is not None:
            flags[kind] = 1.0
        told: Tensor = module.time_embedding(module.time_proj(timestep).to(x.dtype))
        told = told + module.control_add_embedding(module.control_type_proj(flags).reshape(1, -1).to(x.dtype))
        if module.config.addition_embed_type != "text_time":
            return told
        pooled = extras["text_embeds"]
        sizes = module.add_time_proj(extras["time_ids"].flatten()).reshape(len(pooled), -1)
        added: Tensor = module.add_embedding(torch.cat([pooled, sizes], dim=-1).to(x.dtype))
        return told + added

    def _joined(self, hint: Tensor, x: Tensor, kind: int | None) -> Tensor:
        """The latent and the picture; the channels of one of a known kind are shifted by what both hold."""
        module = self.module
        latent: Tensor = module.conv_in(x)
        seen: Tensor = module.controlnet_cond_embedding(hint.to(x.dtype)).expand(len(x), -1, -1, -1)
        if kind is None:
            return latent + seen
        means = [seen.mean(dim=(2, 3)) + module.task_embedding[kind], latent.mean(dim=(2, 3))]
        words = torch.stack(means, dim=1)
        for layer in module.transformer_layes:
            words = layer(words)
        return latent + seen + module.spatial_ch_projs(words[:, 0])[..., None, None]

    def _walked(self, x: Tensor, told: Tensor, context: Tensor) -> tuple[list[Tensor], Tensor]:
        """What the blocks make of it, each through its own outlet."""
        module, found = self.module, [x]
        for block in module.down_blocks:
            attends = getattr(block, "has_cross_attention", False)
            x, more = block(x, told, encoder_hidden_states=context) if attends else block(x, told)
            found += more
        outlets = zip(module.controlnet_down_blocks, found, strict=True)
        middle = module.mid_block(x, told, encoder_hidden_states=context)
        return [outlet(skip) for outlet, skip in outlets], module.controlnet_mid_block(middle)
