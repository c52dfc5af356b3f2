"""Prompts against an independent, plain computation with transformers' own classes."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from safelight.diffusion import builtin, checkpoint, residency, text
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.plan import Plan

FOLDER = builtin.builtin()["emoji"]
LENGTH = 24
PLAN = Plan(threads=1)


@pytest.fixture(scope="module")
def tokenizer() -> CLIPTokenizer:
    return CLIPTokenizer.from_pretrained(FOLDER / "tokenizer")


@pytest.fixture(scope="module")
def model() -> CLIPTextModel:
    return CLIPTextModel.from_pretrained(FOLDER / "text_encoder", dtype=torch.float32)


def their_ids(tokenizer: CLIPTokenizer, words: str) -> Tensor:
    return tokenizer(
        words, padding="max_length", max_length=LENGTH, truncation=True, return_tensors="pt"
    ).input_ids


def theirs(tokenizer: CLIPTokenizer, model: CLIPTextModel, words: str) -> tuple[Tensor, Tensor]:
    with torch.no_grad():
        out = model(their_ids(tokenizer, words))
    return out.last_hidden_state, out.pooler_output


def ours(emoji: Checkpoint, words: str, **kwargs: object) -> tuple[Tensor, Tensor]:
    assert emoji.clip is not None
    ((tensor, extra),) = text.encode(emoji.clip, words, plan=Plan(threads=1), **kwargs)
    return tensor, extra["pooled_output"]


def close(a: Tensor, b: Tensor) -> bool:
    return a.shape == b.shape and torch.allclose(a, b, atol=2e-5)


@pytest.mark.parametrize("words", ["a pizza on a blue background", "", "Ünïcode, it's 42!"])
def test_a_plain_prompt_equals_transformers(
    emoji: Checkpoint, tokenizer: CLIPTokenizer, model: CLIPTextModel, words: str
) -> None:
    tensor, pooled = ours(emoji, words)
    expected, expected_pooled = theirs(tokenizer, model, words)
    assert close(tensor, expected)
    assert close(pooled, expected_pooled)


def test_a_weight_moves_a_token_away_from_the_empty_prompt(
    emoji: Checkpoint, tokenizer: CLIPTokenizer, model: CLIPTextModel
) -> None:
    tensor, pooled = ours(emoji, "red (apple:1.5) face")
    plain, plain_pooled = theirs(tokenizer, model, "red apple face")
    empty, _ = theirs(tokenizer, model, "")
    before, after = (len(tokenizer(words).input_ids) - 1 for words in ("red", "red apple"))
    expected = plain.clone()
    expected[:, before:after] = (plain - empty)[:, before:after] * 1.5 + empty[:, before:after]
    assert close(tensor, expected)
    assert not close(tensor, plain)
    assert close(pooled, plain_pooled)


def test_a_long_prompt_is_encoded_chunk_by_chunk(
    emoji: Checkpoint, tokenizer: CLIPTokenizer, model: CLIPTextModel
) -> None:
    words = "pizza rocket ghost panda frog banana " * 6
    ids = tokenizer(words).input_ids[1:-1]
    assert len(ids) > LENGTH - 2
    rows = [ids[start : start + LENGTH - 2] for start in range(0, len(ids), LENGTH - 2)]
    marks = tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id
    padded = [[marks[0], *row, marks[1]] + [marks[2]] * (LENGTH - 2 - len(row)) for row in rows]
    with torch.no_grad():
        out = model(torch.tensor(padded))
    tensor, pooled = ours(emoji, words)
    assert close(tensor, out.last_hidden_state.flatten(0, 1)[None])
    assert close(pooled, out.pooler_output[:1])


def test_clip_skip_reads_an_earlier_layer_through_the_final_norm(
    emoji: Checkpoint, tokenizer: CLIPTokenizer, model: CLIPTextModel
) -> None:
    assert emoji.clip is not None
    with torch.no_grad():
        out = model(their_ids(tokenizer, "a ghost"), output_hidden_states=True)
        expected = model.final_layer_norm(out.hidden_states[-2])
    ((tensor, extra),) = text.encode(emoji.clip.with_last_layer(-2), "a ghost", plan=Plan(threads=1))
    assert close(tensor, expected)
    assert close(extra["pooled_output"], out.pooler_output)


def test_clip_skip_past_the_first_layer_means_the_last(emoji: Checkpoint) -> None:
    assert emoji.clip is not None
    ((deep, _),) = text.encode(emoji.clip.with_last_layer(-20), "a ghost", plan=Plan(threads=1))
    assert torch.equal(deep, ours(emoji, "a ghost")[0])


@pytest.fixture
def inversion(tmp_path: Path) -> Path:
    path = tmp_path / "style.safetensors"
    save_file({"clip_l": torch.randn(3, 128, generator=torch.Generator().manual_seed(0))}, path)
    return path


def test_an_embedding_puts_its_vectors_where_its_name_stood(
    emoji: Checkpoint, tokenizer: CLIPTokenizer, inversion: Path
) -> None:
    assert emoji.clip is not None
    with residency.lend(emoji.clip, Plan(threads=1)) as encoder:
        groups = encoder.towers[0].groups("a cat embedding:style, in (rain:1.2)", {"style": inversion}.get)
    vectors = torch.stack([piece for piece, _ in groups[1]])
    assert torch.equal(vectors, torch.randn(3, 128, generator=torch.Generator().manual_seed(0)))
    tokens = [[piece for piece, _ in group] for group in (groups[0], *groups[2:])]
    assert tokens == [tokenizer(words).input_ids[1:-1] for words in ("a cat", ", in", "rain")]
    assert {weight for _, weight in groups[3]} == {1.2}


def test_an_embedding_changes_the_encoding_and_an_unknown_one_is_left_out(
    emoji: Checkpoint, inversion: Path
) -> None:
    plain, _ = ours(emoji, "a cat")
    with_style, _ = ours(emoji, "a cat embedding:style", embeddings={"style": inversion}.get)
    with_none, _ = ours(emoji, "a cat embedding:nothing", embeddings={}.get)
    assert not torch.equal(plain, with_style)
    assert torch.equal(plain, with_none)


@pytest.mark.parametrize("name", ["style", "style.safetensors", "style,"])
def test_an_embedding_is_found_with_or_without_its_ending(
    emoji: Checkpoint, inversion: Path, name: str
) -> None:
    plain, _ = ours(emoji, "a cat")
    styled, _ = ours(emoji, f"a cat embedding:{name}", embeddings={"style.safetensors": inversion}.get)
    assert not torch.equal(plain, styled)


def test_an_embedding_without_a_name_is_left_out(emoji: Checkpoint) -> None:
    assert torch.equal(ours(emoji, "a cat embedding: ")[0], ours(emoji, "a cat")[0])


def test_an_embedding_that_is_a_pickle_is_refused(emoji: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "style.pt"
    torch.save({"vector": torch.zeros(1, 128)}, path)
    with pytest.raises(ModelFileError, match="pickle"):
        ours(emoji, "embedding:style", embeddings={"style": path}.get)


def test_encoding_stops_when_the_watch_says_so(emoji: Checkpoint) -> None:
    class Stop:
        asked = 0

        def check(self) -> None:
            self.asked += 1
            if self.asked > 2:
                raise KeyboardInterrupt

        def progress(self, done: int, total: int, preview: Tensor | None = None) -> None: ...

    ours(emoji, "a ghost")
    with pytest.raises(KeyboardInterrupt):
        ours(emoji, "a ghost", watch=Stop())


def test_an_encoding_may_be_changed_in_place(emoji: Checkpoint) -> None:
    tensor, _ = ours(emoji, "a ghost")
    version = tensor._version
    tensor += 1
    assert tensor._version == version + 1


def test_a_short_run_is_not_torn_between_chunks(emoji: Checkpoint) -> None:
    assert emoji.clip is not None
    with residency.lend(emoji.clip, Plan(threads=1)) as encoder:
        tower = encoder.towers[0]
        group = [(5, 1.0)] * 7
        torn = [(5, 1.0)] * 8
        kept = tower.chunks([[(4, 1.0)] * 18, group])
        assert [sum(token == 5 for token, _ in chunk) for chunk in kept] == [0, 7]
        split = tower.chunks([[(4, 1.0)] * 18, torn])
        assert [sum(token == 5 for token, _ in chunk) for chunk in split] == [4, 4]
        assert {len(chunk) for chunk in (*kept, *split)} == {LENGTH}


def test_each_encoder_of_sdxl_can_be_told_a_text_of_its_own(original: Callable[[str], Path]) -> None:
    clip = checkpoint.load(original("sdxl"), digest="apart").clip
    assert clip is not None
    long = "a very long prompt " * 30
    (both, _), (left, _), (right, _) = (
        text.encode(clip, words, plan=PLAN)[0] for words in ("a cat", long, "a cat")
    )
    ((mixed, told),) = text.encode_apart(clip, long, "a cat", plan=PLAN, width=640, crop_h=8)
    width = both.shape[-1]
    small = width - told["pooled_output"].shape[-1]
    assert mixed.shape == (1, left.shape[1], width)
    assert mixed.shape[1] > right.shape[1]
    torch.testing.assert_close(mixed[..., small:], left[..., small:])
    torch.testing.assert_close(mixed[:, : both.shape[1], :small], both[..., :small])
    assert (told["width"], told["crop_h"]) == (640, 8)


def test_the_same_text_for_both_encoders_is_the_plain_prompt(original: Callable[[str], Path]) -> None:
    clip = checkpoint.load(original("sdxl"), digest="apart").clip
    assert clip is not None
    ((plain, pooled),), ((apart, told),) = (
        text.encode(clip, "a cat", plan=PLAN),
        text.encode_apart(clip, "a cat", "a cat", plan=PLAN),
    )
    assert torch.equal(plain, apart)
    assert torch.equal(pooled["pooled_output"], told["pooled_output"])


def test_two_texts_need_two_encoders(emoji: Checkpoint) -> None:
    assert emoji.clip is not None
    with pytest.raises(UnsupportedError, match="not the two text encoders of SDXL"):
        text.encode_apart(emoji.clip, "a", "b", plan=PLAN)
