"""`comfy.model_management`: devices, types and memory, all as the run's plan and residency have them."""

from __future__ import annotations

import enum
import sys
from typing import Any

import torch

from safelight.compat.shims.call import current
from safelight.compat.shims.host import HOST
from safelight.core.error import Cancelled


class InterruptProcessingException(Cancelled):
    """Raised to stop a run; the engine takes it for the cancelling that it is."""


class VRAMState(enum.Enum):
    DISABLED = 0
    NO_VRAM = 1
    LOW_VRAM = 2
    NORMAL_VRAM = 3
    HIGH_VRAM = 4
    SHARED = 5


class CPUState(enum.Enum):
    GPU = 0
    CPU = 1
    MPS = 2


OOM_EXCEPTION = getattr(torch.cuda, "OutOfMemoryError", MemoryError)
vram_state = VRAMState.NORMAL_VRAM
set_vram_to = VRAMState.NORMAL_VRAM
XFORMERS_IS_AVAILABLE = False
XFORMERS_ENABLED_VAE = False
ENABLE_PYTORCH_ATTENTION = True
directml_enabled = False
xpu_available = False
lowvram_available = True
FLOAT8_TYPES = [getattr(torch, name) for name in ("float8_e4m3fn", "float8_e5m2") if hasattr(torch, name)]
EXTRA_RESERVED_VRAM = 0
current_loaded_models: list[Any] = []
_stop = False


def get_torch_device() -> torch.device:
    plan = getattr(current() and current().context, "plan", None) or HOST.plan
    if plan is not None:
        return torch.device(plan.device)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def cpu() -> torch.device:
    return torch.device("cpu")


intermediate_device = cpu
unet_offload_device = text_encoder_offload_device = vae_offload_device = controlnet_offload_device = cpu
unet_device = vae_device = text_encoder_device = get_torch_device


def unet_inital_load_device(parameters: int = 0, dtype: Any = None) -> torch.device:
    return cpu()


def text_encoder_initial_device(load_device: Any, offload_device: Any, model_size: int = 0) -> Any:
    return offload_device


def _cpu_state() -> CPUState:
    return {"cpu": CPUState.CPU, "mps": CPUState.MPS}.get(get_torch_device().type, CPUState.GPU)


cpu_state = CPUState.CPU if not torch.cuda.is_available() else CPUState.GPU


def get_torch_device_name(device: Any) -> str:
    device = torch.device(device)
    if device.type == "cuda":
        return f"{device} {torch.cuda.get_device_name(device)}"
    return device.type


def get_autocast_device(dev: Any) -> str:
    return getattr(dev, "type", "cuda")


def is_device_type(device: Any, kind: str) -> bool:
    return getattr(device, "type", None) == kind


def is_device_cpu(device: Any) -> bool:
    return is_device_type(device, "cpu")


def is_device_mps(device: Any) -> bool:
    return is_device_type(device, "mps")


def is_device_cuda(device: Any) -> bool:
    return is_device_type(device, "cuda")


def is_device_xpu(device: Any) -> bool:
    return is_device_type(device, "xpu")


def cpu_mode() -> bool:
    return get_torch_device().type == "cpu"


def mps_mode() -> bool:
    return get_torch_device().type == "mps"


def is_nvidia() -> bool:
    return torch.cuda.is_available() and bool(torch.version.cuda)


def is_intel_xpu() -> bool:
    return False


is_amd = is_directml_enabled = is_ascend_npu = is_mlu = is_intel_xpu


def unet_dtype(
    device: Any = None, model_params: int = 0, supported_dtypes: Any = (), weight_dtype: Any = None
) -> Any:
    plan = getattr(current() and current().context, "plan", None) or HOST.plan
    return torch.bfloat16 if getattr(plan, "dtype", "fp32") == "bf16" else torch.float32


def unet_manual_cast(weight_dtype: Any, inference_device: Any = None, supported_dtypes: Any = ()) -> Any:
    return None


def vae_dtype(device: Any = None, allowed_dtypes: Any = ()) -> torch.dtype:
    return torch.float32


def intermediate_dtype() -> torch.dtype:
    return torch.float32


def text_encoder_dtype(device: Any = None) -> torch.dtype:
    return torch.float32


def should_use_fp16(
    device: Any = None, model_params: int = 0, prioritize_performance: bool = True, manual_cast: bool = False
) -> bool:
    return is_device_cuda(device or get_torch_device())


def should_use_bf16(
    device: Any = None, model_params: int = 0, prioritize_performance: bool = True, manual_cast: bool = False
) -> bool:
    return is_device_cuda(device or get_torch_device())


def supports_dtype(device: Any, dtype: Any) -> bool:
    return dtype in (torch.float32, torch.float16, torch.bfloat16)


def supports_cast(device: Any, dtype: Any) -> bool:
    return True


def supports_fp8_compute(device: Any = None) -> bool:
    return False


def device_supports_non_blocking(device: Any) -> bool:
    return is_device_cuda(device)


def device_should_use_non_blocking(device: Any) -> bool:
    return False


def pytorch_attention_enabled() -> bool:
    return True


def pytorch_attention_flash_attention() -> bool:
    return is_nvidia()


def xformers_enabled() -> bool:
    return False


xformers_enabled_vae = sage_attention_enabled = flash_attention_enabled = force_channels_last = (
    xformers_enabled
)


def force_upcast_attention_dtype() -> Any:
    return None


def pick_weight_dtype(dtype: Any, fallback_dtype: Any, device: Any = None) -> Any:
    return dtype or fallback_dtype


def dtype_size(dtype: torch.dtype) -> int:
    return torch.empty((), dtype=dtype).element_size()


def cast_to(
    weight: Any,
    dtype: Any = None,
    device: Any = None,
    non_blocking: bool = False,
    copy: bool = False,
    **more: Any,
) -> Any:
    return weight.to(device=device or weight.device, dtype=dtype or weight.dtype, copy=copy)


def cast_to_device(tensor: Any, device: Any, dtype: Any, copy: bool = False) -> Any:
    return tensor.to(device=device, dtype=dtype, copy=copy)


def get_total_memory(dev: Any = None, torch_total_too: bool = False) -> Any:
    from safelight.diffusion import device as devices

    total = devices.total_memory(str(dev or get_torch_device()))
    return (total, total) if torch_total_too else total


def get_free_memory(dev: Any = None, torch_free_too: bool = False) -> Any:
    device = torch.device(dev or get_torch_device())
    free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else _free_here()
    return (free, free) if torch_free_too else free


def _free_here() -> int:
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return int(get_total_memory("cpu") // 2)


total_vram = 0
total_ram = 0


def maximum_vram_for_weights(device: Any = None) -> float:
    return get_total_memory(device) * 0.75


def minimum_inference_memory() -> int:
    return 2**30


def extra_reserved_memory() -> int:
    return 0


def module_size(module: Any) -> int:
    return sum(one.nelement() * one.element_size() for one in module.state_dict().values())


def free_memory(memory_required: Any, device: Any, keep_loaded: Any = (), **more: Any) -> list[Any]:
    if get_free_memory(device) < memory_required:
        unload_all_models()
    return []


def soft_empty_cache(force: bool = False) -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def unload_all_models() -> None:
    from safelight.diffusion import residency

    residency.release()
    for model in list(current_loaded_models):
        _put_away(model)
    current_loaded_models.clear()
    soft_empty_cache()


def cleanup_models(*given: Any, **named: Any) -> None:
    """Idle models leave by themselves here."""


cleanup_models_gc = unload_model_clones = cleanup_models


def loaded_models(only_currently_used: bool = False) -> list[Any]:
    return list(current_loaded_models)


def load_models_gpu(
    models: Any, memory_required: float = 0, force_patch_weights: bool = False, **more: Any
) -> None:
    """Bring a pack's own containers to their device. Handles of ours need none of it: they load when used."""
    for model in models:
        inner, device = getattr(model, "model", None), getattr(model, "load_device", None)
        if isinstance(inner, torch.nn.Module) and device is not None:
            inner.to(device)
            if model not in current_loaded_models:
                current_loaded_models.append(model)


def load_model_gpu(model: Any) -> None:
    load_models_gpu([model])


def _put_away(model: Any) -> None:
    inner, device = getattr(model, "model", None), getattr(model, "offload_device", None)
    if isinstance(inner, torch.nn.Module) and device is not None:
        inner.to(device)


def interrupt_current_processing(value: bool = True) -> None:
    global _stop  # noqa: PLW0603 - that is what this interface is
    _stop = value


def processing_interrupted() -> bool:
    call = current()
    if _stop:
        return True
    try:
        if call is not None:
            call.context.check()
    except Cancelled:
        return True
    return False


def throw_exception_if_processing_interrupted() -> None:
    global _stop  # noqa: PLW0603
    if processing_interrupted():
        _stop = False
        raise InterruptProcessingException


def is_oom(error: BaseException) -> bool:
    return isinstance(error, (OOM_EXCEPTION, MemoryError))


def raise_non_oom(error: BaseException) -> None:
    """Raise what is no lack of memory."""
    if not is_oom(error):
        raise error


def debug_memory_summary() -> str:
    return ""


def synchronize(*given: Any) -> None:
    """Nothing is queued ahead of what was asked for."""


python_version = sys.version
