"""Styles as nodes, over the data folder that a program has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nodes.model.loaders.checkpoint import load_checkpoint
from nodes.model.loaders.style import load_style
from nodes.text.style import apply_style
from safelight import BadInput, Context, home


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    home.prepare(tmp_path)
    entry = {"name": "Mine", "prompt": "{prompt}!", "loras": [{"name": "a.safetensors", "strength": 0.5}]}
    (tmp_path / "styles/own.json").write_text(json.dumps({"styles": [entry]}))
    context = Context.plain(tmp_path)
    context.folders = home.folders(tmp_path)
    return context


def test_a_prompt_is_said_in_the_words_of_a_style(ctx: Context) -> None:
    styled = apply_style(ctx, text="a cat", negative="dog", style="Oil painting")
    assert styled.positive.startswith("oil painting of a cat, ")
    assert styled.negative.startswith("dog, photograph")
    assert json.loads(styled.settings)["steps"] == 30
    assert "Thick paint on canvas" in ctx.shown["text"][0]
    assert [ref.path.name for ref in ctx.reads] == ["basic.json"], "another pack is another result"


def test_own_styles_can_be_chosen(ctx: Context) -> None:
    assert {"Mine", "Anime"} <= set(ctx.folders.names("styles"))
    assert apply_style(ctx, text="a", style="Mine").positive == "a!"
    with pytest.raises(BadInput, match="Did you mean 'Mine'"):
        apply_style(ctx, text="a", style="Mime")


def test_a_style_brings_its_loras(ctx: Context) -> None:
    model, clip, _ = load_checkpoint(ctx, ckpt_name="emoji")
    with pytest.raises(BadInput, match=r"a\.safetensors"):
        load_style(ctx, model=model, clip=clip, style="Mine")
    assert load_style(ctx, model=model, clip=clip, style="Anime") == (model, clip)
    assert load_style(ctx, model=model, clip=clip, style="Mine", strength=0.0) == (model, clip)
