"""Hooks as values: combined, kept, and what they do to a text encoder over the parts of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from safelight.core.store.disk import DiskStore
from safelight.core.store.record import Record
from safelight.diffusion import hook, lora, residency, text
from safelight.diffusion.attachment import attached, filling
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.fingerprint import fingerprint
from safelight.diffusion.handle import ClipHandle
from safelight.diffusion.hook import Hook, Hooks, TextHooks
from safelight.diffusion.keyframe import Keyframe, Keyframes
from safelight.diffusion.plan import Plan
from safelight.tensor import storing

LAYER = "text_model.encoder.layers.0.mlp.fc1"
FADE = Keyframes((Keyframe(1.0), Keyframe(0.25, 0.4), Keyframe(0.0, 0.8)))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Adapters for a denoiser, for a text encoder, and for both."""
    folder = tmp_path_factory.mktemp("loras")
    bias = {"unet.conv_in.diff_b": torch.ones(128)}
    words = {f"text_encoder.{LAYER}.diff_b": torch.full((512,), 0.3)}
    made = {"model": bias, "clip": words, "both": bias | words}
    for name, tensors in made.items():
        save_file(tensors, folder / f"{name}.safetensors")
    return {name: folder / f"{name}.safetensors" for name in made}


def of(files: dict[str, Path], name: str, strength: float = 1.0) -> Hook:
    return hook.of_lora(files[name], name, strength, strength)


def said(clip: ClipHandle, plan: Plan) -> list[list[object]]:
    return text.encode(clip, "a cat", plan=plan)


def test_a_hook_holds_what_its_file_speaks_of(files: dict[str, Path]) -> None:
    model, clip, both = (of(files, name) for name in ("model", "clip", "both"))
    assert (model.model is None, model.clip is None) == (False, True)
    assert (clip.model is None, clip.clip is None) == (True, False)
    assert both.model is not None
    assert both.clip is not None
    assert hook.of_lora(files["both"], "both", 0.0, 0.5).model is None


def test_a_file_that_is_no_adapter_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.safetensors"
    save_file({"pixels": torch.ones(1)}, path)
    with pytest.raises(ModelFileError, match="is no LoRA"):
        hook.of_lora(path, "x", 1.0, 1.0)


def test_a_file_that_changes_only_what_has_no_strength_is_refused(files: dict[str, Path]) -> None:
    with pytest.raises(ModelFileError, match="changes only the text encoder"):
        hook.of_lora(files["clip"], "clip", 1.0, 0.0)
    with pytest.raises(ModelFileError, match="changes only the denoiser"):
        hook.of_lora(files["model"], "model", 0.0, 1.0)
    assert hook.of_lora(files["model"], "model", 0.0, 0.0) == Hook(None, None)


def test_a_chain_counts_equal_hooks_and_a_combination_does_not(files: dict[str, Path]) -> None:
    one = Hooks().added(of(files, "model"))
    assert len(one.added(of(files, "model")).hooks) == 2
    assert one.combined(one) == one
    assert one.combined(Hooks().added(of(files, "both"))).hooks == (of(files, "model"), of(files, "both"))
    assert one.combined(one.scheduled(FADE)).hooks == (*one.hooks, *one.scheduled(FADE).hooks)


def test_whatever_changes_a_result_changes_the_key(files: dict[str, Path]) -> None:
    one = Hooks().added(of(files, "both"))
    others = [
        Hooks(),
        Hooks().added(of(files, "both", 0.5)),
        Hooks().added(of(files, "model")),
        one.scheduled(FADE),
        one.added(of(files, "both")),
        one.combined(Hooks().added(of(files, "model"))),
    ]
    assert len({made.key for made in (one, *others)}) == len(others) + 1
    moved = replace(of(files, "both").model, path="elsewhere")
    assert Hooks((replace(of(files, "both"), model=moved),)).key == one.key, (
        "where a file lies does not count"
    )


def test_a_conditioning_with_hooks_is_kept_on_disk(
    files: dict[str, Path], emoji: Checkpoint, tmp_path: Path
) -> None:
    hooks = (
        Hooks().added(of(files, "both")).scheduled(FADE).added(hook.of_model(emoji.model, emoji.clip, 0.5, 1))
    )
    told = attached([[torch.ones(1, 7, 8), {}]], hooks=hooks)
    assert DiskStore(tmp_path / "store", storing()).put(b"k" * 20, Record((told,))) is None
    kept = DiskStore(tmp_path / "store", storing()).get(b"k" * 20)
    assert kept is not None
    found = kept.outputs[0]
    assert found[0][1]["hooks"] == hooks
    assert fingerprint(found) == fingerprint(told)
    assert str(files["both"]) in dict(hooks.files)


def test_attaching_adds_to_the_hooks_that_are_there_and_changes_nothing_given(files: dict[str, Path]) -> None:
    plain = [[torch.ones(1, 7, 8), {"strength": 0.5}]]
    first, second = Hooks().added(of(files, "model")), Hooks().added(of(files, "both"))
    both = attached(attached(plain, hooks=first), hooks=second)
    assert both[0][1] == {"strength": 0.5, "hooks": first.combined(second)}
    assert plain[0][1] == {"strength": 0.5}
    assert attached(plain, hooks=Hooks()) == plain
    masked = attached(plain, mask=torch.ones(8, 8), strength=0.7, bounds="mask bounds", span=(0.2, 0.6))[0][1]
    assert masked["mask"].shape == (1, 8, 8)
    assert (masked["mask_strength"], masked["set_area_to_bounds"], masked["strength"]) == (0.7, True, 0.5)
    assert (masked["start_percent"], masked["end_percent"]) == (0.2, 0.6)
    assert filling(plain)[0][1] == {"strength": 0.5, "default": True}


def test_a_hooked_text_encoder_reads_as_one_with_the_lora(
    files: dict[str, Path], emoji: Checkpoint, plan: Plan
) -> None:
    assert emoji.clip is not None
    hooks = Hooks().added(of(files, "both", 0.8)).scheduled(FADE)
    _, with_lora = lora.attached(files["both"], "both", None, emoji.clip, 0.0, 0.8)
    (tensor, options), *rest = said(replace(emoji.clip, hooked=TextHooks(hooks)), plan)
    expected = said(with_lora, plan)[0]
    assert not rest
    assert torch.equal(tensor, expected[0])
    assert torch.equal(options["pooled_output"], expected[1]["pooled_output"])
    assert options["hooks"] == hooks
    assert not torch.equal(tensor, said(emoji.clip, plan)[0][0])
    apart = said(replace(emoji.clip, hooked=TextHooks(hooks, on_conds=False)), plan)[0]
    assert "hooks" not in apart[1]


def test_a_scheduled_text_encoder_reads_anew_where_a_strength_changes(
    files: dict[str, Path], emoji: Checkpoint, plan: Plan
) -> None:
    assert emoji.clip is not None
    hooks = Hooks().added(of(files, "clip")).scheduled(FADE.added(Keyframe(0.25, 0.6)))
    entries = said(replace(emoji.clip, hooked=TextHooks(hooks, scheduled=True)), plan)
    spans = [(one[1]["clip_start_percent"], one[1]["clip_end_percent"]) for one in entries]
    assert spans == [(0.0, 0.4), (0.4, 0.8), (0.8, 1.0)]
    for (tensor, _), strength in zip(entries, (1.0, 0.25, 0.0), strict=True):
        _, clip = lora.attached(files["clip"], "clip", None, emoji.clip, 0.0, strength)
        assert torch.equal(tensor, said(clip, plan)[0][0])
    assert torch.equal(entries[2][0], said(emoji.clip, plan)[0][0]), "strength 0 is the encoder as it was"


def test_hooks_of_a_text_encoder_count_for_its_key_and_not_for_its_weights(
    files: dict[str, Path], emoji: Checkpoint
) -> None:
    assert emoji.clip is not None
    hooks = Hooks().added(of(files, "clip"))
    made = [replace(emoji.clip, hooked=TextHooks(hooks, *how)) for how in ((True, False), (False, True))]
    assert len({one.key for one in (*made, emoji.clip)}) == 3
    assert len({one.weights_key for one in (*made, emoji.clip)}) == 1
    assert ClipHandle.from_tree(made[0].to_tree()) == made[0]
    assert ClipHandle.from_tree(emoji.clip.to_tree()) == emoji.clip
    assert (str(files["clip"]), "clip") in made[0].files


def test_a_model_as_a_hook_adds_its_difference_to_the_pristine_one(
    files: dict[str, Path], emoji: Checkpoint, plan: Plan
) -> None:
    other, _ = lora.attached(files["model"], "model", emoji.model, None, 2.0, 0.0)
    made = hook.of_model(other, None, 0.5, 1.0)
    assert made.clip is None
    (patch,) = hook.patches([(made.model, 0.5)])
    base, _ = lora.attached(files["both"], "both", emoji.model, None, 1.0, 0.0)
    with residency.lend(emoji.model, plan) as pristine, residency.lend(base.patched(patch), plan) as thing:
        before = pristine.tensors()["conv_in.bias"].clone()
        assert torch.allclose(thing.tensors()["conv_in.bias"], before + 1.0 + 0.25 * 2.0)
        untouched = "conv_in.weight"
        assert torch.equal(thing.tensors()[untouched], pristine.tensors()[untouched])
