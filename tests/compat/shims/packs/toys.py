"""A pack of toys, as packs for ComfyUI are written."""

import comfy.model_management
import comfy.utils
import folder_paths
from comfy_execution.graph_utils import ExecutionBlocker, GraphBuilder

import nodes


class AnyType(str):
    def __ne__(self, other):
        return False


class Twice:
    CALLS = []

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "text": ("STRING", {"default": "a"}),
                "times": ("INT", {"default": 2, "min": 1, "max": 9}),
            },
            "optional": {"tail": ("STRING", {"default": "!"})},
        }

    RETURN_TYPES = ("STRING", "INT")
    RETURN_NAMES = ("joined", "length")
    FUNCTION = "go"
    CATEGORY = "toys/text"
    DESCRIPTION = "Repeats a text."

    def go(self, text, times, tail="?"):
        Twice.CALLS.append(text)
        return (text * times + tail, len(text) * times)


class Split:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"text": ("STRING", {})}})
    RETURN_TYPES, OUTPUT_IS_LIST, FUNCTION = ("STRING",), (True,), "go"

    def go(self, text):
        return (text.split(),)


class Join:
    INPUT_TYPES = classmethod(
        lambda cls: {
            "required": {"text": ("STRING", {"forceInput": True}), "sep": ("STRING", {"default": "-"})}
        }
    )
    INPUT_IS_LIST = True
    RETURN_TYPES, FUNCTION = ("STRING",), "go"

    def go(self, text, sep):
        assert isinstance(sep, list)
        return (sep[0].join(text),)


class Switch:
    INPUT_TYPES = classmethod(
        lambda cls: {
            "required": {
                "on": ("BOOLEAN", {}),
                "yes": (AnyType("*"), {"lazy": True}),
                "no": (AnyType("*"), {"lazy": True}),
            }
        }
    )
    RETURN_TYPES, FUNCTION = (AnyType("*"),), "go"

    def check_lazy_status(self, on, yes, no):
        return ["yes" if on else "no"]

    def go(self, on, yes, no):
        return (yes if on else no,)


class Gate:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"open": ("BOOLEAN", {}), "text": ("STRING", {})}})
    RETURN_TYPES, FUNCTION = ("STRING",), "go"

    def go(self, open, text):
        return (text if open else ExecutionBlocker("the gate is shut"),)


class Grow:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"text": ("STRING", {}), "times": ("INT", {})}})
    RETURN_TYPES, FUNCTION = ("STRING",), "go"

    def go(self, text, times):
        graph = GraphBuilder()
        node = graph.node("ToyTwice", text=text, times=1, tail="")
        for _ in range(times - 1):
            node = graph.node("ToyTwice", text=node.out(0), times=2, tail="")
        return {"result": (node.out(0),), "expand": graph.finalize()}


class Show:
    INPUT_TYPES = classmethod(
        lambda cls: {
            "required": {"text": ("STRING", {})},
            "hidden": {"id": "UNIQUE_ID", "prompt": "PROMPT", "info": "EXTRA_PNGINFO"},
        }
    )
    RETURN_TYPES, FUNCTION, OUTPUT_NODE = (), "go", True

    def go(self, text, id, prompt, info):
        return {"ui": {"text": [text, id, sorted(prompt), info["workflow"]["version"]]}}


class Clock:
    TIME = 1
    INPUT_TYPES = classmethod(lambda cls: {"required": {"text": ("STRING", {})}})
    RETURN_TYPES, FUNCTION = ("STRING",), "go"

    @classmethod
    def IS_CHANGED(cls, text):
        return cls.TIME

    @classmethod
    def VALIDATE_INPUTS(cls, text):
        return True if text != "bad" else "bad is not taken"

    def go(self, text):
        return (f"{text} {self.TIME}",)


class Slow:
    INPUT_TYPES = classmethod(lambda cls: {"required": {}})
    RETURN_TYPES, FUNCTION = ("INT",), "go"

    def go(self):
        bar = comfy.utils.ProgressBar(3)
        for _ in range(3):
            bar.update(1)
        return (3,)


class Stop:
    INPUT_TYPES = classmethod(lambda cls: {"required": {}})
    RETURN_TYPES, FUNCTION = ("INT",), "go"

    def go(self):
        raise comfy.model_management.InterruptProcessingException


class Save(nodes.SaveImage):
    FUNCTION = "keep"

    def keep(self, images, filename_prefix="toy", prompt=None, extra_pnginfo=None):
        return self.save_images(images, filename_prefix, prompt, extra_pnginfo)


class Model:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"name": (folder_paths.get_filename_list("toys"),)}})
    RETURN_TYPES, FUNCTION = ("STRING",), "go"

    def go(self, name):
        return (folder_paths.get_full_path_or_raise("toys", name),)


class Missing:
    INPUT_TYPES = classmethod(lambda cls: {"required": {}})
    RETURN_TYPES, FUNCTION = ("INT",), "go"

    def go(self):
        from comfy.ldm.flux.model import Flux

        return (Flux(),)


NODE_CLASS_MAPPINGS = {
    f"Toy{cls.__name__}": cls
    for cls in (Twice, Split, Join, Switch, Gate, Grow, Show, Clock, Slow, Stop, Save, Model, Missing)
}
NODE_DISPLAY_NAME_MAPPINGS = {"ToyTwice": "Twice as much"}
