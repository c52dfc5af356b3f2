"""`comfy.patcher_extension`: functions that packs put around parts of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class CallbacksMP:
    ON_CLONE = "on_clone"
    ON_LOAD = "on_load_after"
    ON_DETACH = "on_detach_after"
    ON_CLEANUP = "on_cleanup"
    ON_PRE_RUN = "on_pre_run"
    ON_PREPARE_STATE = "on_prepare_state"
    ON_APPLY_HOOKS = "on_apply_hooks"
    ON_REGISTER_ALL_HOOK_PATCHES = "on_register_all_hook_patches"
    ON_INJECT_MODEL = "on_inject_model"
    ON_EJECT_MODEL = "on_eject_model"

    @classmethod
    def init_callbacks(cls) -> dict[str, dict[Any, list[Any]]]:
        return {}


class WrappersMP:
    OUTER_SAMPLE = "outer_sample"
    PREPARE_SAMPLING = "prepare_sampling"
    SAMPLER_SAMPLE = "sampler_sample"
    PREDICT_NOISE = "predict_noise"
    CALC_COND_BATCH = "calc_cond_batch"
    APPLY_MODEL = "apply_model"
    DIFFUSION_MODEL = "diffusion_model"

    @classmethod
    def init_wrappers(cls) -> dict[str, dict[Any, list[Any]]]:
        return {}


Lists = dict[str, dict[Any, list[Any]]]


def _options(source: dict[str, Any], is_model_options: bool) -> dict[str, Any]:
    return source.setdefault("transformer_options", {}) if is_model_options else source


def _add(kind: str, call_type: str, key: Any, one: Any, source: dict[str, Any], inner: bool) -> None:
    _options(source, inner).setdefault(kind, {}).setdefault(call_type, {}).setdefault(key, []).append(one)


def _all(kind: str, call_type: str, source: dict[str, Any], inner: bool) -> list[Any]:
    options = source.get("transformer_options", {}) if inner else source
    return [one for ones in options.get(kind, {}).get(call_type, {}).values() for one in ones]


def add_wrapper(
    wrapper_type: str, wrapper: Any, transformer_options: Any, is_model_options: bool = False
) -> None:
    _add("wrappers", wrapper_type, None, wrapper, transformer_options, is_model_options)


def add_wrapper_with_key(
    wrapper_type: str, key: Any, wrapper: Any, transformer_options: Any, is_model_options: bool = False
) -> None:
    _add("wrappers", wrapper_type, key, wrapper, transformer_options, is_model_options)


def get_all_wrappers(
    wrapper_type: str, transformer_options: Any, is_model_options: bool = False
) -> list[Any]:
    return _all("wrappers", wrapper_type, transformer_options, is_model_options)


def get_wrappers_with_key(
    wrapper_type: str, key: Any, transformer_options: Any, is_model_options: bool = False
) -> list[Any]:
    options = transformer_options.get("transformer_options", {}) if is_model_options else transformer_options
    return list(options.get("wrappers", {}).get(wrapper_type, {}).get(key, []))


def add_callback(
    call_type: str, callback: Any, transformer_options: Any, is_model_options: bool = False
) -> None:
    _add("callbacks", call_type, None, callback, transformer_options, is_model_options)


def add_callback_with_key(
    call_type: str, key: Any, callback: Any, transformer_options: Any, is_model_options: bool = False
) -> None:
    _add("callbacks", call_type, key, callback, transformer_options, is_model_options)


def get_all_callbacks(call_type: str, transformer_options: Any, is_model_options: bool = False) -> list[Any]:
    return _all("callbacks", call_type, transformer_options, is_model_options)


class WrapperExecutor:
    """Calls a function through those that were put around it, the first outermost."""

    def __init__(self, original: Callable[..., Any], class_obj: Any, wrappers: list[Any], idx: int) -> None:
        self.original = original
        self.class_obj = class_obj
        self.wrappers = wrappers
        self.idx = idx
        self.is_last = idx == len(wrappers)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        inner = WrapperExecutor(self.original, self.class_obj, self.wrappers, self.idx + 1)
        return inner.execute(*args, **kwargs)

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        if self.is_last:
            return self.original(*args, **kwargs)
        return self.wrappers[self.idx](self, *args, **kwargs)

    @classmethod
    def new_executor(cls, original: Any, wrappers: list[Any], idx: int = 0) -> WrapperExecutor:
        return cls(original, None, wrappers, idx)

    @classmethod
    def new_class_executor(
        cls, original: Any, class_obj: Any, wrappers: list[Any], idx: int = 0
    ) -> WrapperExecutor:
        return cls(original, class_obj, wrappers, idx)


class PatcherInjection:
    def __init__(self, inject: Any, eject: Any) -> None:
        self.inject = inject
        self.eject = eject


def copy_nested_dicts(input_dict: dict[Any, Any]) -> dict[Any, Any]:
    return {
        name: copy_nested_dicts(value)
        if isinstance(value, dict)
        else list(value)
        if isinstance(value, list)
        else value
        for name, value in input_dict.items()
    }


def merge_nested_dicts(
    dict1: dict[Any, Any], dict2: dict[Any, Any], copy_dict1: bool = True
) -> dict[Any, Any]:
    merged = copy_nested_dicts(dict1) if copy_dict1 else dict1
    for name, value in dict2.items():
        if isinstance(value, dict):
            merged[name] = merge_nested_dicts(merged.get(name, {}), value)
        elif isinstance(value, list):
            merged[name] = [*merged.get(name, []), *value]
        else:
            merged[name] = value
    return merged
