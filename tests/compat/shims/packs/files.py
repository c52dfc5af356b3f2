"""A pack that reads model files by itself, and weighs tokens itself."""

import comfy.sd
import comfy.utils


class OwnVAE:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"path": ("STRING", {})}})
    RETURN_TYPES, FUNCTION = ("VAE",), "go"

    def go(self, path):
        return (comfy.sd.VAE(sd=comfy.utils.load_torch_file(path)),)


class OwnAdapter:
    INPUT_TYPES = classmethod(
        lambda cls: {"required": {"model": ("MODEL",), "clip": ("CLIP",), "path": ("STRING", {})}}
    )
    RETURN_TYPES, FUNCTION = ("MODEL", "CLIP"), "go"

    def go(self, model, clip, path):
        return comfy.sd.load_lora_for_models(model, clip, comfy.utils.load_torch_file(path), 1.0, 1.0)


class Weigh:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"clip": ("CLIP",), "text": ("STRING", {})}})
    RETURN_TYPES, FUNCTION = ("CONDITIONING", "CONDITIONING"), "go"

    def go(self, clip, text):
        tokens, stage = clip.tokenize(text), clip.cond_stage_model
        cond, pooled = stage.encode_token_weights(tokens)
        inner, inner_pooled = stage.clip_l.encode_token_weights(tokens["l"])
        return ([[cond, {"pooled_output": pooled}]], [[inner, {"pooled_output": inner_pooled}]])


NODE_CLASS_MAPPINGS = {f"Toy{cls.__name__}": cls for cls in (OwnVAE, OwnAdapter, Weigh)}
