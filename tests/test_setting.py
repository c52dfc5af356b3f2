"""Settings: what a person chose once."""

from __future__ import annotations

from pathlib import Path

import pytest

from safelight.setting import SettingError, Settings


def test_a_folder_without_the_file_has_the_defaults(tmp_path: Path) -> None:
    assert Settings.read(tmp_path) == Settings()


def test_each_setting_is_read(tmp_path: Path) -> None:
    text = (
        '{"precision": "fast", "device": "cpu", "threads": 3, "memory_cache_gib": 0.5, "disk_cache_gib": 2}'
    )
    (tmp_path / "settings.json").write_text(text)
    assert Settings.read(tmp_path) == Settings("fast", "cpu", 3, 0.5, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "cannot be read"),
        ("[]", "holds no object"),
        ('{"precison": "fp32"}', "no setting 'precison'. Did you mean 'precision'?"),
        ('{"precision": "fp16"}', "'precision': 'fp16' must be one of auto, fp32, fast."),
        ('{"threads": -1}', "'threads': -1 must be a whole number"),
        ('{"threads": 1.5}', "'threads': 1.5 must be a whole number"),
        ('{"threads": true}', "'threads': True must be a whole number"),
        ('{"memory_cache_gib": "much"}', "'memory_cache_gib': 'much' must be a number, or null"),
        ('{"disk_cache_gib": null}', "'disk_cache_gib': None must be a number"),
        ('{"disk_cache_gib": NaN}', "'disk_cache_gib': nan must be a number"),
        ('{"device": 0}', "'device': 0 must be a name"),
        ('{"worker_memory_gib": 0}', "'worker_memory_gib': 0 must be a number above 0, or null."),
        ('{"cancel_seconds": null}', "'cancel_seconds': None must be a number"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    with pytest.raises(SettingError) as caught:
        Settings.read(tmp_path)
    assert told in str(caught.value)
    assert "settings.json" in str(caught.value)
