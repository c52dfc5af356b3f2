"""A pack that samples, guides and encodes through ComfyUI's functions."""

import comfy.k_diffusion.sampling
import comfy.model_sampling
import comfy.sample
import comfy.samplers
import comfy.utils
import latent_preview
import torch

import nodes

SEEN = []


class Sample:
    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "model": ("MODEL",),
                "positive": ("CONDITIONING",),
                "negative": ("CONDITIONING",),
                "latent": ("LATENT",),
                "sampler": (comfy.samplers.KSampler.SAMPLERS,),
                "cfg": ("FLOAT", {"default": 3.0}),
            }
        }

    RETURN_TYPES, FUNCTION = ("LATENT",), "go"

    def go(self, model, positive, negative, latent, sampler, cfg):
        return nodes.common_ksampler(model, 5, 3, cfg, sampler, "normal", positive, negative, latent)


class Custom:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"model": ("MODEL",), "cond": ("CONDITIONING",), "latent": ("LATENT",)}}

    RETURN_TYPES, FUNCTION = ("LATENT", "LATENT"), "go"

    def go(self, model, cond, latent):
        sampling = model.get_model_object("model_sampling")
        sigmas = comfy.samplers.calculate_sigmas(sampling, "normal", 3)
        noise = comfy.sample.prepare_noise(latent["samples"], 5)
        kept = {}
        made = comfy.sample.sample_custom(
            model,
            noise,
            1.0,
            comfy.samplers.KSAMPLER(euler),
            sigmas,
            cond,
            cond,
            latent["samples"],
            callback=latent_preview.prepare_callback(model, 3, kept),
            seed=5,
        )
        return ({"samples": made}, {"samples": model.model.process_latent_out(kept["x0"])})


@torch.no_grad()
def euler(model, x, sigmas, extra_args=None, callback=None, disable=None):
    for i in range(len(sigmas) - 1):
        denoised = model(x, sigmas[i] * x.new_ones(len(x)), **extra_args)
        d = comfy.k_diffusion.sampling.to_d(x, sigmas[i], denoised)
        if callback is not None:
            callback({"x": x, "i": i, "sigma": sigmas[i], "sigma_hat": sigmas[i], "denoised": denoised})
        x = x + d * (sigmas[i + 1] - sigmas[i])
    return x


class Sampler:
    INPUT_TYPES = classmethod(lambda cls: {"required": {}})
    RETURN_TYPES, FUNCTION = ("SAMPLER",), "go"

    def go(self):
        return (comfy.samplers.KSAMPLER(euler),)


def inside(model, how):
    if how == "attn":
        model.set_model_attn2_replace(lambda q, k, v, options: q, "middle", 0)
    if how == "inputs":

        def same(n, context, value, options):
            SEEN.append((options["block"], options["cond_or_uncond"], float(options["sigmas"][0])))
            return n, context, value

        model.set_model_attn2_patch(same)
    if how == "blocks":
        model.set_model_input_block_patch(lambda h, options: h)
        model.set_model_output_block_patch(lambda h, skip, options: (h, skip * 0))
    if how == "emb":
        model.set_model_emb_patch(lambda emb, options: emb)


class Hook:
    """Puts a function around a model; `how` says which."""

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "model": ("MODEL",),
                "how": (
                    ["cfg", "post", "unet", "wrapper", "pre", "attn", "inputs", "blocks", "emb", "flow"],
                ),
            }
        }

    RETURN_TYPES, FUNCTION = ("MODEL",), "go"

    def go(self, model, how):
        model = model.clone()
        if how == "cfg":
            model.set_model_sampler_cfg_function(
                lambda args: args["uncond"] + (args["cond"] - args["uncond"]) * args["cond_scale"]
            )
        if how == "post":
            model.set_model_sampler_post_cfg_function(lambda args: args["denoised"] * 0)
        if how == "pre":
            model.set_model_sampler_pre_cfg_function(lambda args: [out * 0 for out in args["conds_out"]])
        if how == "unet":

            def around(apply_model, args):
                SEEN.append((args["cond_or_uncond"], float(args["timestep"][0])))
                return apply_model(args["input"], args["timestep"], **args["c"])

            model.set_model_unet_function_wrapper(around)
        if how == "wrapper":

            def doubled(executor, *args, **kwargs):
                return executor(*args, **kwargs) * 0

            model.add_wrapper_with_key("predict_noise", "toy", doubled)
        inside(model, how)
        if how == "flow":

            class Levels(comfy.model_sampling.ModelSamplingDiscrete, comfy.model_sampling.X0):
                pass

            model.add_object_patch("model_sampling", Levels(model.model.model_config))
        return (model,)


class Encode:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"clip": ("CLIP",), "text": ("STRING", {})}})
    RETURN_TYPES, FUNCTION = ("CONDITIONING",) * 3, "go"

    def go(self, clip, text):
        tokens = clip.tokenize(text)
        cond, pooled = clip.encode_from_tokens(tokens, return_pooled=True)
        return (
            [[cond, {"pooled_output": pooled}]],
            clip.encode_from_tokens_scheduled(tokens),
            nodes.CLIPTextEncode().encode(clip, text)[0],
        )


class Round:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"vae": ("VAE",), "image": ("IMAGE",)}})
    RETURN_TYPES, FUNCTION = ("IMAGE", "IMAGE", "INT"), "go"

    def go(self, vae, image):
        latent = vae.encode(image[..., :3])
        again = nodes.VAEDecode().decode(vae, nodes.VAEEncode().encode(vae, image)[0])[0]
        return (vae.decode(latent), again, vae.downscale_ratio)


NODE_CLASS_MAPPINGS = {f"Toy{cls.__name__}": cls for cls in (Sample, Custom, Sampler, Hook, Encode, Round)}
