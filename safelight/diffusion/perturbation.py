"""Putting a part of a network out of action, so that guidance can go away from what it then says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from torch import Tensor

from safelight.diffusion.failure import UnsupportedError


@contextmanager
def perturbed(network: Any, kind: str) -> Iterator[None]:
    """While open, the middle of the network's UNet is perturbed.

    `identity`: in self-attention each place sees only itself. `skip`: the transformers are left out.
    `UnsupportedError` if the network has no such middle.
    """
    own = getattr(network, "perturbed", None)
    if own is not None:
        with own(kind):
            yield
        return
    with ExitStack() as hooks:
        for transformer in _middle(network):
            if kind == "skip":
                hooks.enter_context(_hook(transformer, _input_of_transformer))
                continue
            for block in transformer.transformer_blocks:
                hooks.enter_context(_hook(block.attn1, _values))
        yield


@contextmanager
def attending(network: Any) -> Iterator[list[Tensor]]:
    """While open, each call adds how much the first transformer of the middle looks at each place.

    [B, h, w]: the weights of its self-attention, their mean over heads, summed over all who look.
    """
    seen: list[Tensor] = []
    grid: list[int] = []
    transformer = _middle(network)[0]

    def begin(_module: Any, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        grid[:] = (given[0] if given else named["hidden_states"]).shape[-2:]

    def look(attention: Any, given: tuple[Any, ...], named: dict[str, Any], _result: Tensor) -> None:
        states = given[0] if given else named["hidden_states"]
        asks, answers = (
            attention.head_to_batch_dim(part(states)) for part in (attention.to_q, attention.to_k)
        )
        weights = attention.get_attention_scores(asks, answers).unflatten(0, (len(states), -1))
        seen.append(weights.float().mean(1).sum(1).unflatten(1, grid))

    with ExitStack() as hooks:
        first = transformer.register_forward_pre_hook(begin, with_kwargs=True)
        hooks.callback(first.remove)
        hooks.enter_context(_hook(transformer.transformer_blocks[0].attn1, look))
        yield seen


def _middle(network: Any) -> list[Any]:
    middle = getattr(getattr(network, "module", None), "mid_block", None)
    transformers = list(getattr(middle, "attentions", None) or ())
    if not transformers:
        raise UnsupportedError(
            "This model has no transformer in its middle to perturb", "Leave perturbed guidance away"
        )
    return transformers


@contextmanager
def _hook(module: Any, hook: Any) -> Iterator[None]:
    handle = module.register_forward_hook(hook, with_kwargs=True)
    try:
        yield
    finally:
        handle.remove()


def _values(attention: Any, given: tuple[Any, ...], named: dict[str, Any], _result: Tensor) -> Tensor:
    """Attention in which each place looks at itself: the values, as if all weights lay on the diagonal."""
    states = given[0] if given else named["hidden_states"]
    for layer in attention.to_out:
        states = layer(attention.to_v(states) if layer is attention.to_out[0] else states)
    return states


def _input_of_transformer(_module: Any, given: tuple[Any, ...], named: dict[str, Any], result: Any) -> Any:
    """A transformer that gives back what it was given."""
    states = given[0] if given else named["hidden_states"]
    return (states,) if isinstance(result, tuple) else states
