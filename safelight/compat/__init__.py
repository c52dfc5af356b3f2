"""Everything that is known about saved files, and about ComfyUI's formats: read, told by name, written."""

from safelight.compat.address import find, parse_value, target
from safelight.compat.arrangement import arrange
from safelight.compat.catalogue import node_info, object_info
from safelight.compat.coercion import coerce
from safelight.compat.conversion import Conversion, Provenance, to_graph
from safelight.compat.difference import Difference, difference
from safelight.compat.document import Document
from safelight.compat.edit import assign
from safelight.compat.library import find_models
from safelight.compat.media.png import read_png
from safelight.compat.notation import Notation
from safelight.compat.notice import Notice
from safelight.compat.prompt import from_prompt, to_prompt
from safelight.compat.ready import Ready, make_ready
from safelight.compat.refusal import refusals
from safelight.compat.replacement import replace_nodes
from safelight.compat.report import Report, report
from safelight.compat.rewrite import choose_texts, expand_prefixes

__all__ = [
    "Conversion",
    "Difference",
    "Document",
    "Notation",
    "Notice",
    "Provenance",
    "Ready",
    "Report",
    "arrange",
    "assign",
    "choose_texts",
    "coerce",
    "difference",
    "expand_prefixes",
    "find",
    "find_models",
    "from_prompt",
    "make_ready",
    "node_info",
    "object_info",
    "parse_value",
    "read_png",
    "refusals",
    "replace_nodes",
    "report",
    "target",
    "to_graph",
    "to_prompt",
]
