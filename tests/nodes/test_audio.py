"""The nodes for sounds: what they do to waves, and real files that they write and read."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, Literal

import pytest
import torch
from torch import Tensor

from nodes.audio.concatenate import concatenate
from nodes.audio.empty import empty
from nodes.audio.equalizer import equalize
from nodes.audio.join import join
from nodes.audio.load import load_audio
from nodes.audio.merge import merge
from nodes.audio.preview import preview
from nodes.audio.save import save_audio
from nodes.audio.save_advanced import save_advanced
from nodes.audio.save_mp3 import save_mp3
from nodes.audio.save_opus import save_opus
from nodes.audio.split import split
from nodes.audio.trim import trim
from nodes.audio.volume import volume
from safelight import Cancelled, Context
from safelight.compat import media
from safelight.core.cancel import Cancel
from safelight.diffusion.failure import MediaError, UnsupportedError

Sound = dict[str, Any]


def tone(frequency: float = 440, seconds: float = 0.5, rate: int = 8000, channels: int = 1) -> Sound:
    wave = torch.sin(torch.arange(round(seconds * rate)) / rate * 2 * torch.pi * frequency) / 2
    return {"waveform": wave.expand(1, channels, -1).contiguous(), "sample_rate": rate}


def sound(*channels: list[float], rate: int = 4) -> Sound:
    return {"waveform": torch.tensor([channels]), "sample_rate": rate}


def loudness(wave: Tensor) -> float:
    """In the middle, where no filter still settles."""
    quarter = wave.shape[-1] // 4
    return float(wave[..., quarter:-quarter].square().mean().sqrt())


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    (tmp_path / "input").mkdir()
    return Context.plain(tmp_path, prompt={"1": {"class_type": "SaveAudio"}}, workflow={"nodes": []})


def path_of(ctx: Context) -> Path:
    entry = ctx.shown["audio"][-1]
    return ctx.folders.root(entry["type"]) / entry["subfolder"] / entry["filename"]


def test_silence_is_as_long_as_it_is_asked_for() -> None:
    made = empty(duration=0.25, sample_rate=8000, channels=2)
    assert (made["waveform"].shape, made["sample_rate"]) == ((1, 2, 2000), 8000)
    assert not made["waveform"].any()
    with pytest.raises(UnsupportedError, match=r"1e.09 seconds of silence do not fit"):
        empty(duration=1e9)


def test_a_part_of_a_sound_is_taken() -> None:
    whole = sound([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    assert trim(audio=whole, start_index=0.5, duration=0.5)["waveform"][0, 0].tolist() == pytest.approx(
        [0.2, 0.3]
    )
    assert trim(audio=whole, start_index=-0.5)["waveform"][0, 0].tolist() == pytest.approx([0.6, 0.7])
    assert trim(audio=whole)["waveform"].equal(whole["waveform"])
    for start, duration in ((2.0, 1.0), (0.0, 0.0)):
        with pytest.raises(UnsupportedError, match=r"2.00 seconds long"):
            trim(audio=whole, start_index=start, duration=duration)


def test_channels_are_split_and_joined() -> None:
    stereo = sound([0.1, 0.2], [0.3, 0.4])
    left, right = split(audio=stereo)
    assert (left["waveform"].tolist(), right["waveform"].tolist()) == (
        stereo["waveform"][:, :1].tolist(),
        stereo["waveform"][:, 1:].tolist(),
    )
    assert join(audio_left=left, audio_right=right)["waveform"].equal(stereo["waveform"])
    longer = join(audio_left=left, audio_right=sound([1.0, 1.0, 1.0]))
    assert longer["waveform"][0, 0, 2] == 0
    with pytest.raises(UnsupportedError, match="one channel, not two"):
        split(audio=left)
    with pytest.raises(UnsupportedError, match="2 channels, not one"):
        join(audio_left=stereo, audio_right=right)


def test_sounds_follow_each_other_at_the_higher_rate() -> None:
    slow, fast = tone(100, 0.5, 8000), tone(100, 0.25, 16000, channels=2)
    after, before = (concatenate(audio1=slow, audio2=fast, direction=way) for way in ("after", "before"))
    assert (after["waveform"].shape, after["sample_rate"]) == ((1, 2, 12000), 16000)
    assert after["waveform"][..., 8000:].equal(fast["waveform"])
    assert before["waveform"][..., :4000].equal(fast["waveform"])
    wanted = tone(100, 0.5, 16000)["waveform"]
    assert float((after["waveform"][..., 200:7800] - wanted[..., 200:7800]).abs().max()) < 0.01
    with pytest.raises(UnsupportedError, match="2 channels and the other 3"):
        concatenate(audio1=sound([0.0], [0.0]), audio2=sound([0.0], [0.0], [0.0]))


@pytest.mark.parametrize(
    ("method", "wanted"),
    [
        ("add", [0.75, 0.5, 1.0]),
        ("mean", [0.375, 0.25, 0.5]),
        ("subtract", [0.25, 0.0, 1.0]),
        ("multiply", [0.125, 0.0625, 0.0]),
    ],
)
def test_sounds_are_played_at_once(
    method: Literal["add", "mean", "subtract", "multiply"], wanted: list[float]
) -> None:
    one, other = sound([0.5, 0.25, 1.0]), sound([0.25, 0.25])
    assert merge(audio1=one, audio2=other, merge_method=method)["waveform"][0, 0].tolist() == wanted


def test_what_is_too_loud_together_is_made_quieter() -> None:
    made = merge(audio1=sound([1.0, 0.5]), audio2=sound([1.0, 0.5]), merge_method="add")
    assert made["waveform"].tolist() == [[[1.0, 0.5]]]


def test_a_sound_is_made_louder() -> None:
    assert volume(audio=sound([0.1]), volume=20)["waveform"].item() == pytest.approx(1.0)
    assert volume(audio=sound([0.1]), volume=0)["waveform"].item() == pytest.approx(0.1)


def test_bands_are_made_louder_each_by_itself() -> None:
    heard = {frequency: tone(frequency, 1.0, 32000) for frequency in (30, 1000, 12000)}

    def louder(frequency: int, **gains: float) -> float:
        before = loudness(heard[frequency]["waveform"])
        return loudness(equalize(audio=heard[frequency], **gains)["waveform"]) / before

    for gain, own in (("low_gain_dB", 30), ("mid_gain_dB", 1000), ("high_gain_dB", 12000)):
        for frequency in heard:
            wanted = 2.0 if frequency == own else 1.0
            assert louder(frequency, **{gain: 6.0206}) == pytest.approx(wanted, abs=0.15)
    same = equalize(audio=heard[1000])
    assert same["waveform"].equal(heard[1000]["waveform"])


@pytest.mark.parametrize("format", ["flac", "mp3", "opus"])
def test_a_sound_is_saved_with_its_workflow_and_read_again(ctx: Context, format: str) -> None:
    made = tone(440, 0.5, 48000, channels=2)
    if format == "flac":
        save_audio(ctx, audio=made)
    elif format == "mp3":
        save_mp3(ctx, audio=made, quality="128k")
    else:
        save_opus(ctx, audio=made)
    path = path_of(ctx)
    assert (path.name, path.parent.name) == (f"ComfyUI_00001_.{format}", "audio")
    with path.open("rb") as stream:
        texts = media.read(stream)
    assert texts is not None
    assert (json.loads(texts["prompt"]), json.loads(texts["workflow"])) == (ctx.prompt, ctx.workflow)
    quality = {"quality": "128k"} if format != "flac" else {}
    save_advanced(ctx, audio=made, format={"format": format, **quality})
    assert path_of(ctx).read_bytes() == path.read_bytes()
    path.rename(ctx.folders.root("input") / path.name)
    found = load_audio(ctx, audio=path.name)
    wave = found["waveform"]
    assert (wave.dtype, found["sample_rate"]) == (torch.float32, 48000)
    assert wave.shape[:2] == (1, 2)
    assert loudness(wave) == pytest.approx(loudness(made["waveform"]), abs=0.02)
    if format == "flac":
        assert wave.shape == made["waveform"].shape
        assert float((wave - made["waveform"]).abs().max()) < 2**-15
        save_audio(ctx, audio=found)
        assert path_of(ctx).read_bytes() == (ctx.folders.root("input") / path.name).read_bytes()


def test_each_sound_of_a_batch_is_saved_and_a_preview_is_not_kept(ctx: Context) -> None:
    two = {"waveform": torch.cat([tone()["waveform"], tone(220)["waveform"]]), "sample_rate": 8000}
    preview(ctx, audio=two)
    assert [one["filename"] for one in ctx.shown["audio"]] == [
        "ComfyUI_temp_00001_.flac",
        "ComfyUI_temp_00002_.flac",
    ]
    assert {one["type"] for one in ctx.shown["audio"]} == {"temp"}


def test_rates_that_a_format_does_not_know_become_the_next(ctx: Context) -> None:
    for format, rate, wanted in (("opus", 22050, 24000), ("opus", 96000, 48000), ("mp3", 96000, 48000)):
        save_advanced(ctx, audio=tone(440, 0.25, rate), format={"format": format, "quality": "128k"})
        path = path_of(ctx)
        path.rename(ctx.folders.root("input") / path.name)
        found = load_audio(ctx, audio=path.name)
        assert found["sample_rate"] in (wanted, 48000)  # Opus is always played at 48,000
        assert found["waveform"].shape[-1] / found["sample_rate"] == pytest.approx(0.25, abs=0.06)


@pytest.mark.parametrize(("bits", "top"), [(8, 128), (16, 32768), (32, 2**31)])
def test_whole_numbers_are_read_as_shares_of_one(ctx: Context, bits: int, top: int) -> None:
    kind = {8: "B", 16: "h", 32: "i"}[bits]
    middle = 128 if bits == 8 else 0
    samples = struct.pack(f"<4{kind}", middle, middle + top // 2, middle - top // 2, middle - top)
    size, rate = bits // 8, 8000
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * size, size, bits)
    body = b"WAVE" + head + b"data" + struct.pack("<I", len(samples)) + samples
    (ctx.folders.root("input") / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    found = load_audio(ctx, audio="a.wav")
    assert found["sample_rate"] == rate
    assert found["waveform"].tolist() == [[[0.0, 0.5, -0.5, -1.0]]]


def test_what_is_no_sound_is_refused(ctx: Context) -> None:
    (ctx.folders.root("input") / "a.mp3").write_bytes(b"nothing that sounds" * 100)
    with pytest.raises(MediaError, match=r"a\.mp3 cannot be read"):
        load_audio(ctx, audio="a.mp3")
    with pytest.raises(UnsupportedError, match="the film that it comes from has none"):
        volume(audio=None)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match="is no sound"):
        volume(audio=torch.zeros(1, 1, 1))  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match="3 channels cannot be saved as mp3"):
        save_mp3(ctx, audio=sound([0.0], [0.0], [0.0], rate=8000))


def test_saving_a_sound_can_be_stopped(ctx: Context) -> None:
    cancel = Cancel()
    cancel.cancel()
    stopped = Context(folders=ctx.folders, digests=ctx._digests, cancel=cancel)
    with pytest.raises(Cancelled):
        save_audio(stopped, audio=tone())
    (kept,) = (ctx.folders.root("output") / "audio").iterdir()
    assert kept.stat().st_size == 0


@pytest.mark.parametrize("format", ["flac", "mp3", "opus"])
def test_a_sound_without_length_is_not_saved(ctx: Context, format: str) -> None:
    with pytest.raises(UnsupportedError, match="no length"):
        save_advanced(ctx, audio=empty(duration=0.0), format={"format": format})


def test_a_sound_that_is_too_short_for_its_encoder_is_told_as_that(ctx: Context) -> None:
    with pytest.raises(MediaError, match=r"would hold nothing. Give it a longer"):
        save_mp3(ctx, audio=sound([0.0], rate=1))


def test_a_quality_that_opus_has_for_two_channels_alone_is_refused_for_one(ctx: Context) -> None:
    with pytest.raises(UnsupportedError, match=r"no 320k for 1 channel. Choose a quality of at most 256k"):
        save_opus(ctx, audio=tone(), quality="320k")
    save_opus(ctx, audio=tone(channels=2), quality="320k")
    assert path_of(ctx).stat().st_size > 0


def test_bands_of_no_sound_are_no_sound() -> None:
    found = equalize(audio=empty(duration=0.0, sample_rate=8000), mid_gain_dB=6.0)
    assert found["waveform"].shape == (1, 2, 0)


@pytest.mark.parametrize("rate", [0, -5])
def test_a_rate_that_no_sound_has_is_refused(ctx: Context, rate: int) -> None:
    with pytest.raises(UnsupportedError, match=f"{rate} samples a second"):
        save_audio(ctx, audio=sound([0.0, 1.0], rate=rate))
