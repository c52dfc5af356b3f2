"""`safelight nodes`: the catalogue, and one node's page."""

from __future__ import annotations

import re
from typing import Any

from safelight import Registry


def test_every_node_has_its_line_under_its_menu(command: Any) -> None:
    lines = command("nodes").out.splitlines()
    assert lines.index("model/sampling") < next(
        number for number, line in enumerate(lines) if line.startswith("  KSampler ")
    )
    named = {re.split(r" {2,}", line.strip())[0] for line in lines if line.startswith("  ")}
    assert named == {spec.id for spec in Registry().load("nodes")}


def test_json_is_what_clients_of_comfyui_read(command: Any) -> None:
    info = command("nodes", "--json").tree
    assert info["KSampler"]["input"]["required"]["steps"][0] == "INT"
    assert info["CheckpointLoaderSimple"]["input"]["required"]["ckpt_name"][0] == ["emoji"]
    assert "sketch.png" in info["LoadImage"]["input"]["required"]["image"][0]


def test_a_page_teaches_the_inputs_and_their_ranges(command: Any) -> None:
    page = command("nodes", "KSampler").out
    assert page.startswith("KSampler")
    assert "steps" in page
    assert "1 to 10000." in page
    assert "One of euler, " in page
    assert "(a wire)" in page


def test_an_unknown_name_gets_the_nearest_one(command: Any) -> None:
    done = command("nodes", "ksampler")
    assert (done.code, done.out) == (2, "")
    assert "Did you mean 'KSampler'?" in done.err
