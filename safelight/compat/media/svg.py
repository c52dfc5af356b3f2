"""The texts in an SVG drawing: JSON in the CDATA of its `metadata`. No XML is interpreted."""

from __future__ import annotations

import json
import re
from typing import BinaryIO

from safelight.compat.media.text import LARGEST, Texts, too_big

_METADATA = re.compile(rb"<metadata[^<>]{0,1000}>\s*<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the texts of a drawing."""
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise too_big()
    found = _METADATA.search(data)
    tree = json.loads(found[1]) if found else {}
    for key, value in tree.items() if isinstance(tree, dict) else ():
        texts.add(key, value if isinstance(value, str) else json.dumps(value))
