"""Everything that is known about saved files, and about ComfyUI's formats: read, told by name, written."""

from safelight.compat.conversion import Conversion, Provenance, to_graph
from safelight.compat.document import Document
from safelight.compat.notice import Notice
from safelight.compat.prompt import from_prompt, to_prompt

__all__ = ["Conversion", "Document", "Notice", "Provenance", "from_prompt", "to_graph", "to_prompt"]
