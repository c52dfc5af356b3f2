"""`comfy.cli_args`: the options of a command line, which are settings here; each has its plain default."""

from __future__ import annotations

import enum
from typing import Any, ClassVar

args_parsing = False


class LatentPreviewMethod(enum.Enum):
    NoPreviews = "none"
    Auto = "auto"
    Latent2RGB = "latent2rgb"
    TAESD = "taesd"

    @classmethod
    def from_string(cls, value: str) -> LatentPreviewMethod | None:
        return next((one for one in cls if one.value == value), None)


class PerformanceFeature(enum.Enum):
    Fp16Accumulation = "fp16_accumulation"
    Fp8MatrixMultiplication = "fp8_matrix_mult"
    CublasOps = "cublas_ops"


class Arguments:
    """Every option that was never given."""

    listen = "127.0.0.1"
    port = 8188
    preview_method = LatentPreviewMethod.Auto
    default_device = None
    cuda_device = None
    extra_model_paths_config = None
    front_end_version = ""
    verbose = "INFO"
    fast: ClassVar[set[PerformanceFeature]] = set()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.endswith(("_directory", "_path", "_root", "_config")):
            return None
        return False


args = Arguments()
parser = None


def enable_args_parsing(enable: bool = True) -> None:
    """Nothing is parsed here."""
