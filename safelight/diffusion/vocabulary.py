"""The byte-pair tokenizer of CLIP text encoders: text to token numbers. Imports no torch.

The vocabulary is either CLIP's own, which ships with the package, or the one in a model folder. Radford et
al. 2021, arXiv:2103.00020; byte pairs: Sennrich et al. 2016, arXiv:1508.07909.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import BPE

from safelight.diffusion.builtin import DATA
from safelight.diffusion.failure import ModelFileError

START, END = "<|startoftext|>", "<|endoftext|>"
WORD = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
"""What counts as one word before byte pairs are merged: CLIP's own expression."""

Merges = list[tuple[str, str]]


@dataclass(frozen=True)
class Vocabulary:
    """A tokenizer and the numbers of its marks: start, end, and what fills the rest of a chunk."""

    tokenizer: Tokenizer
    start: int
    end: int
    pad: int

    def tokens(self, text: str) -> list[int]:
        """The numbers of a text, without start and end."""
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)


def shipped(pad: int) -> Vocabulary:
    """CLIP's own vocabulary of 49,408 tokens; chunks are filled with `pad`."""
    tokenizer = _clip()
    return Vocabulary(tokenizer, tokenizer.token_to_id(START), tokenizer.token_to_id(END), pad)


def read(folder: Path) -> Vocabulary:
    """The vocabulary in a model's tokenizer folder: `vocab.json` with `merges.txt`, else `tokenizer.json`."""
    try:
        if (folder / "merges.txt").is_file():
            lines = (folder / "merges.txt").read_text(encoding="utf-8").split("\n")
            merges = _pairs(line for line in lines if not line.startswith("#version"))
            tokenizer = _tokenizer(json.loads((folder / "vocab.json").read_text(encoding="utf-8")), merges)
        else:
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            tokenizer.no_truncation()
            tokenizer.no_padding()
        config_file = folder / "tokenizer_config.json"
        config = json.loads(config_file.read_text(encoding="utf-8")) if config_file.is_file() else {}
    except Exception as error:  # tokenizers raises bare Exception
        raise ModelFileError(
            f"The tokenizer in {folder} cannot be read ({error})", "Download the model again."
        ) from error
    marks = [_mark(tokenizer, config, name) for name in ("bos_token", "eos_token", "pad_token")]
    return Vocabulary(tokenizer, *marks)


def _mark(tokenizer: Tokenizer, config: dict[str, object], name: str) -> int:
    value = config.get(name) or (START if name == "bos_token" else END)
    text = value["content"] if isinstance(value, dict) else str(value)
    number = tokenizer.token_to_id(text)
    if number is None:
        raise ModelFileError(f"The tokenizer has no token {text!r}, its {name}", "Download the model again.")
    return int(number)


@cache
def _clip() -> Tokenizer:
    with gzip.open(DATA / "clip" / "merges.txt.gz") as file:
        merges = _pairs(file.read().decode("utf-8").split("\n"))
    letters = byte_letters()
    words = [*letters, *(letter + "</w>" for letter in letters), *(a + b for a, b in merges), START, END]
    return _tokenizer({word: number for number, word in enumerate(words)}, merges)


def byte_letters() -> list[str]:
    """A printable letter for each byte, in the order in which CLIP numbers them."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    return [chr(byte) for byte in plain] + [chr(256 + number) for number in range(256 - len(plain))]


def _pairs(lines: Iterable[str]) -> Merges:
    return [(first, second) for first, second in (line.split() for line in lines if line.strip())]


def _tokenizer(vocabulary: dict[str, int], merges: Merges) -> Tokenizer:
    model = BPE(vocabulary, merges, continuing_subword_prefix="", end_of_word_suffix="</w>", unk_token=END)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    words = pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [words, pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.add_special_tokens([START, END])
    return tokenizer
