from __future__ import annotations

from dataclasses import replace

from bench import standin
from safelight.diffusion import checkpoint, freeu
from safelight.diffusion.handle import Patch
from safelight.diffusion.overlay import guided
from safelight.diffusion.provenance import PROCESS, version

EMOJI = checkpoint.load(checkpoint.builtin()["emoji"], digest="emoji").model


def test_models_that_ship_depend_on_no_code_but_ours() -> None:
    patched = guided(EMOJI, "rescale", multiplier=0.5).patched(Patch(freeu.KIND)).patched(Patch("lora"))
    assert version([EMOJI, patched]) == ""


def test_a_family_of_a_plugin_holds_for_this_process() -> None:
    assert version([standin.HANDLE]) == PROCESS
    assert version([EMOJI, EMOJI.patched(Patch("merge", other=standin.HANDLE))]) == PROCESS


def test_a_patch_that_is_not_ours_holds_for_this_process() -> None:
    assert version([EMOJI.patched(Patch("whatever"))]) == PROCESS
    assert version([replace(EMOJI, patches=(Patch("mosaic"),))]) == ""
