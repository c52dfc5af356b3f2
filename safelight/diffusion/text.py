"""Prompts to CONDITIONING: tokens in chunks, weights against the empty prompt, clip skip, textual inversion.

The numbers are ComfyUI's: a prompt of any length is cut into chunks of the encoder's length, each encoded
by itself and laid end to end; a token's weight moves its vector away from, or towards, what the empty
prompt has at that place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion import alias, hook, inversion, prompt, residency, vocabulary, weights
from safelight.diffusion import device as devices
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ClipHandle
from safelight.diffusion.inversion import Find
from safelight.diffusion.plan import Plan
from safelight.diffusion.single import TextComponent
from safelight.diffusion.transformer import Encoded, TextTransformer
from safelight.diffusion.vocabulary import Vocabulary
from safelight.diffusion.watch import QUIET, Watch

log = logging.getLogger(__name__)

WORD = 8
"""A run of fewer tokens than this is not torn between two chunks."""

Piece = tuple[int | Tensor, float]
"""A token number or a vector of a textual inversion, and its weight."""
Check = Callable[[], None]


def encode(
    clip: ClipHandle, text: str, *, plan: Plan, watch: Watch = QUIET, embeddings: Find = lambda _name: None
) -> list[list[Any]]:
    """CONDITIONING for a prompt: an entry of a tensor [1, L, D] and a dict with `pooled_output` [1, P].

    With hooks that change over time there is an entry for each part of a run in which they do not.
    """

    def once(clip: ClipHandle) -> list[Any]:
        with residency.lend(clip, plan, watch) as encoder, torch.no_grad():
            tensor, pooled = encoder.encode(text, clip.last_layer, embeddings, watch.check)
        return [tensor.cpu(), {"pooled_output": pooled.cpu()}]

    return hook.encoded(clip, once)


def encode_apart(
    clip: ClipHandle,
    large: str,
    small: str,
    *,
    plan: Plan,
    watch: Watch = QUIET,
    embeddings: Find = lambda _name: None,
    **told: float,
) -> list[list[Any]]:
    """The same with a text for each of SDXL's encoders, and what else the model is `told` (sizes, a score).

    `UnsupportedError` for a CLIP that has not both.
    """
    texts = {"clip_g": large, "clip_l": small}

    def once(clip: ClipHandle) -> list[Any]:
        with residency.lend(clip, plan, watch) as encoder, torch.no_grad():
            if {tower.embedding for tower in encoder.towers} != set(texts):
                raise UnsupportedError(
                    "This CLIP has not the two text encoders of SDXL", "Use CLIP Text Encode (Prompt)."
                )
            tensor, pooled = encoder.encode(texts, clip.last_layer, embeddings, watch.check)
        return [tensor.cpu(), {"pooled_output": pooled.cpu(), **told}]

    return hook.encoded(clip, once)


@dataclass(frozen=True)
class Tower:
    """One text encoder of a model: its weights, its vocabulary, and how its family reads it."""

    model: TextTransformer
    vocabulary: Vocabulary
    length: int
    embedding: str
    last_layer: int
    norm: bool
    device: str

    def laid(self, text: str, embeddings: Find) -> list[list[Piece]]:
        """The prompt in chunks."""
        return self.chunks(self.groups(text, embeddings))

    def encode(self, chunks: list[list[Piece]], layer: int | None, check: Check) -> tuple[Tensor, Tensor]:
        """A prompt's vectors [1, chunks * length, D], and the pooled vector [1, P] of its first chunk."""
        weighted = any(weight != 1.0 for chunk in chunks for _, weight in chunk)
        out = self._run([*chunks, self.empty()] if weighted else chunks, layer or self.last_layer, check)
        vectors = out.layer
        if weighted:
            vectors = weigh(vectors[:-1], vectors[-1:], chunks)
        return vectors.flatten(0, 1)[None], out.pooled[:1]

    def varied(self, tensors: Mapping[str, Tensor], device: str) -> Tower:
        """The same tower with these tensors, which are on this device, in place of its own."""
        with torch.device("meta"):
            model = TextTransformer(self.model.config, projection=self.model.text_projection is not None)
        model.load_state_dict(tensors, assign=True)
        return replace(self, model=model.requires_grad_(False).eval(), device=device)

    def groups(self, text: str, embeddings: Find) -> list[list[Piece]]:
        """The prompt as runs of pieces, where each run had one weight in the text."""
        groups: list[list[Piece]] = []
        for segment in prompt.parse(text):
            for word in prompt.words(segment.text):
                if word.startswith(prompt.EMBEDDING):
                    vectors, word = self._inversion(word, embeddings)
                    groups.append([(vector, segment.weight) for vector in vectors])
                groups.append([(token, segment.weight) for token in self.vocabulary.tokens(word)])
        return [group for group in groups if group]

    def chunks(self, groups: list[list[Piece]]) -> list[list[Piece]]:
        """Runs laid into chunks of `length`, each with its start and end; short runs are kept whole."""
        chunks: list[list[Piece]] = [[]]
        for group in groups:
            rest, torn = group, len(group) >= min(WORD, self.length - 2)
            while rest:
                room = self.length - 2 - len(chunks[-1])
                taken = len(rest) if len(rest) <= room else room if torn else 0
                chunks[-1] += rest[:taken]
                rest = rest[taken:]
                if rest:
                    chunks.append([])
        return [self._closed(chunk) for chunk in chunks]

    def empty(self) -> list[Piece]:
        """The chunk of a prompt without words."""
        return self._closed([])

    def _closed(self, chunk: list[Piece]) -> list[Piece]:
        marks = self.vocabulary
        whole: list[Piece] = [(marks.start, 1.0), *chunk, (marks.end, 1.0)]
        return whole + [(marks.pad, 1.0)] * (self.length - len(whole))

    def _run(self, chunks: list[list[Piece]], layer: int, check: Check) -> Encoded:
        ends = [
            next(place for place, (token, _) in enumerate(chunk) if self._is_end(token)) for chunk in chunks
        ]
        vectors = torch.stack([torch.stack([self._vector(token) for token, _ in chunk]) for chunk in chunks])
        out = self.model(vectors, torch.tensor(ends, device=self.device), layer, check)
        skipped = (
            self.model.final_layer_norm(out.layer) if self.norm and out.layer is not out.last else out.layer
        )
        return Encoded(skipped, out.last, out.pooled)

    def _is_end(self, token: int | Tensor) -> bool:
        return isinstance(token, int) and token == self.vocabulary.end

    def _vector(self, token: int | Tensor) -> Tensor:
        table = self.model.embeddings.token_embedding.weight
        return table[token] if isinstance(token, int) else token.to(table)

    def _inversion(self, word: str, embeddings: Find) -> tuple[Tensor, str]:
        """The vectors [N, D] of `embedding:name` and the text after the name; none if they do not fit."""
        name, *others = word.removeprefix(prompt.EMBEDDING).split() or [""]
        rest = " ".join(others)
        path, bare = inversion.find(embeddings, name), name.rstrip(",")
        if path is None and bare != name:
            path, rest = inversion.find(embeddings, bare), f"{name[len(bare) :]} {rest}"
        vectors = inversion.read(path, self.embedding) if path else None
        width = self.model.embeddings.token_embedding.weight.shape[1]
        if vectors is None or vectors.shape[-1] != width:
            log.warning("The embedding '%s' was not found for this model; the prompt goes without it.", name)
            return torch.empty(0, width), rest
        return vectors, rest


def weigh(vectors: Tensor, empty: Tensor, chunks: list[list[Piece]]) -> Tensor:
    """Vectors [N, L, D] with their tokens' weights applied against the empty prompt's; weight 1 is exact."""
    factors = torch.tensor([[weight for _, weight in chunk] for chunk in chunks]).to(vectors)[..., None]
    return torch.where(factors == 1.0, vectors, (vectors - empty) * factors + empty)


@dataclass(frozen=True)
class Encoder:
    """All text encoders of a model: their vectors side by side, pooled by the last one."""

    towers: tuple[Tower, ...]

    def encode(
        self, text: str | Mapping[str, str], layer: int | None, embeddings: Find, check: Check
    ) -> tuple[Tensor, Tensor]:
        """Vectors [1, L, D] and the pooled vector [1, P]; `layer` None is what the family was trained on.

        Towers that are told a text each (by the kind of their embeddings) are filled up with empty chunks.
        """
        laid = [
            tower.laid(text if isinstance(text, str) else text[tower.embedding], embeddings)
            for tower in self.towers
        ]
        most = 0 if isinstance(text, str) else max(map(len, laid))
        found = [
            tower.encode(chunks + [tower.empty()] * (most - len(chunks)), layer, check)
            for tower, chunks in zip(self.towers, laid, strict=True)
        ]
        length = min(vectors.shape[1] for vectors, _ in found)
        return torch.cat([vectors[:, :length] for vectors, _ in found], dim=-1), found[-1][1]

    def tensors(self) -> dict[str, Tensor]:
        """The weights of all towers, each tower's names behind its number."""
        return {
            f"{place}.{name}": tensor
            for place, tower in enumerate(self.towers)
            for name, tensor in tower.model.state_dict().items()
        }

    def varied(self, tensors: Mapping[str, Tensor], plan: Plan) -> Encoder:
        """The same encoders with these tensors, which are where the plan says, in place of their own."""
        return Encoder(
            tuple(
                tower.varied(_below(tensors, place), plan.device) for place, tower in enumerate(self.towers)
            )
        )

    def aliases(self) -> dict[str, str]:
        """The names that adapter files have for the layers."""
        found: dict[str, str] = {}
        for place, tower in enumerate(self.towers):
            own = alias.tower(place, tower.embedding, alias.layers(tower.model.state_dict()))
            found |= {name: f"{place}.{layer}" for name, layer in own.items()}
        return found

    def group(self, tensor: str) -> str:
        """Text encoders have no groups of blocks."""
        return ""


def _below(tensors: Mapping[str, Tensor], place: int) -> dict[str, Tensor]:
    """The tensors of one tower, by its own names."""
    start = f"{place}."
    return {name.removeprefix(start): tensor for name, tensor in tensors.items() if name.startswith(start)}


def build(texts: tuple[TextComponent, ...], plan: Plan, check: Check) -> Encoder:
    """The text encoders with their weights, in fp32."""
    with devices.memory_errors("loading the text encoder", plan.device):
        return Encoder(tuple(_tower(text, plan, check) for text in texts))


def _tower(text: TextComponent, plan: Plan, check: Check) -> Tower:
    component = text.component
    words = (
        vocabulary.shipped(text.vocabulary)
        if isinstance(text.vocabulary, int)
        else vocabulary.read(text.vocabulary)
    )
    with torch.device("meta"):
        model = TextTransformer(
            component.config, projection=component.slot("text_projection.weight") is not None
        )
    weights.fill(model, component, torch.float32, plan.device, check)
    length = component.config["max_position_embeddings"]
    return Tower(model, words, length, text.embedding, text.last_layer, text.norm, plan.device)
