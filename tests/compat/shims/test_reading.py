"""What a pack's code could do is read without running it, with file and line."""

from __future__ import annotations

from pathlib import Path

from safelight.compat.shims.pack import Pack
from safelight.compat.shims.reading import read

CODE = """\
import subprocess as sp, requests
from os import system as go
def f(path):
    sp.run(["ls"])
    go("ls")
    open(path)
    open(path, "w")
    eval("1")
    path.write_text("x")
raise SystemExit("it was run")
NODE_CLASS_MAPPINGS = {"One": object, "Two": object}
"""


def test_each_access_is_found_where_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "evil"
    folder.mkdir()
    (folder / "__init__.py").write_text(CODE)
    (folder / "broken.py").write_text("def (")
    reading = read(Pack("evil", folder))
    assert [
        (one.access, one.what, one.line) for one in sorted(reading.findings, key=lambda one: one.line)
    ] == [
        ("programs", "import subprocess", 1),
        ("network", "import requests", 1),
        ("programs", "os.system(...)", 5),
        ("files", "open(...)", 7),
        ("code", "eval(...)", 8),
        ("files", "path.write_text(...)", 9),
    ]
    assert reading.nodes == ("One", "Two")
    assert reading.unreadable[0].startswith("evil/broken.py")


def test_a_plain_pack_reaches_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("import math\ndef f(): return math.pi\n")
    assert read(Pack("plain", tmp_path / "plain.py")).findings == ()
