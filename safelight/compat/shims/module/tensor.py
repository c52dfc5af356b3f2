"""`comfy.utils`: progress bars, resizing, tiles, and reading weights."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.call import current

PROGRESS_BAR_ENABLED = True
PROGRESS_BAR_HOOK: Any = None
MMAP_TORCH_FILES = False
DISABLE_MMAP = False


def set_progress_bar_enabled(enabled: bool) -> None:
    global PROGRESS_BAR_ENABLED  # noqa: PLW0603
    PROGRESS_BAR_ENABLED = enabled


def set_progress_bar_global_hook(function: Any) -> None:
    global PROGRESS_BAR_HOOK  # noqa: PLW0603
    PROGRESS_BAR_HOOK = function


class ProgressBar:
    """Tells the engine how far a body is; a cancelled job stops here."""

    def __init__(self, total: int, node_id: Any = None) -> None:
        self.total = total
        self.current = 0
        self.hook = PROGRESS_BAR_HOOK
        self.node_id = node_id

    def update_absolute(self, value: int, total: int | None = None, preview: Any = None) -> None:
        if total is not None:
            self.total = total
        self.current = min(value, self.total)
        if self.hook is not None:
            self.hook(self.current, self.total, preview)
        call = current()
        if call is not None:
            picture = preview[1] if isinstance(preview, tuple) and len(preview) > 1 else preview
            call.context.progress(int(self.current), int(self.total), picture)

    def update(self, value: int) -> None:
        self.update_absolute(self.current + value)


def model_trange(*given: Any, **named: Any) -> Any:
    from tqdm.auto import trange

    return trange(*given, **named)


def common_upscale(samples: Tensor, width: int, height: int, upscale_method: str, crop: str) -> Tensor:
    shape = samples.shape
    if samples.ndim > 4:
        frames = samples.movedim(2, 1).reshape(-1, shape[1], *shape[-2:])
        out = common_upscale(frames, width, height, upscale_method, crop)
        return out.reshape(shape[0], -1, shape[1], *out.shape[-2:]).movedim(1, 2)
    from safelight.diffusion import resize

    if upscale_method in ("bislerp", "lanczos", "nearest-exact", "bilinear", "area", "bicubic"):
        return resize.resize(samples, int(width), int(height), upscale_method, crop)
    if crop == "center":
        samples = _centred(samples, width / height)
    return torch.nn.functional.interpolate(samples, size=(height, width), mode=upscale_method)


def _centred(samples: Tensor, aspect: float) -> Tensor:
    rows, columns = samples.shape[-2:]
    x = round((columns - rows * aspect) / 2) if columns / rows > aspect else 0
    y = round((rows - columns / aspect) / 2) if columns / rows < aspect else 0
    return samples[..., y : rows - y, x : columns - x]


def bislerp(samples: Tensor, width: int, height: int) -> Tensor:
    return common_upscale(samples, width, height, "bislerp", "disabled")


def lanczos(samples: Tensor, width: int, height: int) -> Tensor:
    return common_upscale(samples, width, height, "lanczos", "disabled")


def repeat_to_batch_size(tensor: Tensor, batch_size: int, dim: int = 0) -> Tensor:
    have = tensor.shape[dim]
    if have > batch_size:
        return tensor.narrow(dim, 0, batch_size)
    if have < batch_size:
        times = [1] * tensor.ndim
        times[dim] = math.ceil(batch_size / have)
        return tensor.repeat(times).narrow(dim, 0, batch_size)
    return tensor


def resize_to_batch_size(tensor: Tensor, batch_size: int) -> Tensor:
    """Spread over a batch: neighbours are repeated, or some left out, evenly."""
    have = tensor.shape[0]
    if have == batch_size:
        return tensor
    if batch_size <= 1:
        return tensor[:batch_size]
    places = [min(have - 1, round(i * (have - 1) / (batch_size - 1))) for i in range(batch_size)]
    if have < batch_size:
        places = [min(have - 1, int((i + 0.5) * have / batch_size)) for i in range(batch_size)]
    return tensor[places]


def resize_list_to_batch_size(items: list[Any], batch_size: int) -> list[Any]:
    places = resize_to_batch_size(torch.arange(len(items)), batch_size)
    return [items[int(place)] for place in places]


def reshape_mask(input_mask: Tensor, output_shape: Any) -> Tensor:
    dims = len(output_shape) - 2
    mode = {1: "linear", 2: "bilinear", 3: "trilinear"}[dims]
    mask = input_mask.reshape((-1, 1, *input_mask.shape[-2:]))
    if dims == 3 and input_mask.ndim < 5:
        mask = mask.reshape((1, 1, -1, *mask.shape[-2:]))
    mask = torch.nn.functional.interpolate(mask, size=output_shape[2:], mode=mode)
    if mask.shape[1] < output_shape[1]:
        mask = mask.repeat((1, output_shape[1], *(1,) * dims))[:, : output_shape[1]]
    return repeat_to_batch_size(mask, output_shape[0])


def get_tiled_scale_steps(width: int, height: int, tile_x: int, tile_y: int, overlap: int) -> int:
    rows = 1 if height <= tile_y else math.ceil((height - overlap) / (tile_y - overlap))
    columns = 1 if width <= tile_x else math.ceil((width - overlap) / (tile_x - overlap))
    return rows * columns


def tiled_scale(
    samples: Tensor,
    function: Callable[[Tensor], Tensor],
    tile_x: int = 64,
    tile_y: int = 64,
    overlap: int = 8,
    upscale_amount: float = 4,
    out_channels: int = 3,
    output_device: Any = "cpu",
    pbar: Any = None,
) -> Tensor:
    return tiled_scale_multidim(
        samples, function, (tile_y, tile_x), overlap, upscale_amount, out_channels, output_device, pbar=pbar
    )


@torch.no_grad()
def tiled_scale_multidim(
    samples: Tensor,
    function: Callable[[Tensor], Tensor],
    tile: Any = (64, 64),
    overlap: Any = 8,
    upscale_amount: Any = 4,
    out_channels: int = 3,
    output_device: Any = "cpu",
    downscale: bool = False,
    index_formulas: Any = None,
    pbar: Any = None,
) -> Tensor:
    """Tiles that overlap, each faded in at its edges, averaged where they meet."""
    dims = len(tile)
    overlaps = overlap if isinstance(overlap, (list, tuple)) else [overlap] * dims
    scales = upscale_amount if isinstance(upscale_amount, (list, tuple)) else [upscale_amount] * dims

    def out(axis: int, length: float) -> int:
        scale = scales[axis]
        if callable(scale):
            return int(scale(length))
        return round(length / scale) if downscale else round(length * scale)

    results = []
    for sample in samples.split(1):
        whole = sample.shape[2:]
        total = torch.zeros(
            (1, out_channels, *(out(axis, n) for axis, n in enumerate(whole))), device=output_device
        )
        weight = torch.zeros_like(total[:, :1])
        starts = [_starts(n, tile[axis], overlaps[axis]) for axis, n in enumerate(whole)]
        for corner in itertools.product(*starts):
            part = sample
            for axis, start in enumerate(corner):
                part = part.narrow(axis + 2, start, min(tile[axis], whole[axis]))
            made = function(part).to(output_device)
            fade = torch.ones_like(made[:, :1])
            for axis in range(dims):
                fade *= _ramp(made.shape[axis + 2], out(axis, overlaps[axis]), axis, dims).to(fade)
            edges = [(out(axis, start), made.shape[axis + 2]) for axis, start in enumerate(corner)]
            place = (slice(None), slice(None), *(slice(at, at + length) for at, length in edges))
            total[place] += made * fade
            weight[place] += fade
            if pbar is not None:
                pbar.update(1)
        results.append(total / weight)
    return torch.cat(results)


def _starts(length: int, tile: int, overlap: int) -> list[int]:
    if length <= tile:
        return [0]
    return [max(0, min(start, length - tile)) for start in range(0, length - overlap, tile - overlap)]


def _ramp(length: int, rise: int, axis: int, dims: int) -> Tensor:
    rise = min(rise, length // 2)
    ramp = torch.ones(length)
    if rise > 0:
        slope = torch.arange(1, rise + 1) / rise
        ramp[:rise] *= slope
        ramp[length - rise :] *= slope.flip(0)
    return ramp.reshape((1, 1, *(length if one == axis else 1 for one in range(dims))))


def load_torch_file(
    ckpt: Any, safe_load: bool = False, device: Any = None, return_metadata: bool = False
) -> Any:
    """A file's tensors: safetensors, or a pickle read with weights only."""
    path, device = Path(ckpt), device or "cpu"
    metadata = None
    if path.suffix.lower() in (".safetensors", ".sft"):
        from safetensors import safe_open

        with safe_open(str(path), framework="pt", device=str(device)) as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
            metadata = file.metadata()
    else:
        tensors = torch.load(path, map_location=device, weights_only=True)
        tensors = tensors.get("state_dict", tensors) if isinstance(tensors, dict) else tensors
    tensors = Read(tensors)
    tensors.safelight_path = path
    return (tensors, metadata) if return_metadata else tensors


class Read(dict[str, Any]):
    """Tensors that know the file that they were read from."""

    safelight_path: Path | None = None


def save_torch_file(sd: dict[str, Tensor], ckpt: Any, metadata: Any = None) -> None:
    from safetensors.torch import save_file

    save_file({name: tensor.contiguous() for name, tensor in sd.items()}, str(ckpt), metadata=metadata)


def calculate_parameters(sd: dict[str, Tensor], prefix: str = "") -> int:
    return sum(tensor.nelement() for name, tensor in sd.items() if name.startswith(prefix))


def weight_dtype(sd: dict[str, Tensor], prefix: str = "") -> Any:
    counts: dict[Any, int] = {}
    for name, tensor in sd.items():
        if name.startswith(prefix):
            counts[tensor.dtype] = counts.get(tensor.dtype, 0) + tensor.numel()
    return max(counts, key=lambda one: counts[one]) if counts else None


def state_dict_key_replace(state_dict: dict[str, Any], keys_to_replace: dict[str, str]) -> dict[str, Any]:
    for old, new in keys_to_replace.items():
        if old in state_dict:
            state_dict[new] = state_dict.pop(old)
    return state_dict


def state_dict_prefix_replace(
    state_dict: dict[str, Any], replace_prefix: dict[str, str], filter_keys: bool = False
) -> dict[str, Any]:
    out: dict[str, Any] = {} if filter_keys else state_dict
    for old, new in replace_prefix.items():
        for name in [one for one in state_dict if one.startswith(old)]:
            out[new + name[len(old) :]] = state_dict.pop(name)
    return out


def convert_sd_to(state_dict: dict[str, Tensor], dtype: Any) -> dict[str, Tensor]:
    return {name: tensor.to(dtype) for name, tensor in state_dict.items()}


def safetensors_header(safetensors_path: str, max_size: int = 100 * 1024 * 1024) -> bytes | None:
    with open(safetensors_path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        return file.read(size) if size <= max_size else None


def get_attr(obj: Any, attr: str) -> Any:
    for name in attr.split("."):
        obj = getattr(obj, name)
    return obj


def set_attr(obj: Any, attr: str, value: Any) -> Any:
    *path, last = attr.split(".")
    for name in path:
        obj = getattr(obj, name)
    old = getattr(obj, last)
    setattr(obj, last, value)
    return old


def set_attr_param(obj: Any, attr: str, value: Any) -> Any:
    return set_attr(obj, attr, torch.nn.Parameter(value, requires_grad=False))


def copy_to_param(obj: Any, attr: str, value: Any) -> None:
    get_attr(obj, attr).data.copy_(value)


def pack_latents(latents: list[Tensor]) -> tuple[Tensor, list[Any]]:
    shapes = [one.shape for one in latents]
    return torch.cat([one.reshape(one.shape[0], 1, -1) for one in latents], dim=-1), shapes


def unpack_latents(combined: Tensor, shapes: list[Any]) -> list[Tensor]:
    sizes = [math.prod(shape[1:]) for shape in shapes]
    return [part.reshape(shape) for part, shape in zip(combined.split(sizes, -1), shapes, strict=True)]


def string_to_seed(data: Any) -> int:
    import zlib

    return zlib.crc32(data if isinstance(data, bytes) else str(data).encode()) & 0xFFFFFFFF


@contextmanager
def no_progress() -> Iterator[None]:
    yield


def detect_layer_quantization(*given: Any, **named: Any) -> None:
    return None
