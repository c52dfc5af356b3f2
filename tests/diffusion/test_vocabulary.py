"""The shipped vocabulary and those of model folders."""

from pathlib import Path

import pytest
from transformers import CLIPTokenizer

from safelight.diffusion import builtin, vocabulary
from safelight.diffusion.failure import ModelFileError


def test_the_shipped_vocabulary_gives_clips_numbers() -> None:
    clip = vocabulary.shipped(pad=0)
    assert (clip.start, clip.end, clip.pad) == (49406, 49407, 0)
    assert clip.tokens("a photo of a cat") == [320, 1125, 539, 320, 2368]
    assert clip.tokenizer.get_vocab_size() == 49408


@pytest.mark.parametrize(
    "text", ["", "A  Photo\n of it's 1234 things!", "naïve café — 日本語 🍕", "<|endoftext|> x"]
)
def test_the_shipped_vocabulary_agrees_with_transformers(text: str) -> None:
    clip = vocabulary.shipped(pad=49407)
    merges = clip.tokenizer.to_str()
    assert merges
    import json

    model = json.loads(merges)["model"]
    theirs = CLIPTokenizer(vocab=model["vocab"], merges=[tuple(pair) for pair in model["merges"]])
    assert clip.tokens(text) == theirs(text).input_ids[1:-1]


@pytest.mark.parametrize("only", [("vocab.json", "merges.txt"), ("tokenizer.json",)])
def test_a_folders_vocabulary_is_read_from_either_form(tmp_path: Path, only: tuple[str, ...]) -> None:
    folder = builtin.builtin()["emoji"] / "tokenizer"
    for name in (*only, "tokenizer_config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    theirs = CLIPTokenizer.from_pretrained(folder)
    words = vocabulary.read(tmp_path)
    assert (
        words.tokens("a pizza on a blue background") == theirs("a pizza on a blue background").input_ids[1:-1]
    )
    assert (words.start, words.end, words.pad) == (3216, 3217, 3217)


def test_a_damaged_tokenizer_is_named(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(ModelFileError, match="tokenizer"):
        vocabulary.read(tmp_path)
