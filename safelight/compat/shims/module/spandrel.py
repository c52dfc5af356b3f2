"""`comfy_extras.chainner_models`: networks that enlarge, from their tensors."""

from __future__ import annotations

from typing import Any


class _Models:
    @staticmethod
    def load_state_dict(state_dict: Any) -> Any:
        import spandrel

        return spandrel.ModelLoader().load_from_state_dict(state_dict).eval()


model_loading = _Models
load_state_dict = _Models.load_state_dict
