"""Workflows inside pictures, films, sounds, models and drawings; containers are written here by hand."""

from __future__ import annotations

import io
import json
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from safelight.compat import Document, media
from safelight.core.error import DocumentError

WORKFLOW = '{"nodes": [{"id": 1, "type": "Note", "widgets_values": ["wörds"]}], "links": []}'
PROMPT = '{"1": {"class_type": "ImageInvert", "inputs": {}}}'


def picture(format: str) -> bytes:
    """A picture with both in its EXIF data, as ComfyUI writes it."""
    exif = Image.Exif()
    exif[0x0110] = f"prompt:{PROMPT}"
    exif[0x010F] = f"workflow:{json.dumps(json.loads(WORKFLOW))}"
    stream = io.BytesIO()
    Image.new("RGB", (2, 2)).save(stream, format, exif=exif)
    return stream.getvalue()


def box(kind: bytes, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack(">I4s", len(data) + 8, kind) + data


def film(version: bytes = bytes(4)) -> bytes:
    keys = [b"prompt", b"workflow"]
    named = b"".join(box(b"mdta", b"com.x." * (key == b"prompt") + key) for key in keys)
    values = [PROMPT.encode(), WORKFLOW.encode()]
    items = [box(struct.pack(">I", n), box(b"data", bytes(8), value)) for n, value in enumerate(values, 1)]
    meta = box(b"meta", version, box(b"hdlr", bytes(24)), box(b"keys", struct.pack(">II", 0, 2), named),
               box(b"ilst", *items))  # fmt: skip
    return box(b"ftyp", b"isom") + box(b"mdat", bytes(50)) + box(b"moov", box(b"udta", meta))


def number(value: int) -> bytes:
    """A length in EBML."""
    return (value | 1 << 28).to_bytes(4, "big")


def element(id: int, data: bytes) -> bytes:
    return id.to_bytes((id.bit_length() + 7) // 8, "big") + number(len(data)) + data


def webm(open_end: bool = False) -> bytes:
    tag = element(0x67C8, element(0x45A3, b"WORKFLOW") + element(0x4487, WORKFLOW.encode()))
    inner = element(0x1F43B675, bytes(40)) + element(0x1254C367, element(0x7373, tag))
    segment = b"\x18\x53\x80\x67" + b"\x01" + b"\xff" * 7 + inner if open_end else element(0x18538067, inner)
    return element(0x1A45DFA3, b"\x42\x82\x84webm") + segment


def comments(**texts: str) -> bytes:
    entries = [f"{key}={text}".encode() for key, text in texts.items()]
    return b"".join(
        [struct.pack("<I", 2), b"me", struct.pack("<I", len(entries))]
        + [struct.pack("<I", len(entry)) + entry for entry in entries]
    )


def flac() -> bytes:
    data = comments(WORKFLOW=WORKFLOW, prompt=PROMPT)
    return (
        b"fLaC" + b"\0" + (34).to_bytes(3, "big") + bytes(34) + b"\x84" + len(data).to_bytes(3, "big") + data
    )


def ogg(mark: bytes = b"OpusTags") -> bytes:
    packet = mark + comments(workflow=WORKFLOW + " " * 600)
    sizes = [255] * (len(packet) // 255) + [len(packet) % 255]
    pages = []
    for table, data in (([8], b"OpusHead"), (sizes, packet)):
        pages.append(b"OggS" + bytes(22) + bytes([len(table)]) + bytes(table) + data)
    return b"".join(pages)


def id3(version: int, coding: int) -> bytes:
    name = ("latin-1", "utf-16", "utf-16-be", "utf-8")[coding]
    end = b"\0\0" if coding in (1, 2) else b"\0"
    text = json.dumps(json.loads(WORKFLOW))
    frame = bytes([coding]) + "workflow".encode(name) + end + text.encode(name)
    size = struct.pack(">I", len(frame)) if version < 4 else synchsafe(len(frame))
    data = b"TXXX" + size + bytes(2) + frame
    return b"ID3" + bytes([version, 0, 0]) + synchsafe(len(data)) + data + b"\xff\xfb" + bytes(20)


def synchsafe(value: int) -> bytes:
    return bytes(value >> 7 * (3 - n) & 0x7F for n in range(4))


def glb() -> bytes:
    tree = json.dumps({"asset": {"version": "2.0", "extras": {"workflow": WORKFLOW}}}).encode()
    return b"glTF" + struct.pack("<II", 2, 20 + len(tree)) + struct.pack("<I4s", len(tree), b"JSON") + tree


def tensors() -> bytes:
    head = json.dumps({"__metadata__": {"prompt": PROMPT, "workflow": WORKFLOW}}).encode()
    return struct.pack("<Q", len(head)) + head + bytes(8)


def drawing() -> bytes:
    inner = json.dumps({"workflow": json.loads(WORKFLOW)})
    return f'<?xml version="1.0"?><svg><metadata><![CDATA[{inner}]]></metadata></svg>'.encode()


def exr() -> bytes:
    entry = b"workflow\0string\0" + struct.pack("<I", len(WORKFLOW.encode())) + WORKFLOW.encode()
    return b"\x76\x2f\x31\x01\x02\0\0\0" + b"channels\0chlist\0\x01\0\0\0\0" + entry + b"\0"


def animated() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    text = b"workflow\0" + json.dumps(json.loads(WORKFLOW)).encode()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"") + chunk(b"comf", text) + chunk(b"IEND", b"")


FILES = {
    "webp": picture("WEBP"),
    "jpeg": picture("JPEG"),
    "avif": picture("AVIF"),
    "png with exif": picture("PNG"),
    "animated png": animated(),
    "mp4": film(),
    "mov": film(version=b""),
    "webm": webm(),
    "live webm": webm(open_end=True),
    "flac": flac(),
    "opus": ogg(),
    "vorbis": ogg(b"\x03vorbis"),
    **{
        f"mp3 2.{version}, coding {coding}": id3(version, coding)
        for version in (3, 4)
        for coding in (1, 2, 3)
    },
    "glb": glb(),
    "safetensors": tensors(),
    "svg": drawing(),
    "exr": exr(),
}


@pytest.mark.parametrize("name", FILES)
def test_the_workflow_is_found(name: str) -> None:
    document = Document.read(FILES[name])
    assert document.dialect == "editor"
    assert document.node("1").values["text"] == "wörds"


def test_a_comment_may_hold_both_as_one_json() -> None:
    both = json.dumps({"prompt": PROMPT, "workflow": json.loads(WORKFLOW)})
    data = b"fLaC\x84" + len(comments(comment=both)).to_bytes(3, "big") + comments(comment=both)
    assert Document.read(data).dialect == "editor"


@pytest.mark.parametrize("name", FILES)
def test_cut_anywhere_and_with_any_byte_changed_a_file_is_read_or_refused(name: str) -> None:
    data = FILES[name]
    for place in range(0, len(data), max(len(data) // 60, 1)):
        for damaged in (
            data[:place],
            data[:place] + b"\xff" + data[place + 1 :],
            data[:place] + bytes(9) + data[place:],
        ):
            survive(damaged)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.integers(4, 40), st.binary(max_size=200))
def test_heads_of_files_with_anything_after_them_are_survived(name: str, place: int, rest: bytes) -> None:
    survive(FILES[name][:place] + rest)


def survive(data: bytes) -> None:
    try:
        Document.read(data)
    except DocumentError:
        return


@pytest.mark.parametrize("claimed", [2**31 - 1, 2**32 - 1])
def test_a_length_that_nothing_is_behind_costs_nothing(claimed: int) -> None:
    bombs = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", claimed, b"tEXt"),
        b"RIFF\0\0\0\0WEBPEXIF" + struct.pack("<I", claimed),
        b"glTF" + bytes(8) + struct.pack("<I4s", claimed, b"JSON"),
        struct.pack("<Q", claimed) + b'{"a',
        b"fLaC\x84\xff\xff\xff",
    )
    for bomb in bombs:
        with pytest.raises(DocumentError):
            Document.read(bomb)


def test_boxes_without_end_are_given_up() -> None:
    with pytest.raises(DocumentError):
        Document.read(box(b"ftyp") + box(b"moov", *[box(b"udta")] * 200_000))


def test_what_is_no_media_file_is_left_to_others() -> None:
    assert media.read(io.BytesIO(b'{"nodes": []}')) is None


PARAMETERS = """masterpiece, a (red:1.2) fox <lora:ink:0.8>
by the river
Negative prompt: blurry, low quality
Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 1234567890123, Size: 832x1216, Model hash: ab, \
Model: dreamy_v8, Clip skip: 2, Lora hashes: "ink: 12ab, other: 3", Version: v1.9.4"""


def of_parameters(text: str) -> dict[str, Any]:
    stream = io.BytesIO()
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("parameters", text)
    Image.new("RGB", (2, 2)).save(stream, "PNG", pnginfo=info)
    return Document.read(stream.getvalue()).tree


def test_what_the_a1111_page_notes_becomes_a_workflow() -> None:
    tree = of_parameters(PARAMETERS)
    sampler = tree["5"]["inputs"]
    assert (sampler["seed"], sampler["steps"], sampler["cfg"]) == (1234567890123, 28, 6.5)
    assert (sampler["sampler_name"], sampler["scheduler"]) == ("dpmpp_2m", "karras")
    assert (tree["4"]["inputs"]["width"], tree["4"]["inputs"]["height"]) == (832, 1216)
    assert tree["2"]["inputs"]["text"] == "masterpiece, a (red:1.2) fox \nby the river"
    assert tree["3"]["inputs"]["text"] == "blurry, low quality"
    assert tree["1"]["inputs"]["ckpt_name"] == "dreamy_v8.safetensors"
    assert tree["20"]["inputs"]["strength_model"] == 0.8
    assert tree["10"]["inputs"]["stop_at_clip_layer"] == -2
    assert sampler["model"] == ["20", 0]


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=80))
def test_any_text_of_that_kind_is_survived(text: str) -> None:
    of_parameters(f"{text}\nSteps: 5, {text}, Size: {text}")
