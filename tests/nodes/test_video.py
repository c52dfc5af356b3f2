"""The nodes for films, on real files: what they make, cut, save and refuse."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import av
import numpy
import pytest
import torch
from PIL import Image as Pillow
from torch import Tensor

from nodes.video.components import components
from nodes.video.create import create
from nodes.video.load import load_video
from nodes.video.sample import sample
from nodes.video.save import save_video
from nodes.video.save_webm import save_webm
from nodes.video.slice import trim
from nodes.video.transform.crop import crop
from nodes.video.transform.random_crop import random_crop
from safelight import BadInput, Cancelled, Context
from safelight.compat import media
from safelight.core.cancel import Cancel
from safelight.core.engine import Engine
from safelight.core.graph import Graph
from safelight.diffusion import container, device
from safelight.diffusion.failure import MediaError, UnsupportedError
from safelight.diffusion.film import FilmFile, FilmFrames
from safelight.setting import Settings
from safelight.tensor import storing
from safelight.worker import open_engine

SIDE, COUNT, FPS = 64, 12, 12
AUTO: dict[str, Any] = {"codec": "auto"}
PROMPT = {"1": {"class_type": "SaveVideo", "inputs": {"text": "ä ✓"}}}


def pictures(count: int = COUNT, height: int = SIDE, width: int = SIDE) -> Tensor:
    """Red on the left; on the right, from black to blue while the film goes."""
    frames = torch.zeros(count, height, width, 3)
    frames[:, :, : width // 2] = torch.tensor([1.0, 0.2, 0.1])
    frames[:, :, width // 2 :, 2] = (torch.arange(count) / count)[:, None, None]
    return frames


def tone(seconds: float = 1.0, rate: int = 48000, channels: int = 2) -> dict[str, Any]:
    wave = torch.sin(torch.arange(round(seconds * rate)) / rate * 2 * torch.pi * 440) / 2
    return {"waveform": wave.expand(1, channels, -1).contiguous(), "sample_rate": rate}


def moments(images: Tensor) -> list[int]:
    """Which frames of the film above these are, by their blue."""
    return [round(float(one[:, SIDE // 2 + 8 :, 2].mean()) * COUNT) for one in images]


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    (tmp_path / "input").mkdir()
    return Context.plain(tmp_path, prompt=PROMPT, workflow={"nodes": [], "version": 0.4})


@pytest.fixture
def film(ctx: Context) -> FilmFile:
    """A film with sound, in a file of the input folder."""
    made = create(images=pictures(), fps=FPS, audio=tone())
    path = ctx.folders.root("input") / "film.mp4"
    made.save_to(str(path))
    found = load_video(ctx, file="film.mp4")
    assert isinstance(found, FilmFile)
    return found


def saved(ctx: Context, video: Any, format: str = "auto", **codec: Any) -> Path:
    save_video(ctx, video=video, format={"format": format, "codec": AUTO | codec}, codec=AUTO)
    entry = ctx.shown["images"][-1]
    return ctx.folders.root(entry["type"]) / entry["subfolder"] / entry["filename"]


def loaded(ctx: Context, path: Path) -> Any:
    path.rename(ctx.folders.root("input") / path.name)
    return load_video(ctx, file=path.name)


@pytest.mark.parametrize(
    ("format", "codec", "ending", "coded"),
    [
        ("auto", {}, ".mp4", "h264"),
        ("mp4", {"codec": "av1"}, ".mp4", "av1"),
        ("mkv", {"codec": "h264", "encoding": {"encoding": "re-encode", "crf": 0.0}}, ".mkv", "h264"),
        ("webm", {}, ".webm", "av1"),
    ],
)
def test_a_film_is_saved_whole_and_says_how_it_was_made(
    ctx: Context, format: str, codec: dict[str, Any], ending: str, coded: str
) -> None:
    video = create(images=pictures(), fps=FPS, audio=tone())
    path = saved(ctx, video, format, **codec)
    again = saved(ctx, video, format, **codec)
    assert (path.name, again.name) == (f"ComfyUI_00001_{ending}", f"ComfyUI_00002_{ending}")
    assert path.read_bytes() == again.read_bytes(), "the same film makes the same bytes"
    assert ctx.shown["animated"] == [True, True]
    with path.open("rb") as stream:
        texts = media.read(stream)
    assert texts is not None
    assert json.loads(texts["prompt"]) == PROMPT
    assert json.loads(texts["workflow"]) == ctx.workflow
    with av.open(str(path)) as opened:
        assert opened.streams.video[0].codec_context.codec.canonical_name == coded

    parts = components(ctx, video=loaded(ctx, path))
    assert (parts.images.shape, parts.fps, parts.bit_depth, parts.color_space) == (
        (COUNT, SIDE, SIDE, 3),
        FPS,
        8,
        "sRGB",
    )
    assert float((parts.images - pictures()).abs().mean()) < 0.01, "the colours are what they were"
    assert parts.audio["sample_rate"] == 48000
    assert abs(parts.audio["waveform"].shape[-1] - 48000) < 2048
    assert float(parts.audio["waveform"].abs().max()) == pytest.approx(0.5, abs=0.1)


def test_ten_bits_stay_ten_bits(ctx: Context) -> None:
    fine = torch.linspace(0.2, 0.3, SIDE * SIDE).reshape(1, SIDE, SIDE, 1).repeat(3, 1, 1, 3)
    video = create(images=fine, fps=30, bit_depth=10)
    parts = components(ctx, video=loaded(ctx, saved(ctx, video, "mp4", codec="av1")))
    assert parts.bit_depth == 10
    assert len(parts.images[0, :, :, 0].unique()) > 26 * 2, "more shades than 8 bits have"


def test_a_loaded_film_is_copied_and_not_coded_anew(ctx: Context, film: FilmFile) -> None:
    path = saved(ctx, film, "mkv")
    before, after = components(ctx, video=film), components(ctx, video=loaded(ctx, path))
    assert after.images.equal(before.images)
    assert film.get_frame_count() == COUNT
    assert film.get_duration() == 1.0
    assert film.get_dimensions() == (SIDE, SIDE)
    assert film.get_frame_rate() == Fraction(FPS)
    assert film.get_stream_source() == film.file
    with av.open(trim(ctx, video=film, start_time=0.5).get_stream_source()) as opened:
        assert sum(1 for _ in opened.decode(video=0)) == COUNT // 2


def test_films_of_the_web_keep_what_is_transparent(ctx: Context) -> None:
    clear = torch.cat([pictures(3), torch.ones(3, SIDE, SIDE, 1)], -1)
    clear[:, SIDE // 2 :, :, 3] = 0
    save_webm(ctx, images=clear)
    path = ctx.folders.root("output") / ctx.shown["images"][0]["filename"]
    assert path.suffix == ".webm"
    with av.open(str(path)) as opened:
        assert opened.streams.video[0].metadata["alpha_mode"] == "1"
        assert opened.streams.video[0].average_rate == 24


def test_a_part_of_a_film_is_taken_by_time(ctx: Context, film: FilmFile) -> None:
    made = create(images=pictures(), fps=FPS, audio=tone())
    for video in (film, made):
        part = trim(ctx, video=trim(ctx, video=video, start_time=0.25), start_time=0.25, duration=0.25)
        parts = components(ctx, video=part)
        assert moments(parts.images) == [6, 7, 8]
        assert parts.audio["waveform"].shape[-1] == 12000
        assert moments(components(ctx, video=trim(ctx, video=video, start_time=-0.25)).images) == [9, 10, 11]
        with pytest.raises(BadInput, match=r"lasts 2 s, but the film is 1.000 s long"):
            trim(ctx, video=video, duration=2.0, strict_duration=True)
        assert trim(ctx, video=video, duration=2.0).get_frame_count() == COUNT
        with pytest.raises(BadInput, match=r"begins at 1 s, but the film is 1.000 s long"):
            trim(ctx, video=video, start_time=1.0)


def test_a_part_of_a_film_is_taken_by_frames(ctx: Context, film: FilmFile) -> None:
    for video in (film, create(images=pictures(), fps=FPS, audio=tone())):
        part = crop(ctx, video=crop(ctx, video=video, start_frame=2, length=8), start_frame=1, length=3)
        parts = components(ctx, video=part)
        assert moments(parts.images) == [3, 4, 5]
        assert parts.audio["waveform"].shape[-1] == 12000
        assert part.get_duration() == 0.25
        assert moments(components(ctx, video=crop(ctx, video=video, start_frame=10)).images) == [10, 11]
        with pytest.raises(BadInput, match="12 is beyond the 12 frames"):
            crop(ctx, video=video, start_frame=12)
        drawn = moments(components(ctx, video=random_crop(ctx, video=video, length=4, seed=3)).images)
        assert drawn == list(range(drawn[0], drawn[0] + 4))
        assert trim(ctx, video=part, start_time=1 / FPS).get_frame_count() == 2


def test_frames_are_picked(ctx: Context, film: FilmFile) -> None:
    def picked(strategy: Any, count: int = 4, seed: int = 0) -> list[int]:
        part = sample(ctx, video=film, num_frames=count, strategy=strategy, seed=seed)
        parts = components(ctx, video=part)
        assert (parts.audio is not None) is (count == 1 or strategy in ("head", "tail"))
        return moments(parts.images)

    assert picked("uniform") == [0, 4, 7, 11]
    assert picked("uniform", 1) == [0]
    assert picked("head") == [0, 1, 2, 3]
    assert picked("tail") == [8, 9, 10, 11]
    assert picked("random") == picked("random") == sorted(set(picked("random")))
    assert picked("random", seed=1) != picked("random")
    assert sample(ctx, video=film, num_frames=99).get_frame_count() == COUNT


def test_films_are_kept_with_the_results(film: FilmFile) -> None:
    cut = film.as_trimmed(0.25)
    assert cut is not None
    made = create(images=pictures(2), fps=23.976, audio=tone(0.1))
    codec = storing()
    for video in (film, cut, film.picked([1, 3]), made, FilmFile(BytesIO(b"bytes"))):
        back = codec.decode(*codec.encode(video))
        assert type(back) is type(video)
        if isinstance(video, FilmFrames):
            assert back.components.frame_rate == video.components.frame_rate
            assert back.components.images.equal(video.components.images)
            assert back.nbytes == 2 * SIDE * SIDE * 3 * 4 + 4800 * 2 * 4
        elif isinstance(video.file, BytesIO):
            assert back.file.getvalue() == b"bytes"
        else:
            assert vars(back) == vars(video)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(tmp_path, Settings(threads=1, memory_cache_gib=0.1))
    yield made
    made.close()


def test_a_film_that_changed_is_read_again(film: FilmFile, engine: Engine) -> None:
    graph = Graph()
    source = graph.add("1", "LoadVideo", file="film.mp4")
    part = graph.add("2", "Video Slice", video=source, start_time=0.5)
    graph.add("3", "SaveVideo", video=part, format="mp4", **{"format.codec": "h264"})
    first = engine.run(graph).raise_for_error()
    name = first.nodes["3"].shown["images"][0]["filename"]
    assert name.endswith(".mp4")
    second = engine.run(graph).raise_for_error()
    assert {one.state for one in second.nodes.values()} == {"memory"}
    create(images=pictures(6), fps=FPS).save_to(str(film.file))
    again = engine.run(graph)
    assert again.error is not None
    assert "begins at 0.5 s, but the film is 0.500 s long" in str(again.error)


def test_the_codec_is_found_where_files_of_any_age_keep_it(engine: Engine) -> None:
    graph = Graph()
    images = graph.add("1", "EmptyImage", width=SIDE, height=SIDE, batch_size=2, color=255)
    video = graph.add("2", "CreateVideo", images=images)
    again = {"format.codec.encoding": "re-encode", "format.codec.encoding.crf": 40.0}
    graph.add("3", "SaveVideo", video=video, format="auto", codec="av1")
    graph.add("4", "SaveVideo", video=video, format="mp4", **{"format.codec": "h264"}, **again)
    result = engine.run(graph).raise_for_error()
    coded = []
    for id in ("3", "4"):
        (entry,) = result.nodes[id].shown["images"]
        with av.open(str(engine.folders.root("output") / "video" / entry["filename"])) as opened:
            coded.append(opened.streams.video[0].codec_context.codec.canonical_name)
    assert coded == ["av1", "h264"]


def test_a_film_that_changed_meanwhile_is_refused(ctx: Context, film: FilmFile) -> None:
    Path(str(film.file)).write_bytes(b"something else")
    with pytest.raises(BadInput, match=r"film.mp4 has changed since it was loaded"):
        components(Context.plain(ctx.folders.data), video=film)
    Path(str(film.file)).unlink()
    with pytest.raises(BadInput, match=r"film.mp4 is gone"):
        components(Context.plain(ctx.folders.data), video=film)


def stopping(ctx: Context, after: int) -> Context:
    """A context whose job is cancelled when so many frames are done."""
    cancel = Cancel()
    seen = []

    def listen(event: Any) -> None:
        seen.append(event)
        if len(seen) >= after:
            cancel.cancel()

    return Context(
        folders=ctx.folders, digests=ctx._digests, cancel=cancel, listener=listen, prompt=None, workflow=None
    )


def test_saving_and_taking_apart_stop_at_a_frame_and_leave_nothing(ctx: Context, film: FilmFile) -> None:
    part = trim(ctx, video=film, start_time=0.1)
    cancelled = stopping(ctx, 3)
    with pytest.raises(Cancelled):
        saved(cancelled, part)
    (kept,) = (ctx.folders.root("output") / "video").iterdir()
    assert kept.stat().st_size == 0, "the name that was reserved, which the engine takes away"
    with pytest.raises(Cancelled):
        components(stopping(ctx, 3), video=film)


def test_what_cannot_be_saved_is_told_before_anything_is_written(ctx: Context, film: FilmFile) -> None:
    odd = create(images=pictures(2, 31, 65), fps=FPS)
    with pytest.raises(UnsupportedError, match=r"65 x 31: both sides must be even. Make them 64 x 30"):
        saved(ctx, odd)
    assert components(ctx, video=loaded(ctx, saved(ctx, odd, "webm"))).images.shape == (2, 31, 65, 3)
    again = {"encoding": "re-encode", "crf": 23.0, "color_space": "HDR"}
    with pytest.raises(BadInput, match="HDR"):
        saved(ctx, film, "mp4", codec="h264", encoding=again)
    many = create(images=pictures(2), fps=FPS, audio=tone(channels=5))
    with pytest.raises(UnsupportedError, match="this has 5"):
        saved(ctx, many)
    with pytest.raises(UnsupportedError, match="no pictures"):
        create(images=pictures(0), fps=FPS)


def test_a_film_that_is_turned_comes_upright(ctx: Context, film: FilmFile) -> None:
    data = Path(str(film.file)).read_bytes()
    upright, turned = (struct.pack(">9i", *matrix) for matrix in (UPRIGHT, QUARTER))
    assert data.count(upright) >= 2
    place = data.index(upright, data.index(b"tkhd"))
    path = ctx.folders.root("input") / "turned.mp4"
    path.write_bytes(data[:place] + turned + data[place + len(turned) :])
    video = load_video(ctx, file="turned.mp4")
    image = components(ctx, video=video).images[-1]
    assert float(image[: SIDE // 2, :, 0].mean()) > 0.9, "what was on the left is above"


UPRIGHT = (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
QUARTER = (0, 65536, 0, -65536, 0, 0, SIDE << 16, 0, 1 << 30)


def test_a_film_that_was_sent_live_says_no_length_and_has_one(ctx: Context) -> None:
    path = ctx.folders.root("input") / "live.webm"
    with av.open(str(path), "w", options={"live": "1"}) as out:
        stream = out.add_stream("libvpx-vp9", rate=10)
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "yuv420p"
        for image in pictures(5):
            array = (image * 255).byte().numpy()
            out.mux(stream.encode(av.VideoFrame.from_ndarray(array, format="rgb24")))
        out.mux(stream.encode())
    with av.open(str(path)) as opened:
        assert opened.duration is None
    video = load_video(ctx, file="live.webm")
    assert video.get_duration() == pytest.approx(0.5)
    assert components(ctx, video=trim(ctx, video=video, start_time=0.3)).images.shape[0] == 2


def test_a_sound_is_no_film(ctx: Context) -> None:
    path = ctx.folders.root("input") / "heard.mp4"
    with av.open(str(path), "w") as out:
        voice = out.add_stream("aac", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(numpy.zeros((1, 4000), numpy.float32), "fltp", "mono")
        frame.sample_rate = 8000
        out.mux(voice.encode(frame))
        out.mux(voice.encode())
    with pytest.raises(MediaError, match="has no pictures, so it is no film"):
        load_video(ctx, file="heard.mp4")


def test_files_that_are_no_film_are_refused(ctx: Context, film: FilmFile) -> None:
    folder = ctx.folders.root("input")
    whole = Path(str(film.file)).read_bytes()
    Pillow.fromarray(numpy.zeros((8, 8, 3), numpy.uint8)).save(folder / "picture.png")
    (folder / "picture.png").rename(folder / "picture.mp4")
    create(images=pictures(2), fps=FPS).save_to(str(folder / "short.webm"), format="webm")
    web = (folder / "short.webm").read_bytes()
    playlist = f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile://{film.file}\n#EXT-X-ENDLIST\n"
    sample_table = whole.index(b"stsz") + 8
    times = whole.index(b"stts") + 12
    cases = {
        "empty.mp4": (b"", "is empty"),
        "text.mp4": (b"no film at all" * 9, "no film or sound"),
        "picture.mp4": ((folder / "picture.mp4").read_bytes(), "no film or sound"),
        "list.mp4": (playlist.encode(), "no film or sound"),
        "half.mp4": (whole[: len(whole) // 2], "was cut short"),
        "most.mp4": (whole[:-100], "was cut short"),
        "most.webm": (web[:-10], "was cut short: its last 10 bytes are missing"),
        "many.mp4": (put(whole, sample_table, (1000, 10**9)), "1000000000000 frames or sounds"),
        "times.mp4": (put(whole, times, (10**9,)), "says that it has 1000000000 frames"),
        "head.mp4": (whole[:40], "."),
    }
    for name, (data, why) in cases.items():
        (folder / name).write_bytes(data)
        with pytest.raises(MediaError, match=rf"{name}.*{why}"):
            load_video(ctx, file=name)


def put(data: bytes, place: int, numbers: tuple[int, ...]) -> bytes:
    words = struct.pack(f">{len(numbers)}I", *numbers)
    return data[:place] + words + data[place + len(words) :]


@pytest.mark.parametrize("format", ["mp4", "mkv"])
def test_damaged_films_are_read_or_refused_and_nothing_breaks(ctx: Context, format: str) -> None:
    path, draw = ctx.folders.root("input") / f"film.{format}", Random(4)
    create(images=pictures(4), fps=FPS, audio=tone(0.3)).save_to(str(path), format=format)
    whole, refused = path.read_bytes(), []
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(draw.choice([1, 5, 20])):
            place = draw.randrange(min(len(data), draw.choice([300, 3000, len(data)])))
            data[place : place + draw.randrange(5)] = draw.choice([b"\xff" * 4, b"\0\0\0\0", b"\x7f", b""])
        path.write_bytes(data)
        try:
            load_video(ctx, file=path.name).get_components()
        except MediaError as error:
            refused.append(str(error))
    assert len(refused) > 10
    assert all(path.name in told for told in refused)


def test_huge_and_damaged_films_are_refused(
    ctx: Context, film: FilmFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bytearray(Path(str(film.file)).read_bytes())
    start = whole.index(b"mdat") + 400
    whole[start : start + 600] = b"\xff" * 600
    (ctx.folders.root("input") / "holes.mp4").write_bytes(whole)
    with pytest.raises(MediaError, match=r"holes.mp4"):
        components(ctx, video=load_video(ctx, file="holes.mp4"))
    monkeypatch.setattr(device, "total_memory", lambda _: SIDE * SIDE * 3 * 4 * 8)
    with pytest.raises(MediaError, match=r"does not fit into memory: 4 frames .* Take less of it"):
        components(ctx, video=film)
    monkeypatch.setattr(container, "SIDE_MAX", 32)
    with pytest.raises(MediaError, match="64 x 64 pixels large"):
        load_video(ctx, file="film.mp4")


def test_without_the_package_the_nodes_say_what_to_install(
    ctx: Context, film: FilmFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "find_spec", lambda _: None)
    with pytest.raises(UnsupportedError, match=r"package av .* pip install safelight\[video\]"):
        load_video(ctx, file="film.mp4")
    with pytest.raises(UnsupportedError, match="package av"):
        saved(ctx, create(images=pictures(), fps=FPS))


def test_nothing_brings_the_package_until_a_film_is_there() -> None:
    code = "import sys; from safelight import Registry; Registry().load('nodes'); print('av' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize("start", [0.22, 0.2499, -0.01])
def test_what_is_left_at_the_end_of_picked_frames_is_the_last_of_them(
    ctx: Context, film: FilmFile, start: float
) -> None:
    part = trim(ctx, video=sample(ctx, video=film, num_frames=3), start_time=start)
    assert moments(components(ctx, video=part).images) == [COUNT - 1]


@pytest.mark.parametrize("channels", [2, 5])
def test_pictures_with_channels_that_no_film_has_are_refused(ctx: Context, channels: int) -> None:
    with pytest.raises(UnsupportedError, match=f"have {channels} channels; those of a film have 1, 3 or 4"):
        save_webm(ctx, images=torch.zeros(2, SIDE, SIDE, channels))


def test_a_part_without_a_frame_is_told_as_that(ctx: Context, film: FilmFile) -> None:
    with pytest.raises(MediaError, match="no frame in this part"):
        saved(ctx, trim(ctx, video=film, start_time=0.99))


def test_what_the_encoder_refuses_is_not_told_as_a_full_disk(ctx: Context) -> None:
    with pytest.raises(MediaError, match="encoder does not take this size"):
        saved(ctx, create(images=torch.zeros(2, 1, 1, 3), fps=FPS), "webm")
