"""Documents: what is read, what is refused, and that saving changes nothing."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.compat import Document, assign, notation, read_png, to_graph
from safelight.compat.media import text
from safelight.core.error import BadInput, DocumentError

NAMES = (
    "text_to_image.json",
    "switched_off.json",
    "text_to_image_api.json",
    "unknown_nodes.json",
    "subgraph.json",
    "group_node.json",
)
WORKFLOW = b'{"nodes": [{"id": 1, "type": "Note", "widgets_values": ["w"]}], "links": []}'
PROMPT = b'{"1": {"class_type": "ImageInvert", "inputs": {}}}'


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_not_changed_is_saved_byte_by_byte(name, file):
    data = file(name).read_bytes()
    assert Document.read(data).write().encode() == data
    assert Document.read(file(name)).write().encode() == data


@pytest.mark.parametrize(
    "text",
    [
        ' {"nodes": []} ',
        '{\r\n  "nodes": [\r\n    {"id": 1, "type": "Note", "pos": [1, 2]}\r\n  ]\r\n}\r\n\r\n',
        '{"nodes": [{"id": 1, "type": "KSampler", "widgets_values": [1e-7, 0.00001, 1.10, 1E3]}]}',
        '{"nodes": [], "extra": "\\u00E9 é \\/"}',
        '{"nodes": [], "extra": 1, "extra": 2}',
    ],
)
def test_a_text_that_a_person_wrote_is_kept_to_the_letter(text, registry):
    document = Document.parse(text)
    assert document.write() == document.copy().write() == text
    assert Document.from_named(document.by_name(registry), registry).write() == text


@pytest.mark.parametrize("value", [1, True, 1.0, "1"])
def test_a_change_is_saved_however_alike_the_values_are(value):
    text = '{"nodes": [], "extra": [1, true, 1.0, "1"]}'
    document = Document.parse(text)
    document.tree["extra"] = [value] * 4
    assert document.write() == json.dumps({"nodes": [], "extra": [value] * 4})


def test_another_order_of_keys_is_a_change():
    document = Document.parse('{"nodes": [], "extra":  {}}')
    document.tree["nodes"] = document.tree.pop("nodes")
    assert document.write() == '{"extra":  {}, "nodes": []}'


@pytest.mark.parametrize(
    "text", ['{"nodes":[]}\n', '{\n\t"nodes": []\n}', '{"nodes": [], "extra": "\\u00e9"}', '{"nodes": []} ']
)
def test_the_layout_of_the_text_is_kept(text):
    document = Document.parse(text)
    assert Document(document.tree, document.layout).write() == text


NUMBERS = st.integers(-(2**64), 2**64) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.dictionaries(st.text(), JSON, max_size=3), st.sampled_from([None, "  ", "\t"]), st.booleans())
def test_whatever_a_file_holds_is_kept(identical, value, more, indent, ascii):
    node = {**more, "id": "12:0", "type": "Mystery", "widgets_values": value, "inputs": value}
    tree = {**more, "nodes": [node], "extra": value}
    text = json.dumps(tree, indent=indent, ensure_ascii=ascii)
    document = Document.parse(text.encode("utf-8", "surrogatepass"))
    assert identical(json.loads(document.write()), tree)


@given(st.dictionaries(st.text(min_size=1), JSON, min_size=1, max_size=3))
def test_an_api_file_is_kept_too(identical, inputs):
    tree = {"a.b:1": {"class_type": "Mystery", "inputs": inputs, "is_changed": [float("1e-300")]}}
    assert identical(json.loads(Document.parse(json.dumps(tree)).write()), tree)


def test_seeds_are_exact_to_the_last_bit(file, registry):
    document = Document.read(file("text_to_image.json"))
    assert document.node("5", registry).values["seed"] == 2**64 - 1
    assert "18446744073709551615" in document.write()


def test_half_a_character_is_kept_and_can_be_saved(identical):
    document = Document.parse('{"nodes": [], "extra": "\\ud83d \\u00e9", "other": "é"}')
    saved = document.write().encode()
    assert identical(Document.parse(saved).tree, document.tree)


def test_nan_is_read_and_never_written(registry):
    values = '[0, "fixed", 20, NaN, "euler", "normal", 1e999]'
    document = Document.parse(f'{{"nodes": [{{"id": 1, "type": "KSampler", "widgets_values": {values}}}]}}')
    graph = to_graph(document, registry).graph
    assert graph["1"].inputs["cfg"] != graph["1"].inputs["cfg"]
    assert graph["1"].inputs["denoise"] == float("inf")
    saved = json.loads(document.write(), parse_constant=pytest.fail)
    assert saved["nodes"][0]["widgets_values"] == [0, "fixed", 20, None, "euler", "normal", None]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"hello", "not JSON"),
        (b'{"nodes": [', "not JSON.*line 1, column 12"),
        (b"\xff\xfe\xfa", "neither text nor"),
        (b"\xff\xd8\xff\xe0 a photograph", "carries no workflow"),
        (b"[1, 2]", "not an object"),
        (b'"text"', "not an object"),
        (b"NaN", "not an object"),
        (b"{}", "no nodes"),
        (b'{"a": 1}', "neither 'nodes'"),
        (b'{"nodes": 5}', "neither 'nodes'"),
        (b'{"nodes": [{"id": 1}]}', "entry 0"),
        (b'{"nodes": [{"id": [1], "type": "Note"}]}', "entry 0"),
        (b'{"1": {"class_type": "A"}, "2": {"inputs": {}}}', "entry '2' names no class_type"),
        (b'{"nodes": [], "extra": ' + b"[" * 300 + b"]" * 300 + b"}", "levels deep"),
        (b"[" * 100_000, "levels deep"),
        (b'{"nodes": [], "x": ' + b"9" * 6000 + b"}", r"holds a number with thousands of digits\. Open"),
    ],
)
def test_what_is_no_workflow_is_refused_in_words(data, words, tmp_path):
    with pytest.raises(DocumentError, match=words) as refused:
        Document.read(data)
    assert refused.value.remedy
    path = tmp_path / "mine.json"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=r"mine\.json"):
        Document.read(path)


def test_a_text_that_is_too_big_is_refused(monkeypatch):
    monkeypatch.setattr(notation, "LARGEST", 100)
    with pytest.raises(DocumentError, match="larger than"):
        Document.read(b'{"nodes": []' + b" " * 100 + b"}")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DocumentError, match=r"nowhere\.json.*No such file"):
        Document.read(tmp_path / "nowhere.json")
    with pytest.raises(DocumentError, match="directory"):
        Document.read(tmp_path)
    with pytest.raises(DocumentError, match="null byte"):
        Document.read("a\0b")


def test_a_byte_order_mark_and_other_encodings_are_read():
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert Document.read('{"nodes": [], "extra": "é"}'.encode(encoding)).tree["extra"] == "é"


@pytest.mark.parametrize(
    "chunk",
    [
        (b"tEXt", b"workflow\0" + WORKFLOW),
        (b"zTXt", b"workflow\0\0" + zlib.compress(WORKFLOW)),
        (b"iTXt", b"workflow\0\0\0en\0\0" + WORKFLOW),
        (b"iTXt", b"workflow\0\1\0\0\0" + zlib.compress(WORKFLOW)),
    ],
)
def test_a_picture_is_a_file_wherever_its_text_stands(chunk, picture):
    for data in (picture(chunk), picture(after=(chunk,)), picture(chunk)[:-16]):
        assert Document.read(data).dialect == "editor"


def test_the_editors_file_in_a_picture_is_preferred_if_it_can_be_read(picture):
    prompt = (b"tEXt", b"prompt\0" + PROMPT)
    assert Document.read(picture(prompt, (b"tEXt", b"workflow\0" + WORKFLOW))).dialect == "editor"
    assert Document.read(picture(prompt, (b"tEXt", b"workflow\0{broken"))).dialect == "api"
    assert Document.read(picture(prompt)).dialect == "api"
    assert (
        Document.read(picture((b"tEXt", b'prompt\0{"1": {"class_type": "A", "inputs": {"x": NaN}}}'))).dialect
        == "api"
    )


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], "carries no workflow"),
        ([(b"tEXt", b"parameters\0a cat, no steps")], "carries no workflow"),
        ([(b"tEXt", b"workflow\0{broken")], "the workflow in it: it is not JSON"),
        ([(b"zTXt", b"workflow\0\0not zlib")], "carries no workflow"),
    ],
)
def test_a_picture_without_a_workflow_says_so(texts, words, picture):
    with pytest.raises(DocumentError, match=words):
        Document.read(picture(*texts))


def test_a_text_that_would_unpack_without_bounds_is_refused(picture):
    bomb = zlib.compress(bytes(65 * 2**20), 1)
    with pytest.raises(DocumentError, match="larger than 64 MiB"):
        Document.read(picture((b"zTXt", b"workflow\0\0" + bomb)))
    half = zlib.compress(bytes(40 * 2**20), 1)
    halves = [(b"zTXt", b"a%d\0\0" % place + half) for place in range(2)]
    with pytest.raises(DocumentError, match="larger than 64 MiB"):
        Document.read(picture(*halves))


def test_a_picture_with_more_text_than_is_read_is_refused(monkeypatch, picture):
    monkeypatch.setattr(text, "LARGEST", 100)
    small = picture((b"tEXt", b"workflow\0" + WORKFLOW))
    assert Document.read(small).dialect == "editor"
    with pytest.raises(DocumentError, match="its texts are larger"):
        Document.read(picture((b"tEXt", b"workflow\0" + WORKFLOW + b" " * 100)))


def test_texts_in_latin_1_and_in_utf_8_are_read(picture, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(
        picture((b"tEXt", b"Author\0Andr\xe9"), (b"tEXt", "Title\0夕".encode()), (b"tEXt", b"Title\0again"))
    )
    with path.open("rb") as stream:
        assert read_png(stream) == {"Author": "André", "Title": "夕"}


def test_one_changed_value_changes_one_place(file, registry):
    document = Document.read(file("text_to_image.json"))
    before = document.write().splitlines()
    document.node("5", registry).values["steps"] = 31
    changed = [
        (old, new) for old, new in zip(before, document.write().splitlines(), strict=True) if old != new
    ]
    assert changed == [("        20,", "        31,")]


def test_assigning_to_a_linked_input_takes_the_link_away(file, registry):
    document = Document.read(file("switched_off.json"))
    assign(document, registry, "10", "seed", 5)
    graph, notices, _ = to_graph(document, registry)
    assert graph["10"].inputs["seed"] == 5
    assert [notice for notice in notices if notice.where.node == "10"] == []
    assert document.node("10").inputs[4].link is None
    assert 9 not in [link[0] for link in document.tree["links"]]
    assert document.node("6").outputs[0].name == "connect to widget input"
    assert document.node("6").raw["outputs"][0]["links"] == [10]


def test_assigning_reaches_api_files_and_primitives(file, registry):
    document = Document.read(file("text_to_image_api.json"))
    assign(document, registry, "3", "steps", [1, 2])
    assert document.tree["3"]["inputs"]["steps"] == {"__value__": [1, 2]}
    assert document.node("3").values["steps"] == [1, 2]
    document = Document.read(file("switched_off.json"))
    assign(document, registry, "6", "value", 77)
    assert to_graph(document, registry).graph["10"].inputs["seed"] == 77


def test_assigning_where_the_file_has_no_place_is_refused(file, registry):
    document = Document.read(file("unknown_nodes.json"))
    with pytest.raises(BadInput, match=r"node '4' \(KSamplr\), input 'seed'"):
        assign(document, registry, "4", "seed", 1)
    with pytest.raises(KeyError):
        assign(document, registry, "99", "seed", 1)


ODD = """{
  "nodes": [
    {"id": 1, "type": "KSampler", "pos": [1.0, 0.00001],
        "widgets_values": [1e-05, 1E3, "\\u00e9\\/", 0.50, {"a": 1.0, "b": -0.0}]},
    {"id": 2, "type": "Note"}
  ],
  "links" : [[3, 1, 0, 2, 0, "*"],  [4, 1, 0, 2, 1, "*"]],
  "version": 0.4, "extra": {}
}
"""


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (lambda tree: tree["nodes"][0]["widgets_values"].__setitem__(1, 7), "1E3", "7"),
        (lambda tree: tree["nodes"][0]["widgets_values"][4].__setitem__("a", 2.5), '"a": 1.0', '"a": 2.5'),
        (lambda tree: tree["nodes"].pop(1), ',\n    {"id": 2, "type": "Note"}', ""),
        (lambda tree: tree["nodes"].reverse(), None, None),
        (lambda tree: tree["links"].pop(0), '[3, 1, 0, 2, 0, "*"],  ', ""),
        (lambda tree: tree["links"].append([]), '1, "*"]],', '1, "*"],  []],'),
        (lambda tree: tree.__setitem__("revision", 1), '"extra": {}', '"extra": {},\n  "revision": 1'),
        (lambda tree: tree["extra"].__setitem__("a", None), '"extra": {}', '"extra": {\n    "a": null\n  }'),
        (lambda tree: tree.pop("extra"), ', "extra": {}', ""),
    ],
)  # fmt: skip
def test_only_what_was_changed_is_written_anew(change: Any, old: str | None, new: str | None) -> None:
    document = Document.parse(ODD)
    change(document.tree)
    text = document.write()
    assert json.loads(text) == document.tree
    if old is not None:
        assert text == ODD.replace(old, new)
    assert all(number in text for number in ("0.00001", "1e-05", "0.50", "-0.0", "\\u00e9\\/"))


def test_a_file_with_a_key_twice_is_written_anew_without_loss() -> None:
    document = Document.parse('{"nodes": [], "extra": {"a": 1, "a": 2.50}}')
    document.tree["revision"] = 1
    assert json.loads(document.write()) == {"nodes": [], "extra": {"a": 2.5}, "revision": 1}


def test_what_is_no_number_becomes_null_and_nothing_else_changes() -> None:
    document = Document.parse('{"nodes":  [], "extra": {"a": NaN, "b": 1e-05, "c": 0.00001}}')
    assert document.write() == '{"nodes":  [], "extra": {"a": null, "b": 1e-05, "c": 0.00001}}'
