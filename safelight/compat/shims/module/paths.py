"""`folder_paths`: where models, inputs and outputs are."""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

from safelight.compat.shims.host import HOST
from safelight.core.error import BadInput
from safelight.core.folder import PICTURES, PLAIN_KINDS

supported_pt_extensions: set[str] = {".ckpt", ".pt", ".pt2", ".bin", ".pth", ".safetensors", ".pkl", ".sft"}
folder_names_and_paths_legacy = {"unet": "diffusion_models", "clip": "text_encoders"}
KNOWN = (
    "checkpoints",
    "configs",
    "loras",
    "vae",
    "text_encoders",
    "diffusion_models",
    "clip_vision",
    "style_models",
    "embeddings",
    "diffusers",
    "vae_approx",
    "controlnet",
    "gligen",
    "upscale_models",
    "latent_upscale_models",
    "custom_nodes",
    "hypernetworks",
    "photomaker",
    "classifiers",
    "model_patches",
    "audio_encoders",
)
extension_mimetypes_cache = {"webp": "image", "fbx": "model"}


def map_legacy(folder_name: str) -> str:
    return folder_names_and_paths_legacy.get(folder_name, folder_name)


class Places(MutableMapping[str, tuple[list[str], set[str]]]):
    """Kinds of models with their folders and extensions; packs add their own."""

    def __init__(self) -> None:
        self.own: dict[str, tuple[list[str], set[str]]] = {}

    def __getitem__(self, kind: str) -> tuple[list[str], set[str]]:
        kind = map_legacy(kind)
        if kind not in self.own:
            self.own[kind] = (
                self._folders(kind),
                set() if kind == "custom_nodes" else supported_pt_extensions,
            )
        return self.own[kind]

    def _folders(self, kind: str) -> list[str]:
        if kind == "custom_nodes":
            return [str(root) for root in HOST.folders.packs]
        return [str(root) for root in HOST.folders.roots(kind)]

    def __setitem__(self, kind: str, value: Any) -> None:
        folders, extensions = value
        self.own[map_legacy(kind)] = (list(folders), extensions)
        _adopt(map_legacy(kind), folders)

    def __delitem__(self, kind: str) -> None:
        del self.own[map_legacy(kind)]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*KNOWN, *self.own)))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __contains__(self, kind: object) -> bool:
        return isinstance(kind, str) and (map_legacy(kind) in KNOWN or map_legacy(kind) in self.own)

    def copy(self) -> dict[str, tuple[list[str], set[str]]]:
        return dict(self)


def _adopt(kind: str, folders: Any) -> None:
    """Have our own nodes look in a pack's folders, too."""
    known = HOST.folders.roots(kind)
    new = [Path(folder) for folder in folders if Path(folder) not in known]
    if new:
        HOST.folders.extra[kind] = (*HOST.folders.extra.get(kind, ()), *new)


folder_names_and_paths = Places()


def add_model_folder_path(folder_name: str, full_folder_path: str, is_default: bool = False) -> None:
    kind = map_legacy(folder_name)
    if kind in folder_names_and_paths:
        folders = folder_names_and_paths[kind][0]
        if full_folder_path in folders:
            folders.remove(full_folder_path)
        folders.insert(0 if is_default else len(folders), full_folder_path)
    else:
        folder_names_and_paths.own[kind] = ([full_folder_path], set())
    _adopt(kind, [full_folder_path])


def get_folder_paths(folder_name: str) -> list[str]:
    return folder_names_and_paths[folder_name][0][:]


def get_filename_list(folder_name: str) -> list[str]:
    folders, extensions = folder_names_and_paths[folder_name]
    names: dict[str, None] = dict.fromkeys(HOST.folders.builtin.get(map_legacy(folder_name), ()))
    for folder in folders:
        names.update(dict.fromkeys(filter_files_extensions(recursive_search(folder)[0], extensions)))
    return sorted(names)


def get_filename_list_(folder_name: str) -> tuple[list[str], dict[str, float], float]:
    return get_filename_list(folder_name), {}, 0.0


def cached_filename_list_(folder_name: str) -> None:
    return None


def recursive_search(
    directory: str, excluded_dir_names: list[str] | None = None
) -> tuple[list[str], dict[str, float]]:
    found: list[str] = []
    times: dict[str, float] = {}
    if not os.path.isdir(directory):
        return found, times
    for folder, inner, files in os.walk(directory, followlinks=True):
        inner[:] = sorted(one for one in inner if one not in (excluded_dir_names or ()))
        times[folder] = os.path.getmtime(folder)
        found += [os.path.relpath(os.path.join(folder, file), directory) for file in sorted(files)]
    return found, times


def filter_files_extensions(files: Any, extensions: Any) -> list[str]:
    return sorted(one for one in files if not extensions or os.path.splitext(one)[1].lower() in extensions)


def filter_files_content_types(files: list[str], content_types: list[str]) -> list[str]:
    import mimetypes

    def kind(file: str) -> str:
        return (mimetypes.guess_type(file)[0] or "").partition("/")[0]

    return [file for file in files if kind(file) in content_types]


def get_full_path(folder_name: str, filename: str) -> str | None:
    kind = map_legacy(folder_name)
    shipped = HOST.folders.builtin.get(kind, {}).get(filename)
    if shipped is not None:
        return str(shipped)
    if kind not in folder_names_and_paths or not isinstance(filename, str):
        return None
    name = os.path.relpath(os.path.join("/", filename.replace("\\", "/")), "/")
    for folder in folder_names_and_paths[kind][0]:
        path = os.path.join(folder, name)
        if os.path.isfile(path) or os.path.isdir(path):
            return path
    return None


def get_full_path_or_raise(folder_name: str, filename: str) -> str:
    path = get_full_path(folder_name, filename)
    if path is None:
        raise FileNotFoundError(f"Model in folder '{folder_name}' with filename '{filename}' not found.")
    return path


def get_output_directory() -> str:
    return _made(HOST.folders.output)


def get_temp_directory() -> str:
    return _made(HOST.folders.root("temp"))


def get_input_directory() -> str:
    return _made(HOST.folders.root("input"))


def get_user_directory() -> str:
    return _made(HOST.folders.data / "user")


def get_system_user_directory(name: str = "system") -> str:
    return _made(HOST.folders.data / "user" / f"__{name}")


def get_public_user_directory(user_id: str) -> str | None:
    return None if user_id.startswith("__") else _made(HOST.folders.data / "user" / user_id)


def _made(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def set_output_directory(output_dir: str) -> None:
    HOST.folders.output = Path(output_dir).absolute()


def get_directory_by_type(type_name: str) -> str | None:
    return {"output": get_output_directory, "temp": get_temp_directory, "input": get_input_directory}.get(
        type_name, lambda: None
    )()


def get_directory(type_name: str) -> str | None:
    return get_directory_by_type(type_name)


def get_input_subfolders() -> list[str]:
    root = get_input_directory()
    return sorted(
        os.path.relpath(os.path.join(folder, one), root)
        for folder, inner, _ in os.walk(root)
        for one in inner
    )


def annotated_filepath(name: str) -> tuple[str, str | None]:
    for kind in PLAIN_KINDS:
        if name.endswith(f"[{kind}]"):
            return name[: -len(kind) - 2].rstrip(), get_directory_by_type(kind)
    return name, None


def get_annotated_filepath(name: str, default_dir: str | None = None) -> str:
    name, folder = annotated_filepath(name)
    return os.path.join(folder or default_dir or get_input_directory(), name)


def exists_annotated_filepath(name: str) -> bool:
    return os.path.exists(get_annotated_filepath(name))


def get_save_image_path(
    filename_prefix: str, output_dir: str, image_width: int = 0, image_height: int = 0
) -> tuple[str, str, int, str, str]:
    from safelight.core import folder as places

    tokens = {"width": image_width, "height": image_height}
    prefix = places._expand(filename_prefix, tokens)  # noqa: SLF001 - one way of filling in prefixes
    subfolder, name = os.path.dirname(os.path.normpath(prefix)), os.path.basename(os.path.normpath(prefix))
    full = os.path.join(output_dir, subfolder)
    if os.path.commonpath((output_dir, os.path.abspath(full))) != os.path.abspath(output_dir):
        raise BadInput(
            problem=f"'{filename_prefix}' leads out of {output_dir}",
            remedy="Use a prefix below the output folder.",
        )
    os.makedirs(full, exist_ok=True)
    return full, name, places._last_number(Path(full), name) + 1, subfolder, filename_prefix  # noqa: SLF001


def is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in PICTURES


def __getattr__(name: str) -> Any:
    """Folders as attributes; they may move, so they are asked for each time."""
    match name:
        case "models_dir":
            return str(HOST.folders.data / "models")
        case "base_path":
            return str(HOST.folders.data)
        case "output_directory":
            return get_output_directory()
        case "temp_directory":
            return get_temp_directory()
        case "input_directory":
            return get_input_directory()
        case "user_directory":
            return get_user_directory()
        case "filename_list_cache":
            return {}
        case "cache_helper":
            return _Cache()
    raise AttributeError(name)


class _Cache:
    """Listings are made anew each time here, so there is nothing to keep."""

    def __enter__(self) -> _Cache:
        return self

    def __exit__(self, *raised: object) -> None:
        return None

    def clear(self) -> None:
        return None


class CacheHelper(_Cache):
    """The same under its class's name."""
