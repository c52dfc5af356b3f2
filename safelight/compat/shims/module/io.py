"""`comfy_api.latest.io`: schema nodes, and a class with `Input` and `Output` for each type of socket."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

from safelight.compat.shims.absent import absent


class FolderType(str, enum.Enum):
    input = "input"
    output = "output"
    temp = "temp"

    def __str__(self) -> str:
        return self.value


class UploadType(str, enum.Enum):
    image = "image_upload"
    audio = "audio_upload"
    video = "video_upload"
    model = "file_upload"

    def __str__(self) -> str:
        return self.value


class NumberDisplay(str, enum.Enum):
    number = "number"
    slider = "slider"
    color = "color"
    gradient_slider = "gradientslider"


class ControlAfterGenerate(str, enum.Enum):
    fixed = "fixed"
    increment = "increment"
    decrement = "decrement"
    randomize = "randomize"


class RemoteOptions:
    def __init__(self, route: str = "", refresh_button: bool = True, **more: Any) -> None:
        self.route = route


class Hidden(str, enum.Enum):
    unique_id = "UNIQUE_ID"
    prompt = "PROMPT"
    extra_pnginfo = "EXTRA_PNGINFO"
    dynprompt = "DYNPROMPT"
    auth_token_comfy_org = "AUTH_TOKEN_COMFY_ORG"  # noqa: S105 - a name
    api_key_comfy_org = "API_KEY_COMFY_ORG"
    comfy_usage_source = "COMFY_USAGE_SOURCE"


class HiddenHolder(SimpleNamespace):
    """What a node asked to be told; None for the rest."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None

    @classmethod
    def from_dict(cls, values: Any) -> HiddenHolder:
        return cls(**{str(getattr(key, "name", key)): value for key, value in (values or {}).items()})


NOT_OPTIONS = frozenset({"id", "optional", "extra_dict", "options", "template", "types", "display_name"})
SAID = {
    "force_input": "forceInput",
    "raw_link": "rawLink",
    "dynamic_prompts": "dynamicPrompts",
    "display_mode": "display",
    "default_input": "defaultInput",
}


class Input:
    """An input as it was declared: its type, its id and all its options."""

    io_type = "*"
    POSITIONAL: ClassVar[tuple[str, ...]] = ("display_name", "optional", "tooltip", "lazy")

    def __init__(self, id: str, *given: Any, **options: Any) -> None:
        self.id = id
        self.options = {**dict(zip(self.POSITIONAL, given, strict=False)), **options}
        self.optional = bool(self.options.get("optional", False))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "options":
            raise AttributeError(name)
        return self.options.get(name)

    def get_io_type(self) -> str:
        return self.io_type

    def declared(self) -> tuple[Any, dict[str, Any]]:
        """As a class-based node would say it."""
        said = {
            SAID.get(name, name): value.value if isinstance(value, enum.Enum) else value
            for name, value in self.options.items()
            if name not in NOT_OPTIONS and value is not None
        }
        return self.get_io_type(), {**said, **(self.options.get("extra_dict") or {})}

    def as_dict(self) -> dict[str, Any]:
        return self.declared()[1]

    def get_all(self) -> list[Input]:
        return [self]


class WidgetInput(Input):
    POSITIONAL = ("display_name", "optional", "tooltip", "lazy", "default")


class Output:
    """An output slot."""

    io_type = "*"

    def __init__(
        self,
        id: Any = None,
        display_name: Any = None,
        tooltip: Any = None,
        is_output_list: bool = False,
        **more: Any,
    ) -> None:
        self.id = id
        self.display_name = display_name if display_name else id
        self.tooltip = tooltip
        self.is_output_list = is_output_list
        self.more = more

    def get_io_type(self) -> str:
        return self.io_type


class ComfyTypeMeta(type):
    """Gives each type an `Input` and an `Output` of its own, whatever else it has."""

    def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> None:
        super().__init__(name, bases, members)
        cls.io_type = members.get("io_type", getattr(cls, "io_type", "*"))
        base = members.get("Input", getattr(cls, "Input", Input))
        cls.Input = type("Input", (base,), {"io_type": cls.io_type, "Parent": cls})
        out = members.get("Output", getattr(cls, "Output", Output))
        cls.Output = type("Output", (out,), {"io_type": cls.io_type, "Parent": cls})


class ComfyType(metaclass=ComfyTypeMeta):
    io_type = "*"
    Type = Any
    Input: Any
    Output: Any


ComfyTypeI = ComfyTypeIO = ComfyType


def comfytype(io_type: str, **more: Any) -> Callable[[Any], Any]:
    """Makes a class the type of a socket."""

    def decorate(cls: Any) -> Any:
        members = {
            name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")
        }
        bases = cls.__bases__ if issubclass(cls, ComfyType) else (ComfyType,)
        if "Input" in members and not issubclass(members["Input"], Input):
            members["Input"] = type("Input", (members["Input"], Input), {})
        return ComfyTypeMeta(cls.__name__, bases, {**members, "io_type": io_type})

    return decorate


def Custom(io_type: str) -> Any:
    return ComfyTypeMeta(io_type.title().replace("_", "") or "Custom", (ComfyType,), {"io_type": io_type})


def _type(name: str, io_type: str, widget: type[Input] = Input) -> Any:
    return ComfyTypeMeta(
        name, (ComfyType,), {"io_type": io_type, "Input": widget, "__module__": "comfy_api.latest.io"}
    )


class _Number(WidgetInput):
    POSITIONAL = (
        "display_name",
        "optional",
        "tooltip",
        "lazy",
        "default",
        "min",
        "max",
        "step",
    )


class _Text(WidgetInput):
    POSITIONAL = ("display_name", "optional", "tooltip", "lazy", "multiline", "placeholder", "default")


class _Combo(WidgetInput):
    """A choice; its options may be an enumeration."""

    POSITIONAL = ("display_name", "optional", "tooltip", "lazy", "default")

    def __init__(self, id: str, options: Any = None, *given: Any, **more: Any) -> None:
        super().__init__(id, *given, **more)
        if isinstance(options, type) and issubclass(options, enum.Enum):
            options = [one.value for one in options]
        self.listed = [one.value if isinstance(one, enum.Enum) else one for one in options or ()]

    def declared(self) -> tuple[Any, dict[str, Any]]:
        said = super().declared()[1]
        upload = self.options.get("upload")
        if upload is not None:
            said.pop("upload", None)
            said[str(getattr(upload, "value", upload))] = True
        return self.listed, said


class _MultiCombo(_Combo):
    def declared(self) -> tuple[Any, dict[str, Any]]:
        listed, said = super().declared()
        return listed, {**said, "multi_select": True}


Boolean = _type("Boolean", "BOOLEAN", WidgetInput)
Int = _type("Int", "INT", _Number)
Float = _type("Float", "FLOAT", _Number)
String = _type("String", "STRING", _Text)
Combo = _type("Combo", "COMBO", _Combo)
MultiCombo = _type("MultiCombo", "COMBO", _MultiCombo)
AnyType = _type("AnyType", "*")
Color = _type("Color", "COLOR", WidgetInput)
BoundingBox = _type("BoundingBox", "BOUNDING_BOX", WidgetInput)
Curve = _type("Curve", "CURVE", WidgetInput)

PLAIN = {
    "Image": "IMAGE",
    "Mask": "MASK",
    "Latent": "LATENT",
    "Conditioning": "CONDITIONING",
    "Sampler": "SAMPLER",
    "Sigmas": "SIGMAS",
    "Noise": "NOISE",
    "Guider": "GUIDER",
    "Clip": "CLIP",
    "ControlNet": "CONTROL_NET",
    "Vae": "VAE",
    "Model": "MODEL",
    "ClipVision": "CLIP_VISION",
    "ClipVisionOutput": "CLIP_VISION_OUTPUT",
    "AudioEncoder": "AUDIO_ENCODER",
    "AudioEncoderOutput": "AUDIO_ENCODER_OUTPUT",
    "StyleModel": "STYLE_MODEL",
    "Gligen": "GLIGEN",
    "UpscaleModel": "UPSCALE_MODEL",
    "LatentUpscaleModel": "LATENT_UPSCALE_MODEL",
    "Audio": "AUDIO",
    "Video": "VIDEO",
    "SVG": "SVG",
    "LoraModel": "LORA_MODEL",
    "LossMap": "LOSS_MAP",
    "Voxel": "VOXEL",
    "Mesh": "MESH",
    "Hooks": "HOOKS",
    "HookKeyframes": "HOOK_KEYFRAMES",
    "TimestepsRange": "TIMESTEPS_RANGE",
    "LatentOperation": "LATENT_OPERATION",
    "FlowControl": "FLOW_CONTROL",
    "Accumulation": "ACCUMULATION",
    "Load3D": "LOAD_3D",
    "Load3DCamera": "LOAD3D_CAMERA",
    "Load3DAnimation": "LOAD_3D_ANIMATION",
    "Photomaker": "PHOTOMAKER",
    "Point": "POINT",
    "FaceAnalysis": "FACE_ANALYSIS",
    "BBOX": "BBOX",
    "SEGS": "SEGS",
    "WanCameraEmbedding": "WAN_CAMERA_EMBEDDING",
    "Webcam": "WEBCAM",
    "Tracks": "TRACKS",
    "ModelPatch": "MODEL_PATCH",
    "File3DAny": "FILE_3D",
    "Array": "ARRAY",
    "ImageCompare": "IMAGECOMPARE",
}
for _name, _io in PLAIN.items():
    globals()[_name] = _type(_name, _io)


class MultiType(ComfyType):
    """One of several types."""

    class Input(Input):
        def __init__(self, id: Any, types: Sequence[Any] = (), *given: Any, **more: Any) -> None:
            self.override = id if isinstance(id, Input) else None
            super().__init__(id.id if self.override is not None else id, *given, **more)
            if self.override is not None:
                self.options = {**self.override.options, **self.options}
                self.optional = bool(self.options.get("optional"))
            self.types = list(types)

        def get_io_type(self) -> str:
            names = [one if isinstance(one, str) else one.io_type for one in self.types]
            if self.override is not None and self.override.get_io_type() not in names:
                names.insert(0, self.override.get_io_type())
            return ",".join(dict.fromkeys(names))


class MatchType(ComfyType):
    """Inputs and outputs that are of one and the same type, whichever it is."""

    class Template:
        def __init__(self, template_id: str, allowed_types: Any = None) -> None:
            self.template_id = template_id
            several = (
                allowed_types if isinstance(allowed_types, (list, tuple)) else [allowed_types or AnyType]
            )
            self.allowed_types = list(several)

        @property
        def io_type(self) -> str:
            return ",".join(one.io_type for one in self.allowed_types)

    class Input(Input):
        def __init__(self, id: str, template: Any, *given: Any, **more: Any) -> None:
            super().__init__(id, *given, **more)
            self.template = template

        def get_io_type(self) -> str:
            return str(self.template.io_type)

        def declared(self) -> tuple[Any, dict[str, Any]]:
            kind, said = super().declared()
            return kind, {**said, "match": self.template.template_id}

    class Output(Output):
        def __init__(self, template: Any, id: Any = None, *given: Any, **more: Any) -> None:
            super().__init__(id, *given, **more)
            self.template = template

        def get_io_type(self) -> str:
            return str(self.template.io_type)


class Autogrow(ComfyType):
    """Inputs that are added as they are used."""

    class TemplatePrefix:
        def __init__(self, input: Any, prefix: str, min: int = 1, max: int = 10) -> None:
            self.input, self.min = input, min
            self.names = tuple(f"{prefix}{place}" for place in range(max))

    class TemplateNames:
        def __init__(self, input: Any, names: Sequence[str], min: int = 1) -> None:
            self.input, self.names, self.min = input, tuple(names), min

    class Input(Input):
        def __init__(self, id: str, template: Any, *given: Any, **more: Any) -> None:
            super().__init__(id, *given, **more)
            self.template = template


class DynamicCombo(ComfyType):
    """A choice on which other inputs depend."""

    @dataclass
    class Option:
        key: str
        inputs: list[Any]

    class Input(Input):
        def __init__(self, id: str, options: Sequence[Any], *given: Any, **more: Any) -> None:
            super().__init__(id, *given, **more)
            self.choices = list(options)


class DynamicSlot(ComfyType):
    """A socket that brings other inputs with it."""

    class Input(Input):
        def __init__(self, slot: Any, inputs: Sequence[Any] = (), *given: Any, **more: Any) -> None:
            super().__init__(slot.id, *given, **more)
            self.slot, self.inner = slot, list(inputs)

        def get_io_type(self) -> str:
            return str(self.slot.get_io_type())


@dataclass
class Schema:
    """What a node says of itself."""

    node_id: str
    display_name: str | None = None
    category: str = "sd"
    inputs: list[Any] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    hidden: list[Any] = field(default_factory=list)
    description: str = ""
    search_aliases: list[str] = field(default_factory=list)
    is_input_list: bool = False
    is_output_node: bool = False
    is_deprecated: bool = False
    is_experimental: bool = False
    is_dev_only: bool = False
    is_api_node: bool = False
    price_badge: Any = None
    not_idempotent: bool = False
    enable_expand: bool = False
    accept_all_inputs: bool = False
    essentials_category: str | None = None
    has_intermediate_output: bool = False
    main_category: str | None = None

    def validate(self) -> None:
        """It is looked at when it is read."""

    def finalize(self) -> None:
        """It is complete."""


class NodeOutput:
    """What `execute` gives."""

    def __init__(
        self, *args: Any, ui: Any = None, expand: Any = None, block_execution: str | None = None
    ) -> None:
        self.args = args
        self.ui = ui
        self.expand = expand
        self.block_execution = block_execution

    @property
    def result(self) -> Any:
        return self.args if self.args else None

    def __getitem__(self, index: Any) -> Any:
        return self.args[index]

    @classmethod
    def from_dict(cls, data: Any) -> NodeOutput:
        result = data.get("result", ())
        return cls(
            *(result if isinstance(result, (tuple, list)) else (result,)),
            ui=data.get("ui"),
            expand=data.get("expand"),
        )


class ComfyNode:
    """The base of schema nodes; everything is a class method."""

    SCHEMA: Any = None
    hidden: Any = HiddenHolder()
    RELATIVE_PYTHON_MODULE: Any = None

    @classmethod
    def define_schema(cls) -> Schema:
        raise NotImplementedError("a schema node says what it is in define_schema")

    @classmethod
    def execute(cls, **kwargs: Any) -> Any:
        raise NotImplementedError("a schema node does what it does in execute")

    @classmethod
    def GET_SCHEMA(cls) -> Schema:
        return cls.define_schema()

    FINALIZE_SCHEMA = GET_SCHEMA

    @classmethod
    def INPUT_TYPES(cls, *given: Any, **named: Any) -> dict[str, Any]:
        sections: dict[str, Any] = {"required": {}, "optional": {}}
        for one in cls.define_schema().inputs:
            sections["optional" if one.optional else "required"][one.id] = one.declared()
        return sections

    FUNCTION = "execute"


class ComfyExtension:
    """What `comfy_entrypoint` gives."""

    async def on_load(self) -> None:
        """Nothing by default."""

    async def get_node_list(self) -> list[Any]:
        return []


_UIOutput = object
ClassType = type


def add_to_dict_v1(*given: Any, **named: Any) -> None:
    """Class-based declarations are made elsewhere."""


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name[:1].isupper():
        return absent(f"comfy_api.latest.io.{name}")
    raise AttributeError(name)
