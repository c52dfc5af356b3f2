from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from safelight.diffusion.noise import BrownianNoise, StreamNoise, start_noise

SIGMAS = torch.cat([torch.linspace(14.6, 0.03, 11), torch.zeros(1)])


def test_seed_42_gives_the_references_noise() -> None:
    reference = np.load(Path(__file__).parent / "fidelity" / "noise_seed42.npy")
    assert np.array_equal(start_noise((1, 4, 8, 8), 42).numpy(), reference)


def test_the_largest_seed_is_a_seed() -> None:
    assert start_noise((1, 4, 8, 8), 2**64 - 1).isfinite().all()
    assert StreamNoise(torch.zeros(1, 4, 8, 8), 2**64 - 1).draw(1.0, 0.5).isfinite().all()


def test_the_global_generator_is_left_alone() -> None:
    torch.manual_seed(7)
    expected = torch.randn(3)
    torch.manual_seed(7)
    start_noise((1, 4, 8, 8), 1)
    StreamNoise(torch.zeros(1, 4, 8, 8), 1).draw(1.0, 0.5)
    BrownianNoise(torch.zeros(1, 4, 8, 8), SIGMAS, 1).draw(1.0, 0.5)
    assert torch.equal(torch.randn(3), expected)


def test_equal_batch_indices_get_equal_noise_and_an_index_is_its_place_in_a_batch() -> None:
    four = start_noise((4, 4, 8, 8), 5, [0, 1, 2, 3])
    picked = start_noise((3, 4, 8, 8), 5, [3, 0, 3])
    assert torch.equal(picked, four[[3, 0, 3]])
    assert not torch.equal(four[0], four[3])


def test_a_stream_wound_anywhere_goes_on_as_it_did_there() -> None:
    noise = StreamNoise(torch.zeros(1, 4, 8, 8), 3)
    drawn = [noise.draw(1.0, 0.5) for _ in range(5)]
    for position in (4, 0, 2):
        noise.seek(position)
        assert torch.equal(noise.draw(1.0, 0.5), drawn[position])
        assert noise.position == position + 1


def test_a_stream_does_not_begin_with_the_start_noise() -> None:
    drawn = StreamNoise(torch.zeros(1, 4, 8, 8), 42).draw(1.0, 0.5)
    assert not torch.equal(drawn, start_noise((1, 4, 8, 8), 42))


def test_a_brownian_increment_is_the_same_whatever_was_asked_before() -> None:
    first, second = (BrownianNoise(torch.zeros(1, 4, 8, 8), SIGMAS, 9) for _ in range(2))
    pairs = list(zip(SIGMAS[:-2].tolist(), SIGMAS[1:-1].tolist(), strict=True))
    forward = [first.draw(*pair) for pair in pairs]
    backward = [second.draw(*pair) for pair in reversed(pairs)][::-1]
    assert all(torch.equal(a, b) for a, b in zip(forward, backward, strict=True))


def test_brownian_increments_add_up() -> None:
    noise = BrownianNoise(torch.zeros(1, 4, 8, 8), SIGMAS, 9)
    whole = noise.draw(10.0, 2.0) * 8.0**0.5
    parts = noise.draw(10.0, 5.0) * 5.0**0.5 + noise.draw(5.0, 2.0) * 3.0**0.5
    torch.testing.assert_close(whole, parts)


def test_brownian_increments_are_unit_noise_and_independent() -> None:
    noise = BrownianNoise(torch.zeros(1, 4, 64, 64), SIGMAS, 2)
    first, second = noise.draw(14.6, 3.0), noise.draw(3.0, 0.03)
    for drawn in (first, second):
        assert float(drawn.mean()) == pytest.approx(0.0, abs=0.03)
        assert float(drawn.std()) == pytest.approx(1.0, abs=0.03)
    assert float((first * second).mean()) == pytest.approx(0.0, abs=0.03)
