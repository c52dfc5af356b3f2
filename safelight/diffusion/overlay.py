"""The patches of a model that change how it is sampled and none of its weights.

A patch of kind `sampling` says which levels the network is sampled at and what its output means; the last one
counts. One of kind `guidance` is a layer of guidance (`layer`); they count in their order. One of kind
`mosaic` has it asked in tiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safelight.diffusion import mosaic
from safelight.diffusion.continuous import ContinuousSampling
from safelight.diffusion.distilled import DistilledSampling
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.flow import FlowSampling
from safelight.diffusion.handle import ModelHandle, Patch
from safelight.diffusion.sigma import DiscreteSampling, ModelSampling
from safelight.diffusion.single import FAMILIES
from safelight.diffusion.training import zero_snr

if TYPE_CHECKING:
    from torch import Tensor

    from safelight.diffusion.network import Network
    from safelight.diffusion.plan import Plan
    from safelight.diffusion.watch import Watch

SAMPLING, GUIDANCE = "sampling", "guidance"


def resampled(model: ModelHandle, form: str, **settings: str | float | bool) -> ModelHandle:
    """The same weights, sampled at other levels or taken to predict something else.

    `form` is `discrete` (prediction, zsnr), `distilled` (zsnr), `continuous` or `flow` (the fields of
    `ContinuousSampling` and `FlowSampling`).
    """
    return model.patched(Patch(SAMPLING, settings=(("form", form), *settings.items())))


def guided(model: ModelHandle, layer: str, **settings: str | float) -> ModelHandle:
    """The same model with one more layer of guidance; `layer.layer` says which there are."""
    return model.patched(Patch(GUIDANCE, settings=(("layer", layer), *settings.items())))


def sampling(model: ModelHandle, own: ModelSampling) -> ModelSampling:
    """The levels at which a model is sampled, given its network's own; a plugin's model may say others."""
    custom = getattr(model, "custom_sampling", None)
    if custom is not None:
        own = custom(own)
    patches = [patch for patch in model.patches if patch.kind == SAMPLING]
    if not patches:
        return own
    settings: dict[str, Any] = dict(patches[-1].settings)
    form = settings.pop("form")
    if form == "flow":
        return FlowSampling(**settings)
    if form == "continuous":
        return ContinuousSampling(**settings)
    return _tabled(own, form, **settings)


def _tabled(own: ModelSampling, form: str, prediction: str = "epsilon", zsnr: bool = False) -> ModelSampling:
    if not isinstance(own, DiscreteSampling):
        raise UnsupportedError(
            "This model was not trained on a table of noise levels", "Choose a continuous or a flow sampling"
        )
    alphas = zero_snr(own.alphas_cumprod) if zsnr else own.alphas_cumprod
    if form == "distilled":
        return DistilledSampling(alphas)
    return DiscreteSampling(alphas, prediction)


def sampling_of(model: ModelHandle, plan: Plan, watch: Watch) -> ModelSampling:
    """The levels at which a model is sampled, by its file alone where its family lets that be known."""
    from safelight.diffusion import family, residency, training

    if model.source.family == "folder" or model.source.family in FAMILIES:
        return sampling(model, training.sampling(family.components(model.source)))
    with residency.lend(model, plan, watch) as network:
        return sampling(model, network.sampling)


class Overlaid:
    """A network that is lent, sampled as its handle's patches say; all else is the network's own."""

    def __init__(self, network: Network, model: ModelHandle) -> None:
        self._network = network
        self.sampling = sampling(model, network.sampling)
        self._tiles = mosaic.of(model, network.latent.factor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)

    def __call__(self, x: Tensor, timestep: Tensor, context: Tensor, **extras: Any) -> Tensor:
        """The network's own raw prediction, in one piece or in tiles."""
        if self._tiles is not None:
            return self._tiles(self._network, x, timestep, context, extras)
        return self._network(x, timestep, context, **extras)
