"""Sounds as tensors: AUDIO is a dict of `waveform` [B, C, T] from -1 to 1, and `sample_rate`."""

from __future__ import annotations

from math import gcd, pi
from typing import Any

import numpy
import torch
from torch import Tensor

from safelight.diffusion.failure import UnsupportedError

Sound = dict[str, Any]
SAMPLES_MAX = 2**31
"""Samples of one sound: at 48,000 a second in stereo, six hours."""
STEREO = 2


def parts(sound: Sound | None) -> tuple[Tensor, int]:
    """The waveform [B, C, T] and the rate; UnsupportedError where there is no sound, or something else."""
    if sound is None:
        raise UnsupportedError("There is no sound: the film that it comes from has none", "Connect a sound.")
    wave = sound.get("waveform") if isinstance(sound, dict) else None
    if not isinstance(wave, Tensor) or wave.ndim != 3 or "sample_rate" not in sound:
        raise UnsupportedError("What is connected is no sound", "Connect an AUDIO output.")
    rate = int(sound["sample_rate"])
    if rate < 1:
        raise UnsupportedError(f"The sound has {rate} samples a second", "Give it a sound of 1 at least.")
    return wave, rate


def made(wave: Tensor, rate: int) -> Sound:
    """A sound of a waveform."""
    return {"waveform": wave, "sample_rate": rate}


def silence(duration: float, rate: int, channels: int) -> Sound:
    """No sound, for some seconds."""
    if duration * rate * channels > SAMPLES_MAX:
        problem = f"{duration:g} seconds of silence do not fit into memory"
        raise UnsupportedError(problem, f"Choose at most {SAMPLES_MAX // rate // channels} seconds.")
    return made(torch.zeros(1, channels, round(duration * rate)), rate)


def trimmed(sound: Sound, start: float, duration: float) -> Sound:
    """The part from `start` (negative counts from the end) of `duration` seconds, or what there is of it."""
    wave, rate = parts(sound)
    count = wave.shape[-1]
    seconds = count / rate
    first = min(max(start + seconds if start < 0 else start, 0.0), seconds)
    begin, end = round(first * rate), round(min(first + duration, seconds) * rate)
    if begin >= end:
        raise UnsupportedError(
            f"Nothing of the sound is left: it is {seconds:.2f} seconds long",
            "Begin earlier, or take more of it.",
        )
    return made(wave[..., begin:end].clone(), rate)


def split(sound: Sound) -> tuple[Sound, Sound]:
    """The left and the right channel of a stereo sound."""
    wave, rate = parts(sound)
    if wave.shape[1] != STEREO:
        raise UnsupportedError(f"The sound has {_channels(wave)}, not two", "Give it a stereo sound.")
    return made(wave[:, :1].clone(), rate), made(wave[:, 1:].clone(), rate)


def joined(left: Sound, right: Sound) -> Sound:
    """Two sounds of one channel as a stereo sound; the shorter one ends with silence."""
    (one, other), rate = _alike(left, right)
    for wave in (one, other):
        if wave.shape[1] != 1:
            raise UnsupportedError(f"The sound has {_channels(wave)}, not one", "Split its channels first.")
    length = max(one.shape[-1], other.shape[-1])
    return made(torch.cat([_lasting(one, length), _lasting(other, length)], 1), rate)


def concatenated(first: Sound, second: Sound) -> Sound:
    """One sound after another."""
    waves, rate = _alike(first, second)
    return made(torch.cat(_of_one_shape(*waves), -1), rate)


def merged(first: Sound, second: Sound, method: str) -> Sound:
    """Two sounds at once, as long as the first; made quieter as a whole where they pass 1 together."""
    waves, rate = _alike(first, second)
    one, other = _of_one_shape(*waves)
    other = _lasting(other, one.shape[-1])
    match method:
        case "add":
            wave = one + other
        case "mean":
            wave = (one + other) / 2
        case "subtract":
            wave = one - other
        case _:
            wave = one * other
    loudest = float(wave.abs().max()) if wave.numel() else 0.0
    return made(wave / loudest if loudest > 1 else wave, rate)


def louder(sound: Sound, decibels: float) -> Sound:
    """A sound made louder, or quieter where the number is negative."""
    wave, rate = parts(sound)
    return made(wave * 10 ** (decibels / 20), rate)


def resampled(wave: Tensor, rate: int, wanted: int) -> Tensor:
    """A waveform at another rate, without what that rate cannot say."""
    if rate == wanted:
        return wave
    from scipy.signal import resample_poly

    both = gcd(rate, wanted)
    found = resample_poly(wave.double().cpu().numpy(), wanted // both, rate // both, axis=-1)
    return torch.from_numpy(numpy.ascontiguousarray(found)).float()


def equalized(sound: Sound, low: Band, mid: Band, high: Band) -> Sound:
    """Three bands made louder or quieter: all below one frequency, those about another, all above a third."""
    wave, rate = parts(sound)
    bands = [(low, "low"), (mid, "mid"), (high, "high")]
    filters = [biquad(band, kind, rate) for band, kind in bands if band[0] and band[1] < rate / 2]
    if not filters or not wave.numel():
        return sound
    from scipy.signal import sosfilt

    heard = sosfilt(numpy.stack(filters), wave.double().cpu().numpy(), axis=-1)
    return made(torch.from_numpy(heard).float(), rate)


Band = tuple[float, float, float]
"""Decibels, hertz, and how narrow it is (Q)."""


def biquad(band: Band, kind: str, rate: int) -> Any:
    """A filter of second order, from R. Bristow-Johnson, Cookbook formulae for audio EQ biquad filters."""
    decibels, frequency, q = band
    a, w = 10 ** (decibels / 40), 2 * pi * frequency / rate
    c, alpha = numpy.cos(w), numpy.sin(w) / (2 * q)
    if kind == "mid":
        top = (1 + alpha * a, -2 * c, 1 - alpha * a)
        below = (1 + alpha / a, -2 * c, 1 - alpha / a)
    else:  # a high shelf is a low one with the frequencies turned round
        sign = 1 if kind == "low" else -1
        c, s = c * sign, 2 * a**0.5 * alpha
        up, down = a + 1, a - 1
        top = (a * (up - down * c + s), 2 * a * sign * (down - up * c), a * (up - down * c - s))
        below = (up + down * c + s, -2 * sign * (down + up * c), up + down * c - s)
    return numpy.array([*top, *below]) / below[0]


def _alike(first: Sound, second: Sound) -> tuple[tuple[Tensor, Tensor], int]:
    """Two waveforms at the higher of their rates."""
    (one, own), (other, its) = parts(first), parts(second)
    rate = max(own, its)
    return (resampled(one, own, rate), resampled(other, its, rate)), rate


def _of_one_shape(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Two waveforms with as many sounds and channels as the one that has more; one alone stands for all."""
    for axis in (0, 1):
        counts = {one.shape[axis], other.shape[axis]}
        if len(counts) == 2 and 1 not in counts:
            what = "sounds" if axis == 0 else "channels"
            problem = f"One has {one.shape[axis]} {what} and the other {other.shape[axis]}"
            raise UnsupportedError(problem, "Give both as many, or one.")
        shape = [-1, -1, -1]
        shape[axis] = max(counts)
        one, other = one.expand(shape), other.expand(shape)
    return one, other


def _lasting(wave: Tensor, length: int) -> Tensor:
    """A waveform cut, or followed by silence, so that it is so long."""
    return torch.nn.functional.pad(wave[..., :length], (0, max(0, length - wave.shape[-1])))


def _channels(wave: Tensor) -> str:
    return "one channel" if wave.shape[1] == 1 else f"{wave.shape[1]} channels"
