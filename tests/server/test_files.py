"""Files: what is uploaded, shown and kept; and that none outside the data folder is ever read or written."""

from __future__ import annotations

import errno
import gzip
import json
import os
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from server import picture
from server.place import take_name

SECRET = b"this lies outside the data folder"
NAMES = (
    "../secret.txt",
    "../../secret.txt",
    "a/../../secret.txt",
    "/secret.txt",
    "//secret.txt",
    "\\\\host\\share\\x",
    "..\\secret.txt",
    "C:\\secret.txt",
    "C:secret.txt",
    "x\0.txt",
    "..",
    ".",
    "a" * 300,
    "/".join(["deep"] * 2000),
)


def png(colour: str = "red", size: tuple[int, int] = (8, 8), mode: str = "RGB", **texts: str) -> bytes:
    out, info = BytesIO(), PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    Image.new(mode, size, colour).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.fixture
def outside(live: Any, tmp_path: Path) -> Path:
    """A folder outside, and links to it from inside every folder that is served."""
    (tmp_path / "secret.txt").write_bytes(SECRET)
    (tmp_path / "secret.png").write_bytes(png())
    (live.data.parent / "secret.txt").write_bytes(SECRET)
    for folder in ("output", "input", "temp", "user/default"):
        (live.data / folder).mkdir(parents=True, exist_ok=True)
        for name, target in (("link", tmp_path), ("link.txt", tmp_path / "secret.txt")):
            link = live.data / folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return tmp_path


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# -- reading


@pytest.mark.parametrize("name", [*NAMES, "link/secret.txt", "link.txt", "link"])
def test_no_address_reads_a_file_outside(live: Any, outside: Path, name: str) -> None:
    said = quote(name, safe="")
    for path in (
        f"/view?filename={said}",
        f"/view?filename={said}&type=input",
        f"/view?filename=secret.txt&subfolder={said}",
        f"/view?filename=secret.png&subfolder={said}&preview=webp;90",
        f"/api/userdata/{said}",
        f"/userdata?dir={said}",
        f"/v2/userdata?path={said}",
        f"/view_metadata/checkpoints?filename={said}",
        f"/experiment/models/preview/checkpoints/0/{said}",
        f"/templates/{said}.json",
        f"/safelight/templates/{said}",
        f"/{said}",
    ):
        answer = live.get(path)
        assert SECRET not in answer.body, path
        shown = path.startswith("/v2") and name == "."
        assert 400 <= answer.status < 500 or shown or path == "/userdata?dir=.", path


@pytest.mark.parametrize("type", ["models", "../input", "", "x"])
def test_only_three_folders_are_shown(live: Any, type: str) -> None:
    answer = live.get(f"/view?filename=x.png&type={quote(type)}")
    assert answer.status == (404 if type == "" else 400)


@pytest.mark.parametrize(
    ("name", "type", "shown"),
    [
        ("a.png", "image/png", True),
        ("a.webp", "image/webp", True),
        ("a.mp4", "video/mp4", True),
        ("a.txt", "text/plain; charset=utf-8", True),
        ("a.html", "application/octet-stream", False),
        ("a.htm", "application/octet-stream", False),
        ("a.xhtml", "application/octet-stream", False),
        ("a.svg", "application/octet-stream", False),
        ("a.xml", "application/octet-stream", False),
        ("a.js", "application/octet-stream", False),
        ("a.css", "application/octet-stream", False),
        ("a.mjs", "application/octet-stream", False),
        ("a.pdf", "application/octet-stream", False),
        ("a", "application/octet-stream", False),
    ],
)
def test_what_could_act_in_a_browser_is_saved_instead_of_shown(
    live: Any, name: str, type: str, shown: bool
) -> None:
    (live.data / "output" / name).write_bytes(b"<script>alert(1)</script>")
    answer = live.get(f"/view?filename={name}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == type
    assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")


def test_a_name_cannot_add_headers(live: Any) -> None:
    (live.data / "output" / 'a"b\r\nX-Evil: 1.png').write_bytes(png())
    answer = live.get("/view?filename=" + quote('a"b\r\nX-Evil: 1.png'))
    assert answer.status == 200
    assert "X-Evil" not in answer.headers


def test_a_picture_is_shown_whole_small_or_by_channel(live: Any) -> None:
    data = png("#ff000080", mode="RGBA")
    (live.data / "output" / "sub").mkdir(exist_ok=True)
    (live.data / "output" / "sub" / "half.png").write_bytes(data)
    where = "/view?filename=half.png&subfolder=sub"
    assert live.get(where).body == data
    assert (
        live.get("/view?filename=half.png [output]&type=input&subfolder=sub".replace(" ", "%20")).body == data
    )
    small = live.get(f"{where}&preview=webp;50")
    assert (small.headers["Content-Type"], Image.open(BytesIO(small.body)).format) == ("image/webp", "WEBP")
    assert Image.open(BytesIO(live.get(f"{where}&preview=jpeg;50").body)).format == "JPEG"
    assert Image.open(BytesIO(live.get(f"{where}&channel=rgb").body)).mode == "RGB"
    alone = Image.open(BytesIO(live.get(f"{where}&channel=a").body))
    assert alone.getpixel((0, 0)) == (0, 0, 0, 128)
    part = live.get(where, Range="bytes=0-3")
    assert (part.status, part.body) == (206, data[:4])


def test_a_file_that_is_no_picture_has_no_preview(live: Any) -> None:
    (live.data / "output" / "not.png").write_bytes(b"no picture")
    answer = live.get("/view?filename=not.png&preview=webp;90")
    assert (answer.status, answer.tree["error"]["type"]) == (415, "no_picture")


def test_a_preview_of_a_picture_that_is_too_large_is_reduced_or_the_picture_itself(
    live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.picture.SHOWN_MAX", 1000)
    monkeypatch.setattr("server.picture.PIXELS_MAX", 2000)
    large = png(size=(64, 64))
    (live.data / "output" / "large.png").write_bytes(large)
    Image.new("RGB", (64, 64)).save(live.data / "output" / "large.jpg")
    assert live.get("/view?filename=large.png&preview=webp;50").body == large
    seen = Image.open(BytesIO(live.get("/view?filename=large.jpg&preview=webp;50").body))
    assert (seen.format, seen.size) == ("WEBP", (16, 16))
    answer = live.get("/view?filename=large.png&channel=a")
    assert (answer.status, answer.problem) == (413, "large.png has 64 x 64 pixels")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_picture_larger_than_pillow_unpacks_unasked_is_shown_all_the_same(live: Any) -> None:
    size = struct.pack(">IIBBBBB", 15_000, 15_000, 1, 0, 0, 0, 0)
    wide = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"not all of it"))
    live.upload("/upload/image", "wide.png", wide)
    answer = live.get("/view?filename=wide.png&type=input&preview=webp;80")
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, "image/png", wide)
    refused = live.get("/view?filename=wide.png&type=input&channel=a")
    assert (refused.status, refused.tree["error"]["type"]) == (413, "too_large")


def test_a_preview_of_a_picture_that_is_too_long_for_its_format_is_the_picture_itself(live: Any) -> None:
    long = png(size=(16_500, 2))
    (live.data / "output" / "long.png").write_bytes(long)
    assert live.get("/view?filename=long.png&preview=webp;50").body == long


def test_pictures_are_unpacked_two_at_a_time(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now, most = [0], [0]
    opened = picture.opened

    def counted(*given: Any, **named: Any) -> Any:
        now[0] += 1
        most[0] = max(most[0], now[0])
        time.sleep(0.05)
        now[0] -= 1
        return opened(*given, **named)

    monkeypatch.setattr("server.picture.opened", counted)
    (live.data / "output" / "many.png").write_bytes(png())
    with ThreadPoolExecutor(6) as threads:
        answers = threads.map(live.get, ["/view?filename=many.png&preview=webp;50"] * 12)
        assert [answer.status for answer in answers] == [200] * 12
    assert most == [2]


# -- uploads


@pytest.mark.parametrize("name", NAMES)
def test_no_upload_writes_outside(live: Any, outside: Path, name: str) -> None:
    before = snapshot(outside)
    for texts in ({}, {"overwrite": "true"}, {"subfolder": name.replace("\0", "")}, {"subfolder": "link"}):
        safe = name.replace("\0", "%00").replace("\\", "\\\\")
        file = "ok.png" if "subfolder" in texts else safe
        answer = live.upload("/upload/image", file, png(), **texts)
        assert answer.status in (200, 400, 403), texts
        if answer.status == 200:
            told = answer.tree
            path = Path(os.path.realpath(live.data / told["type"] / told["subfolder"] / told["name"]))
            assert path.is_relative_to(live.data / "input")
    assert snapshot(outside) == before


def test_the_same_picture_is_kept_once_and_another_gets_a_number(live: Any) -> None:
    first = live.upload("/upload/image", "cat.png", png("red"))
    assert first.tree == {"name": "cat.png", "subfolder": "", "type": "input"}
    assert live.upload("/upload/image", "cat.png", png("red")).tree["name"] == "cat.png"
    assert live.upload("/upload/image", "cat.png", png("blue")).tree["name"] == "cat (1).png"
    assert live.upload("/upload/image", "cat.png", png("blue")).tree["name"] == "cat (1).png"
    assert live.upload("/upload/image", "cat.png", png("lime"), overwrite="true").tree["name"] == "cat.png"
    assert (live.data / "input" / "cat.png").read_bytes() == png("lime")
    placed = live.upload("/api/upload/image", "dog.png", png(), subfolder="a/b", type="temp").tree
    assert placed == {"name": "dog.png", "subfolder": "a/b", "type": "temp"}
    assert not list((live.data / "temp").glob(".upload*"))


def test_an_upload_reaches_a_folder_on_another_disk(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = live.data / "temp"
    rename, replace = os.rename, os.replace

    def within_one_disk(change: Any) -> Any:
        def changed(source: Any, target: Any, **options: Any) -> None:
            if Path(source).is_relative_to(drafts) != Path(target).is_relative_to(drafts):
                raise OSError(errno.EXDEV, "Invalid cross-device link")
            change(source, target, **options)

        return changed

    monkeypatch.setattr(os, "rename", within_one_disk(rename))
    monkeypatch.setattr(os, "replace", within_one_disk(replace))
    for number, overwrite in enumerate(["", "true", ""]):
        data = png(size=(9 + number, 9))
        answer = live.upload("/upload/image", "far.png", data, overwrite=overwrite)
        assert answer.tree["name"] == ("far (1).png" if number == 2 else "far.png")
        assert live.get(f"/view?type=input&filename={quote(answer.tree['name'])}").body == data
    assert not list(drafts.glob(".upload*"))
    assert not list((live.data / "input").glob(".upload*"))


def test_a_mask_is_laid_over_its_original_whose_texts_stay(live: Any) -> None:
    live.upload("/upload/image", "face.png", png("red", prompt='{"1": 2}'))
    ref = json.dumps({"filename": "face.png", "type": "input"})
    answer = live.upload("/upload/mask", "mask.png", png("#00000040", mode="RGBA"), original_ref=ref)
    made = Image.open(live.data / "input" / answer.tree["name"])
    assert made.getpixel((0, 0)) == (255, 0, 0, 64)
    assert made.text["prompt"] == '{"1": 2}'


def test_a_mask_that_is_no_picture_is_told_by_its_own_name(live: Any) -> None:
    live.upload("/upload/image", "face.png", png("red"))
    ref = json.dumps({"filename": "face.png", "type": "input"})
    answer = live.upload("/upload/mask", "mask.png", b"junk", original_ref=ref)
    assert (answer.status, answer.problem) == (415, "mask.png is not a picture that can be read")
    assert not list((live.data / "temp").glob(".upload*"))


@pytest.mark.parametrize("subfolder", ["/etc", "/", "//a", "\\etc", "C:\\etc", "../etc"])
def test_a_subfolder_elsewhere_is_refused_rather_than_bent(live: Any, subfolder: str) -> None:
    answer = live.upload("/upload/image", "there.png", png(), subfolder=subfolder)
    assert (answer.status, answer.tree["error"]["type"]) == (400, "bad_name")
    assert not list((live.data / "input").rglob("there*"))


@pytest.mark.parametrize(
    "ref", ["", "{}", "[]", '{"filename": "../x"}', '{"filename": 5}', '{"filename": "gone"}']
)
def test_a_mask_without_an_original_is_refused(live: Any, ref: str) -> None:
    assert live.upload("/upload/mask", "mask.png", png(), original_ref=ref).status in (400, 404)


@pytest.mark.parametrize(
    ("body", "type", "status"),
    [
        (b"", "multipart/form-data; boundary=edge", 400),
        (b"--edge\r\n\r\nx", "multipart/form-data; boundary=edge", 400),
        (b"--edge--\r\n", "multipart/form-data; boundary=edge", 400),
        (b"x", "multipart/form-data", 400),
        (b"{}", "application/json", 415),
        (b"x", "multipart/form-data; boundary=" + "e" * 300, 400),
    ],
)
def test_a_form_that_is_none_is_refused(live: Any, body: bytes, type: str, status: int) -> None:
    assert live.ask("POST", "/upload/image", body, {"Content-Type": type}).status == status


def test_an_upload_that_is_too_large_leaves_nothing(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.bound.UPLOAD", 2**18)
    answer = live.upload("/upload/image", "big.png", b"x" * 2**19)
    assert (answer.status, answer.problem) == (413, "The file is larger than 256 KiB.")
    assert not (live.data / "input" / "big.png").exists()
    assert not list((live.data / "temp").glob(".upload*"))


# -- the user's files


@pytest.mark.parametrize("name", [*NAMES, "link/new.txt", "link.txt"])
def test_no_user_file_is_written_moved_or_deleted_outside(live: Any, outside: Path, name: str) -> None:
    before, said = snapshot(outside), quote(name, safe="")
    live.ask("POST", "/userdata/mine.json", b"{}")
    assert live.ask("POST", f"/userdata/{said}", b"new").status in (400, 403)
    assert live.ask("DELETE", f"/userdata/{said}").status in (400, 403)
    assert live.ask("POST", f"/userdata/mine.json/move/{said}").status in (400, 403)
    assert live.ask("POST", f"/userdata/{said}/move/stolen.txt").status in (400, 403)
    assert snapshot(outside) == before
    assert (live.data.parent / "secret.txt").read_bytes() == SECRET


def test_a_workflow_is_kept_listed_moved_and_deleted(live: Any) -> None:
    where = "/api/userdata/" + quote("workflows/a b.json", safe="")
    assert live.ask("POST", where, b'{"nodes": []}').tree == "workflows/a b.json"
    assert live.get(where).body == b'{"nodes": []}'
    assert live.ask("POST", f"{where}?overwrite=false", b"{}").status == 409
    told = live.ask("POST", f"{where}?full_info=true", b"{}").tree
    assert (told["path"], told["size"]) == ("workflows/a b.json", 2)
    assert live.get("/userdata?dir=workflows").tree == ["a b.json"]
    assert live.get("/userdata?dir=workflows&full_info=true").tree[0]["size"] == 2
    moved = live.ask("POST", f"{where}/move/{quote('workflows/sub/c.json', safe='')}")
    assert moved.tree == "workflows/sub/c.json"
    assert live.get("/userdata?dir=workflows").tree == []
    assert live.get("/userdata?dir=workflows&recurse=true&split=true").tree == [
        ["sub/c.json", "sub", "c.json"]
    ]
    kinds = [(one["path"], one["type"]) for one in live.get("/v2/userdata?path=workflows").tree]
    assert kinds == [("workflows/sub", "directory"), ("workflows/sub/c.json", "file")]
    gone = f"/userdata/{quote('workflows/sub/c.json', safe='')}"
    assert live.ask("DELETE", gone).status == 204
    assert live.ask("DELETE", gone).status == 404
    assert live.get("/userdata").status == 400
    assert live.get("/userdata?dir=nothing").status == 404


@pytest.mark.parametrize("links", [True, False])
def test_a_name_is_taken_once_whether_the_disk_has_links_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_given: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    if not links:
        monkeypatch.setattr("server.place.os.link", refuse)
    for text, good in (("first", True), ("second", False)):
        (tmp_path / "draft").write_text(text)
        assert take_name(tmp_path / "draft", tmp_path / "name") is good
        assert (tmp_path / "draft").exists() is not good
    assert (tmp_path / "name").read_text() == "first"


def test_a_file_that_appears_while_another_is_written_is_not_written_over(
    live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, written = live.data / "user/default/late.json", os.fsync

    def another(stream: int) -> None:
        written(stream)
        where.write_bytes(b"another")

    monkeypatch.setattr("server.route.userdata.os.fsync", another)
    monkeypatch.setattr(Path, "exists", lambda _path: False)  # as it was a moment ago
    assert live.ask("POST", "/userdata/late.json?overwrite=false", b"mine").status == 409
    assert where.read_bytes() == b"another"


def test_a_packed_file_beside_another_is_never_sent_for_it(live: Any) -> None:
    live.ask("POST", "/userdata/one.json", b'{"asked": 1}')
    live.ask("POST", "/userdata/one.json.gz", gzip.compress(b'{"another": 2}'))
    live.upload("/upload/image", "one.png", png())
    live.upload("/upload/image", "one.png.gz", gzip.compress(b"another"))
    for path, body in (("/userdata/one.json", b'{"asked": 1}'), ("/view?filename=one.png&type=input", png())):
        answer = live.get(path, Accept_Encoding="gzip")
        assert (answer.status, answer.body, answer.headers.get("Content-Encoding")) == (200, body, None)


def test_a_file_that_a_user_calls_part_is_listed_and_one_being_written_is_not(live: Any) -> None:
    live.ask("POST", "/userdata/mine%2Fone.part", b"1")
    (live.data / "user/default/mine" / f".{'a' * 32}.part").write_bytes(b"half")
    assert live.get("/userdata?dir=mine&recurse=true").tree == ["one.part"]
    assert [one["path"] for one in live.get("/v2/userdata?path=mine").tree] == ["mine/one.part"]


@pytest.mark.parametrize("format", ["TGA", "ICNS", "PCX", "SGI", "PPM"])
def test_pictures_of_formats_that_nothing_here_offers_are_not_unpacked(live: Any, format: str) -> None:
    out = BytesIO()
    Image.new("RGB", (32, 32), "red").save(out, format)
    live.upload("/upload/image", f"odd.{format}", out.getvalue())
    assert live.get(f"/view?filename=odd.{format}&type=input&preview=webp").status == 415
    assert live.get(f"/view?filename=odd.{format}&type=input").body == out.getvalue()


def test_settings_are_merged_and_kept(live: Any) -> None:
    assert live.post("/settings", {"a": 1, "b": [2]}).status == 200
    assert live.post("/settings/c.d", "text").status == 200
    assert live.get("/settings").tree == {"a": 1, "b": [2], "c.d": "text"}
    assert live.get("/api/settings/c.d").tree == "text"
    assert live.get("/settings/none").tree is None
    assert json.loads((live.data / "user/default/comfy.settings.json").read_text())["a"] == 1


@pytest.mark.parametrize("value", ["NaN", "[1, -Infinity]", '{"x": 1e999}'])
def test_settings_that_are_no_numbers_are_refused_and_change_nothing(live: Any, value: str) -> None:
    live.post("/settings", {"kept": 1})
    for path, body in (("/settings", f'{{"kept": 2, "bad.one": {value}}}'), ("/settings/bad.one", value)):
        answer = live.ask("POST", path, body)
        assert (answer.status, answer.tree["error"]["type"]) == (400, "not_a_number")
        assert "'bad.one'" in answer.problem
    assert live.get("/settings").tree["kept"] == 1
    assert "bad.one" not in live.get("/settings").tree


def test_settings_that_cannot_be_read_are_laid_aside_and_not_written_over(live: Any) -> None:
    path = live.data / "user" / "default" / "comfy.settings.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"mine": 1, "cut sho')
    assert live.get("/settings").tree == {}
    assert live.ask("POST", "/settings", b'{"new": 2}').status == 200
    assert live.get("/settings").tree == {"new": 2}
    assert path.with_name("comfy.settings.json.damaged").read_text() == '{"mine": 1, "cut sho'


def test_a_file_is_no_folder_for_others(live: Any) -> None:
    assert live.ask("POST", "/userdata/plain.json", b"{}").status == 200
    answer = live.ask("POST", "/userdata/plain.json%2Finner.json", b"{}")
    assert (answer.status, answer.tree["error"]["type"]) == (400, "bad_name")
    answer = live.ask("POST", "/userdata/plain.json/move/plain.json%2Finner.json")
    assert (answer.status, answer.tree["error"]["type"]) == (400, "bad_name")
    assert live.get("/userdata/plain.json").body == b"{}"


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EIO, errno.EMFILE])
def test_a_disk_that_cannot_be_written_is_no_fault_of_a_name(
    live: Any, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_given: Any, **_named: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("server.route.setting.write_whole", refuse)
    monkeypatch.setattr("server.route.userdata.os.fsync", refuse)
    monkeypatch.setattr("server.upload._free", refuse)
    answers = [
        live.post("/settings", {"a": 2}),
        live.ask("POST", "/userdata/unkept.json", b"new"),
        live.upload("/upload/image", "unkept.png", png()),
    ]
    assert [(one.status, one.tree["error"]["type"]) for one in answers] == [(503, "files_unavailable")] * 3
    assert all(os.strerror(number) in one.problem for one in answers)
    assert live.get("/userdata/unkept.json").status == 404


def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any, **_named: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    live.ask("POST", "/userdata/kept.json", b"old")
    monkeypatch.setattr("server.route.setting.write_whole", full)
    monkeypatch.setattr("server.route.userdata.os.fsync", full)
    monkeypatch.setattr("server.upload._free", full)
    answers = [
        live.post("/settings", {"a": 2}),
        live.ask("POST", "/userdata/kept.json", b"new"),
        live.upload("/upload/image", "full.png", png()),
    ]
    assert [(answer.status, answer.tree["error"]["type"]) for answer in answers] == [(507, "disk_full")] * 3
    assert live.get("/userdata/kept.json").body == b"old"
    assert not (live.data / "input" / "full.png").exists()
    assert not list((live.data / "temp").glob(".upload*"))
