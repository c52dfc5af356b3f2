"""What editors know of `safelight.graph`: made by `safelight nodes --stubs`."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.core.spec import NodeSpec

class Output:
    node: Node
    slot: int
    def __init__(self, node: Node, slot: int) -> None: ...

class Node:
    type: str
    inputs: dict[str, Any]
    title: str
    def __init__(self, type: str, inputs: dict[str, Any], spec: NodeSpec | None = None) -> None: ...
    def titled(self, title: str) -> Node: ...
    def __getitem__(self, slot: int) -> Output: ...
    def __iter__(self) -> Iterator[Output]: ...
    def __getattr__(self, name: str) -> Output: ...

_Wire: TypeAlias = Node | Output

class NodeType:
    id: str
    def __init__(self, id: str, spec: NodeSpec | None) -> None: ...
    def __call__(self, **inputs: Any) -> Node: ...

def node_type(id: str) -> NodeType: ...
def collect(roots: Iterable[Node | Output]) -> Graph: ...
def builtin() -> Registry: ...
def APG(
    *,
    model: _Wire,
    eta: float | _Wire = ...,
    norm_threshold: float | _Wire = ...,
    momentum: float | _Wire = ...,
) -> Node:
    """Allow strong guidance without burnt colours (Sadat et al. 2024, arXiv:2410.02416)."""

def AddLayer(
    *,
    image: _Wire,
    layers: _Wire | None = ...,
    mask: _Wire | None = ...,
    name: str | _Wire = ...,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
    opacity: float | _Wire = ...,
    blend_mode: Literal['normal', 'multiply', 'screen', 'overlay', 'darken', 'lighten', 'color-dodge', 'color-burn', 'hard-light', 'soft-light', 'difference', 'exclusion', 'linear-dodge', 'linear-burn', 'vivid-light', 'pin-light', 'linear-light', 'hard-mix', 'subtract', 'divide', 'grain-extract', 'grain-merge', 'hue', 'saturation', 'color', 'luminosity'] | _Wire = ...,
    rotation: float | _Wire = ...,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    z_index: int | _Wire = ...,
    flip_h: bool | _Wire = ...,
    flip_v: bool | _Wire = ...,
) -> Node:
    """Put a picture on a stack of layers, which Create Layered Image composes."""

def AddNoise(
    *,
    model: _Wire,
    noise: _Wire,
    sigmas: _Wire,
    latent_image: _Wire,
) -> Node:
    """Put noise on a latent, as much as lies between the first and the last level of a schedule."""

def AddTextPrefix(
    *,
    texts: str | _Wire,
    prefix: str | _Wire = ...,
) -> Node:
    """Put a text before another one."""

def AddTextSuffix(
    *,
    texts: str | _Wire,
    suffix: str | _Wire = ...,
) -> Node:
    """Put a text behind another one."""

def AdjustBrightness(
    *,
    images: _Wire,
    factor: float | _Wire = ...,
) -> Node:
    """Make pictures brighter or darker."""

def AdjustContrast(
    *,
    images: _Wire,
    factor: float | _Wire = ...,
) -> Node:
    """Move the colours of pictures away from the middle grey, or towards it."""

def AlignYourStepsScheduler(
    *,
    model_type: Literal['SD1', 'SDXL', 'SVD'] | _Wire = ...,
    steps: int | _Wire = ...,
    denoise: float | _Wire = ...,
) -> Node:
    """Make the schedule that was found best for a kind of model, for pictures in as few as ten steps."""

def ApplyStyle(
    *,
    text: str | _Wire = ...,
    negative: str | _Wire = ...,
    style: str | _Wire,
) -> Node:
    """Say a prompt in the words of a style, such as an oil painting or a film still."""

def ApplyStyleLoras(
    *,
    model: _Wire,
    clip: _Wire,
    style: str | _Wire,
    strength: float | _Wire = ...,
) -> Node:
    """Add the LoRAs that a style names to a model and its text encoder; one without any changes nothing."""

def AudioAdjustVolume(
    *,
    audio: _Wire,
    volume: int | _Wire = ...,
) -> Node:
    """Make a sound louder or quieter."""

def AudioConcat(
    *,
    audio1: _Wire,
    audio2: _Wire,
    direction: Literal['after', 'before'] | _Wire = ...,
) -> Node:
    """Put two sounds one after the other. Mono becomes stereo, the lower rate becomes the higher."""

def AudioEqualizer3Band(
    *,
    audio: _Wire,
    low_gain_dB: float | _Wire = ...,
    low_freq: int | _Wire = ...,
    mid_gain_dB: float | _Wire = ...,
    mid_freq: int | _Wire = ...,
    mid_q: float | _Wire = ...,
    high_gain_dB: float | _Wire = ...,
    high_freq: int | _Wire = ...,
) -> Node:
    """Make bass, middle and treble of a sound louder or quieter."""

def AudioMerge(
    *,
    audio1: _Wire,
    audio2: _Wire,
    merge_method: Literal['add', 'mean', 'subtract', 'multiply'] | _Wire = ...,
) -> Node:
    """Play two sounds at once, as long as the first lasts. What would be too loud is made quieter."""

def BasicGuider(
    *,
    model: _Wire,
    conditioning: _Wire,
) -> Node:
    """Guide by one prompt alone, with nothing to stay away from: for distilled models."""

def BasicScheduler(
    *,
    model: _Wire,
    scheduler: str | _Wire = ...,
    steps: int | _Wire = ...,
    denoise: float | _Wire = ...,
) -> Node:
    """Make the schedule that a KSampler would use for this model: the noise level of every step, then zero."""

def BatchImagesNode(
    *,
    images: _Wire = ...,
    **more: Any,
) -> Node:
    """Put any number of pictures and batches into one batch; all are brought to the size of the first."""

def BatchLatentsNode(
    *,
    latents: _Wire = ...,
    **more: Any,
) -> Node:
    """Put any number of latents and batches into one batch; all are brought to the size of the first."""

def BatchMasksNode(
    *,
    masks: _Wire = ...,
    **more: Any,
) -> Node:
    """Put any number of masks and batches into one batch; all are brought to the size of the first."""

def BetaSamplingScheduler(
    *,
    model: _Wire,
    steps: int | _Wire = ...,
    alpha: float | _Wire = ...,
    beta: float | _Wire = ...,
) -> Node:
    """Make a schedule that is dense at both ends, where shapes and where details are decided."""

def CFGCourse(
    *,
    model: _Wire,
    last_cfg: float | _Wire = ...,
    bend: float | _Wire = ...,
) -> Node:
    """Let guidance change along the way, from what the sampler says to another value."""

def CFGGuider(
    *,
    model: _Wire,
    positive: _Wire,
    negative: _Wire,
    cfg: float | _Wire = ...,
) -> Node:
    """Guide towards one prompt and away from another, as a KSampler does."""

def CFGNorm(
    *,
    model: _Wire,
    strength: float | _Wire = ...,
    pre_cfg: bool | _Wire = ...,
) -> Node:
    """Keep guidance from making any part of the latent stronger than the positive prompt alone makes it."""

def CFGOverride(
    *,
    model: _Wire,
    cfg: float | _Wire = ...,
    start_percent: float | _Wire = ...,
    end_percent: float | _Wire = ...,
) -> Node:
    """Use another guidance during part of the denoising, whatever the sampler says."""

def CFGZeroStar(
    *,
    model: _Wire,
) -> Node:
    """Fit the negative prediction to the positive one before guiding (Fan et al. 2025, arXiv:2503.18886)."""

def CLIPAttentionMultiply(
    *,
    clip: _Wire,
    q: float | _Wire = ...,
    k: float | _Wire = ...,
    v: float | _Wire = ...,
    out: float | _Wire = ...,
) -> Node:
    """Make the attention of words to each other weaker or stronger, part by part, to see what happens."""

def CLIPLoader(
    *,
    clip_name: str | _Wire,
    type: Literal['stable_diffusion', 'stable_cascade', 'sd3', 'stable_audio', 'mochi', 'ltxv', 'pixart', 'cosmos', 'lumina2', 'wan', 'hidream', 'chroma', 'ace', 'omnigen2', 'qwen_image', 'hunyuan_image', 'flux2', 'ovis', 'longcat_image', 'cogvideox', 'lens', 'pixeldit', 'ideogram4', 'boogu', 'krea2', 'joyimage', 'mage', 'minimax'] | _Wire = ...,
    device: Literal['default', 'cpu'] | _Wire = ...,
) -> Node:
    """Choose a text encoder file: CLIP-L for Stable Diffusion 1, CLIP-H for 2, CLIP-G for the XL refiner."""

def CLIPMergeAdd(
    *,
    clip1: _Wire,
    clip2: _Wire,
) -> Node:
    """Add the weights of the second text encoder, meant to be a difference, to those of the first."""

def CLIPMergeSimple(
    *,
    clip1: _Wire,
    clip2: _Wire,
    ratio: float | _Wire = ...,
) -> Node:
    """Mix two text encoders of one kind: every weight is so much of the first and the rest of the second."""

def CLIPMergeSubtract(
    *,
    clip1: _Wire,
    clip2: _Wire,
    multiplier: float | _Wire = ...,
) -> Node:
    """What the first text encoder has learned beyond the second, to be added to a third with "Add CLIPs"."""

def CLIPSave(
    *,
    clip: _Wire,
    filename_prefix: str | _Wire = ...,
) -> Node:
    """Save text encoders as .safetensors files in the output folder, one for each, named after its kind."""

def CLIPSetLastLayer(
    *,
    clip: _Wire,
    stop_at_clip_layer: int | _Wire = ...,
) -> Node:
    """Take the text encoder's result from an earlier layer ("clip skip")."""

def CLIPTextEncode(
    *,
    text: str | _Wire,
    clip: _Wire,
) -> Node:
    """Turn a prompt into what the model is steered by."""

def CLIPTextEncodeControlnet(
    *,
    clip: _Wire,
    conditioning: _Wire,
    text: str | _Wire,
) -> Node:
    """Tell ControlNets another text than the model: what their picture shows, say, and nothing of the style."""

def CLIPTextEncodeSDXL(
    *,
    clip: _Wire,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    crop_w: int | _Wire = ...,
    crop_h: int | _Wire = ...,
    target_width: int | _Wire = ...,
    target_height: int | _Wire = ...,
    text_g: str | _Wire,
    text_l: str | _Wire,
) -> Node:
    """Turn a prompt for each of SDXL's two text encoders into what the model is steered by, with sizes."""

def CLIPTextEncodeSDXLRefiner(
    *,
    ascore: float | _Wire = ...,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    text: str | _Wire,
    clip: _Wire,
) -> Node:
    """Turn a prompt into what SDXL's refiner is steered by, with the picture's size and its beauty."""

def CLIPVisionEncode(
    *,
    clip_vision: _Wire,
    image: _Wire,
    crop: Literal['center', 'none'] | _Wire = ...,
) -> Node:
    """Have an encoder look at pictures; each becomes the numbers that say what it shows."""

def CLIPVisionLoader(
    *,
    clip_name: str | _Wire,
) -> Node:
    """Choose an encoder of pictures from models/clip_vision: it says in numbers what a picture shows."""

def Canny(
    *,
    image: _Wire,
    low_threshold: float | _Wire = ...,
    high_threshold: float | _Wire = ...,
) -> Node:
    """Draw the edges of pictures as white lines on black, for a ControlNet, say."""

def CaseConverter(
    *,
    string: str | _Wire,
    mode: Literal['UPPERCASE', 'lowercase', 'Capitalize', 'Title Case'] | _Wire = ...,
) -> Node:
    """Write a text in large or small letters."""

def CenterCropImages(
    *,
    images: _Wire,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
) -> Node:
    """Cut the edges of pictures off evenly until they are at most so large."""

def CheckpointLoader(
    *,
    config_name: Any | _Wire,
    ckpt_name: str | _Wire,
) -> Node:
    """Choose a model file, as old workflows do it; what kind of model it is, is read from the file itself."""

def CheckpointLoaderSimple(
    *,
    ckpt_name: str | _Wire,
) -> Node:
    """Choose a model file; its denoiser, text encoder and VAE are read when something first uses them."""

def CheckpointSave(
    *,
    model: _Wire,
    clip: _Wire,
    vae: _Wire,
    filename_prefix: str | _Wire = ...,
) -> Node:
    """Save a model, its text encoder and its VAE as one .safetensors file in the output folder."""

def ColorToRGBInt(
    *,
    color: Any | _Wire = ...,
) -> Node:
    """Choose a colour, for Empty Image, say."""

def ColorTransfer(
    *,
    image_target: _Wire,
    image_ref: _Wire,
    method: Literal['reinhard_lab', 'mkl_lab', 'histogram'] | _Wire = ...,
    source_stats: Any | _Wire = ...,
    strength: float | _Wire = ...,
    **more: Any,
) -> Node:
    """Give pictures the colours of another one."""

def CombineHooks2(
    *,
    hooks_A: _Wire | None = ...,
    hooks_B: _Wire | None = ...,
) -> Node:
    """Bind two groups of hooks together; what is in both counts once."""

def CombineHooks4(
    *,
    hooks_A: _Wire | None = ...,
    hooks_B: _Wire | None = ...,
    hooks_C: _Wire | None = ...,
    hooks_D: _Wire | None = ...,
) -> Node:
    """Bind up to four groups of hooks together; what is in several counts once."""

def CombineHooks8(
    *,
    hooks_A: _Wire | None = ...,
    hooks_B: _Wire | None = ...,
    hooks_C: _Wire | None = ...,
    hooks_D: _Wire | None = ...,
    hooks_E: _Wire | None = ...,
    hooks_F: _Wire | None = ...,
    hooks_G: _Wire | None = ...,
    hooks_H: _Wire | None = ...,
) -> Node:
    """Bind up to eight groups of hooks together; what is in several counts once."""

def ComfyAndNode(
    *,
    values: _Wire = ...,
    **more: Any,
) -> Node:
    """Say whether all the values count as yes."""

def ComfyMathExpression(
    *,
    expression: str | _Wire = ...,
    values: _Wire = ...,
    **more: Any,
) -> Node:
    """Calculate with numbers."""

def ComfyNotNode(
    *,
    value: _Wire,
) -> Node:
    """Turn yes into no and no into yes."""

def ComfyNumberConvert(
    *,
    value: _Wire,
) -> Node:
    """Make a whole and a real number of a value."""

def ComfyOrNode(
    *,
    values: _Wire = ...,
    **more: Any,
) -> Node:
    """Say whether at least one of the values counts as yes."""

def ComfySwitchNode(
    *,
    switch: bool | _Wire,
    on_false: _Wire,
    on_true: _Wire,
) -> Node:
    """Pass one of two inputs on; what leads only to the other is never computed."""

def ConditioningAverage(
    *,
    conditioning_to: _Wire,
    conditioning_from: _Wire,
    conditioning_to_strength: float | _Wire = ...,
) -> Node:
    """Blend two prompts: somewhere between the one meaning and the other."""

def ConditioningCombine(
    *,
    conditioning_1: _Wire,
    conditioning_2: _Wire,
) -> Node:
    """Let two prompts steer together: the model answers each, and the answers are averaged."""

def ConditioningConcat(
    *,
    conditioning_to: _Wire,
    conditioning_from: _Wire,
) -> Node:
    """Join two prompts into one longer prompt, encoded apart so that their words do not mix."""

def ConditioningMultiply(
    *,
    conditioning: _Wire,
    multiplier: float | _Wire = ...,
) -> Node:
    """Multiply the numbers that a prompt was turned into, to see what a louder or fainter prompt does."""

def ConditioningSetArea(
    *,
    conditioning: _Wire,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
    strength: float | _Wire = ...,
) -> Node:
    """Let a prompt act on a rectangle only, given in pixels. Combine it with a prompt for the rest."""

def ConditioningSetAreaPercentage(
    *,
    conditioning: _Wire,
    width: float | _Wire = ...,
    height: float | _Wire = ...,
    x: float | _Wire = ...,
    y: float | _Wire = ...,
    strength: float | _Wire = ...,
) -> Node:
    """Let a prompt act on a rectangle only, given in shares of the picture."""

def ConditioningSetAreaStrength(
    *,
    conditioning: _Wire,
    strength: float | _Wire = ...,
) -> Node:
    """Set how strongly a prompt counts against the others that act in the same place."""

def ConditioningSetDefaultCombine(
    *,
    cond: _Wire,
    cond_DEFAULT: _Wire,
    hooks: _Wire | None = ...,
) -> Node:
    """Add a prompt that acts where no other does: the background of what masks leave free."""

def ConditioningSetMask(
    *,
    conditioning: _Wire,
    mask: _Wire,
    strength: float | _Wire = ...,
    set_cond_area: Literal['default', 'mask bounds'] | _Wire = ...,
) -> Node:
    """Let a prompt act where the mask is white."""

def ConditioningSetProperties(
    *,
    cond_NEW: _Wire,
    strength: float | _Wire = ...,
    set_cond_area: Literal['default', 'mask bounds'] | _Wire = ...,
    mask: _Wire | None = ...,
    hooks: _Wire | None = ...,
    timesteps: _Wire | None = ...,
) -> Node:
    """Say where a prompt acts (a mask), when (a part of the denoising), and with which hooks."""

def ConditioningSetPropertiesAndCombine(
    *,
    cond: _Wire,
    cond_NEW: _Wire,
    strength: float | _Wire = ...,
    set_cond_area: Literal['default', 'mask bounds'] | _Wire = ...,
    mask: _Wire | None = ...,
    hooks: _Wire | None = ...,
    timesteps: _Wire | None = ...,
) -> Node:
    """Say where and when a new prompt acts and with which hooks, and add it to the others."""

def ConditioningSetTimestepRange(
    *,
    conditioning: _Wire,
    start: float | _Wire = ...,
    end: float | _Wire = ...,
) -> Node:
    """Let a prompt act during part of the denoising only: early steps set shapes, late ones details."""

def ConditioningTimestepsRange(
    *,
    start_percent: float | _Wire = ...,
    end_percent: float | _Wire = ...,
) -> Node:
    """Choose a part of the denoising, for "Cond Set Props" and its like: a prompt then acts in it alone."""

def ConditioningZeroOut(
    *,
    conditioning: _Wire,
) -> Node:
    """Fill the encoded prompt with zeros: for models that were trained to take that as "no prompt"."""

def ContactSheet(
    *,
    images: _Wire,
    columns: int | _Wire = ...,
    labels: str | _Wire = ...,
) -> Node:
    """Lay pictures out on one sheet, row by row. It gathers whatever a node before it made one by one."""

def ControlNetApply(
    *,
    conditioning: _Wire,
    control_net: _Wire,
    image: _Wire,
    strength: float | _Wire = ...,
) -> Node:
    """Let a picture steer a prompt from the first step to the last, and the negative prompt alike."""

def ControlNetApplyAdvanced(
    *,
    positive: _Wire,
    negative: _Wire,
    control_net: _Wire,
    image: _Wire,
    strength: float | _Wire = ...,
    start_percent: float | _Wire = ...,
    end_percent: float | _Wire = ...,
    vae: _Wire | None = ...,
) -> Node:
    """Let a picture steer what is made: its edges, its pose, its depth, as the ControlNet understands it."""

def ControlNetLoader(
    *,
    control_net_name: str | _Wire,
) -> Node:
    """Choose a network that lets a picture steer: edges, a pose, depth, a sketch."""

def ConvertArrayToString(
    *,
    array: _Wire,
    indent: int | _Wire = ...,
) -> Node:
    """Write a list as JSON."""

def ConvertDictionaryToString(
    *,
    dictionary: _Wire,
    indent: int | _Wire = ...,
) -> Node:
    """Write values by name as JSON."""

def CreateBoundingBoxes(
    *,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    editor_state: Any | _Wire = ...,
    background: _Wire | None = ...,
    bboxes: _Wire | None = ...,
    last_incoming: Any | _Wire = ...,
) -> Node:
    """Draw boxes on a canvas, and say of each what is to be seen there."""

def CreateHookKeyframe(
    *,
    strength_mult: float | _Wire = ...,
    start_percent: float | _Wire = ...,
    prev_hook_kf: _Wire | None = ...,
) -> Node:
    """Say how strong hooks are from a moment of the denoising on, until the next keyframe begins."""

def CreateHookKeyframesFromFloats(
    *,
    floats_strength: _Wire,
    start_percent: float | _Wire = ...,
    end_percent: float | _Wire = ...,
    print_keyframes: bool | _Wire = ...,
    prev_hook_kf: _Wire | None = ...,
) -> Node:
    """Let hooks have one strength after the other, spread evenly between two moments of the denoising."""

def CreateHookKeyframesInterpolated(
    *,
    strength_start: float | _Wire = ...,
    strength_end: float | _Wire = ...,
    interpolation: Literal['linear', 'ease_in', 'ease_out', 'ease_in_out'] | _Wire = ...,
    start_percent: float | _Wire = ...,
    end_percent: float | _Wire = ...,
    keyframes_count: int | _Wire = ...,
    print_keyframes: bool | _Wire = ...,
    prev_hook_kf: _Wire | None = ...,
) -> Node:
    """Let hooks fade from one strength to another between two moments of the denoising, in stages."""

def CreateHookLora(
    *,
    lora_name: str | _Wire,
    strength_model: float | _Wire = ...,
    strength_clip: float | _Wire = ...,
    prev_hooks: _Wire | None = ...,
) -> Node:
    """Let a LoRA belong to a prompt, in place of changing the model for the whole picture."""

def CreateHookLoraModelOnly(
    *,
    lora_name: str | _Wire,
    strength_model: float | _Wire = ...,
    prev_hooks: _Wire | None = ...,
) -> Node:
    """The same as "Create Hook LoRA", but what the file says about text encoders is not used."""

def CreateHookModelAsLora(
    *,
    ckpt_name: str | _Wire,
    strength_model: float | _Wire = ...,
    strength_clip: float | _Wire = ...,
    prev_hooks: _Wire | None = ...,
) -> Node:
    """Use a whole model of the same family as if what it has learned beyond the sampler's were a LoRA."""

def CreateHookModelAsLoraModelOnly(
    *,
    ckpt_name: str | _Wire,
    strength_model: float | _Wire = ...,
    prev_hooks: _Wire | None = ...,
) -> Node:
    """The same as "Create Hook Model as LoRA", but the other model's text encoder is not used."""

def CreateList(
    *,
    inputs: _Wire = ...,
    **more: Any,
) -> Node:
    """Make one list of what is connected; what comes after runs once for each item."""

def CreateVideo(
    *,
    images: _Wire,
    fps: float | _Wire = ...,
    audio: _Wire | None = ...,
    bit_depth: int | _Wire = ...,
) -> Node:
    """Make a film of pictures, one after another, with a sound if there is one."""

def CropByBBoxes(
    *,
    image: _Wire,
    bboxes: _Wire,
    output_width: int | _Wire = ...,
    output_height: int | _Wire = ...,
    padding: int | _Wire = ...,
    keep_aspect: Literal['stretch', 'pad'] | _Wire = ...,
) -> Node:
    """Cut what lies in boxes out of pictures; all pieces come as one batch of one size."""

def CropMask(
    *,
    mask: _Wire,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
) -> Node:
    """Cut a part out of a mask; what lies beyond its edges is left out."""

def CurveEditor(
    *,
    curve: Any | _Wire = ...,
    histogram: _Wire | None = ...,
) -> Node:
    """Draw a curve that other nodes take."""

def CustomCombo(
    *,
    choice: Any | _Wire,
    **more: Any,
) -> Node:
    """Choose one of the texts of a list that you write on the node."""

def DiffControlNetLoader(
    *,
    model: _Wire,
    control_net_name: str | _Wire,
) -> Node:
    """Choose a ControlNet whose file holds only its difference to a model, and the model to add it to."""

def DifferentialDiffusion(
    *,
    model: _Wire,
    strength: float | _Wire = ...,
) -> Node:
    """Read the greys of a noise mask as moments: the darker a place, the later it may begin to change."""

def DiffusersLoader(
    *,
    model_path: str | _Wire,
) -> Node:
    """Choose a model folder in diffusers' layout."""

def DisableNoise(
) -> Node:
    """Start from a latent as it is, for one that brings its noise from a sampler before."""

def DrawBBoxes(
    *,
    bboxes: _Wire,
    image: _Wire | None = ...,
) -> Node:
    """Draw the outlines of boxes on pictures, with their labels and scores where they have any."""

def DualCFGGuider(
    *,
    model: _Wire,
    cond1: _Wire,
    cond2: _Wire,
    negative: _Wire,
    cfg_conds: float | _Wire = ...,
    cfg_cond2_negative: float | _Wire = ...,
    style: Literal['regular', 'nested'] | _Wire = ...,
) -> Node:
    """Guide by two prompts, each with its own strength: an instruction, say, and the picture it is about."""

def DualCLIPLoader(
    *,
    clip_name1: str | _Wire,
    clip_name2: str | _Wire,
    type: Literal['sdxl', 'sd3', 'flux', 'hunyuan_video', 'hidream', 'hunyuan_image', 'hunyuan_video_15', 'kandinsky5', 'kandinsky5_image', 'ltxv', 'newbie', 'ace'] | _Wire = ...,
    device: Literal['default', 'cpu'] | _Wire = ...,
) -> Node:
    """Choose two text encoder files that work together: CLIP-L and CLIP-G for Stable Diffusion XL."""

def DualModelGuider(
    *,
    model: _Wire,
    positive: _Wire,
    cfg: float | _Wire = ...,
    model_negative: _Wire | None = ...,
    negative: _Wire | None = ...,
) -> Node:
    """Guide away from what another model says, such as a weaker one of the same family."""

def EmptyAudio(
    *,
    duration: float | _Wire = ...,
    sample_rate: int | _Wire = ...,
    channels: int | _Wire = ...,
) -> Node:
    """Make silence."""

def EmptyImage(
    *,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    batch_size: int | _Wire = ...,
    color: int | _Wire = ...,
) -> Node:
    """Make pictures of one colour."""

def EmptyLatentImage(
    *,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    batch_size: int | _Wire = ...,
) -> Node:
    """Start from nothing: a blank latent image, which takes on the format of the model that samples it."""

def EmptySD3LatentImage(
    *,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    batch_size: int | _Wire = ...,
) -> Node:
    """Start from nothing, in sixteen channels as SD 3 has them; it takes on the format of any model."""

def EndLoop(
    *,
    output_value: _Wire | None = ...,
    next_iteration_value: _Wire | None = ...,
    accumulate: bool | _Wire = ...,
    terminations: _Wire | None = ...,
    **more: Any,
) -> Node:
    """End what a Start Loop began. What comes after runs once for each value that comes out."""

def ExponentialScheduler(
    *,
    steps: int | _Wire = ...,
    sigma_max: float | _Wire = ...,
    sigma_min: float | _Wire = ...,
) -> Node:
    """Make a schedule in which each step takes away the same share of the noise."""

def ExtendIntermediateSigmas(
    *,
    sigmas: _Wire,
    steps: int | _Wire = ...,
    start_at_sigma: float | _Wire = ...,
    end_at_sigma: float | _Wire = ...,
    spacing: Literal['linear', 'cosine', 'sine'] | _Wire = ...,
) -> Node:
    """Divide some steps of a schedule into several, to spend more time where it matters."""

def FeatherMask(
    *,
    mask: _Wire,
    left: int | _Wire = ...,
    top: int | _Wire = ...,
    right: int | _Wire = ...,
    bottom: int | _Wire = ...,
) -> Node:
    """Let a mask fade out towards the edges of the picture."""

def FlipSigmas(
    *,
    sigmas: _Wire,
) -> Node:
    """Turn a schedule round, to walk from a picture back to the noise that would make it."""

def FreSca(
    *,
    model: _Wire,
    scale_low: float | _Wire = ...,
    scale_high: float | _Wire = ...,
    freq_cutoff: int | _Wire = ...,
) -> Node:
    """Guide large shapes and fine details with different strength (arXiv:2504.02154)."""

def FreeU(
    *,
    model: _Wire,
    b1: float | _Wire = ...,
    b2: float | _Wire = ...,
    s1: float | _Wire = ...,
    s2: float | _Wire = ...,
) -> Node:
    """Get clearer shapes and fewer stray details out of a UNet, at no cost in time."""

def FreeU_V2(
    *,
    model: _Wire,
    b1: float | _Wire = ...,
    b2: float | _Wire = ...,
    s1: float | _Wire = ...,
    s2: float | _Wire = ...,
) -> Node:
    """FreeU in its second version: shapes are made stronger where there are any, and flat parts left alone."""

def GetImageSize(
    *,
    image: _Wire,
) -> Node:
    """Tell how wide and high pictures are, and how many there are."""

def GetItemFromList(
    *,
    list: _Wire,
    index: int | _Wire = ...,
) -> Node:
    """Take one item out of a list."""

def GetVideoComponents(
    *,
    video: _Wire,
) -> Node:
    """Take a film apart: its frames as pictures, its sound, and how fast it goes."""

def GrowMask(
    *,
    mask: _Wire,
    expand: int | _Wire = ...,
    tapered_corners: bool | _Wire = ...,
) -> Node:
    """Make a mask reach further, or less far."""

def HyperTile(
    *,
    model: _Wire,
    tile_size: int | _Wire = ...,
    swap_size: int | _Wire = ...,
    max_depth: int | _Wire = ...,
    scale_depth: bool | _Wire = ...,
) -> Node:
    """Make large pictures faster: places of the picture attend only to others in the same tile."""

def ImageAddNoise(
    *,
    image: _Wire,
    seed: int | _Wire = ...,
    strength: float | _Wire = ...,
) -> Node:
    """Lay grain over pictures."""

def ImageBatch(
    *,
    image1: _Wire,
    image2: _Wire,
) -> Node:
    """Put two batches of pictures into one; the second is brought to the size of the first."""

def ImageBlend(
    *,
    image1: _Wire,
    image2: _Wire,
    blend_factor: float | _Wire = ...,
    blend_mode: Literal['normal', 'multiply', 'screen', 'overlay', 'soft_light', 'difference'] | _Wire = ...,
) -> Node:
    """Mix two pictures. The second is brought to the size of the first."""

def ImageBlur(
    *,
    image: _Wire,
    blur_radius: int | _Wire = ...,
    sigma: float | _Wire = ...,
) -> Node:
    """Soften pictures (a Gaussian blur)."""

def ImageColorToMask(
    *,
    image: _Wire,
    color: int | _Wire = ...,
) -> Node:
    """Make a mask of where pictures have exactly one colour."""

def ImageCompare(
    *,
    compare_view: Any | _Wire = ...,
    image_a: _Wire | None = ...,
    image_b: _Wire | None = ...,
) -> Node:
    """Show two pictures over each other, to be compared with a slider."""

def ImageCompositeMasked(
    *,
    destination: _Wire,
    source: _Wire,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
    resize_source: bool | _Wire = ...,
    mask: _Wire | None = ...,
) -> Node:
    """Lay one picture over another at a place, as far as the mask is white there."""

def ImageCompositor(
    *,
    layers: _Wire,
    compositor: Any | _Wire = ...,
) -> Node:
    """Compose layers to one picture."""

def ImageCrop(
    *,
    image: _Wire,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
) -> Node:
    """Cut a part out of pictures; what lies beyond their edges is left out."""

def ImageCropToMask(
    *,
    images: _Wire,
    masks: _Wire,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    pad_factor: float | _Wire = ...,
    grow_mask: int | _Wire = ...,
    background: Any | _Wire = ...,
) -> Node:
    """Cut out what a mask shows, centred on a plain background, at one size."""

def ImageCropV2(
    *,
    image: _Wire,
    crop_region: Any | _Wire = ...,
) -> Node:
    """Cut a rectangle out of pictures; what lies beyond their edges is left out."""

def ImageDeduplication(
    *,
    images: _Wire,
    similarity_threshold: float | _Wire = ...,
) -> Node:
    """Leave out pictures that look like an earlier one, by a fingerprint of where they get lighter."""

def ImageFlip(
    *,
    image: _Wire,
    flip_method: Literal['x-axis: vertically', 'y-axis: horizontally'] | _Wire = ...,
) -> Node:
    """Mirror pictures."""

def ImageFromBatch(
    *,
    image: _Wire,
    batch_index: int | _Wire = ...,
    length: int | _Wire = ...,
) -> Node:
    """Take some pictures out of a batch."""

def ImageGrid(
    *,
    images: _Wire,
    columns: int | _Wire = ...,
    cell_width: int | _Wire = ...,
    cell_height: int | _Wire = ...,
    padding: int | _Wire = ...,
) -> Node:
    """Lay pictures out in cells of one size, row by row."""

def ImageHistogram(
    *,
    image: _Wire,
) -> Node:
    """Count how many pixels of a picture, or of a whole batch, have each of 256 levels."""

def ImageInvert(
    *,
    image: _Wire,
) -> Node:
    """Turn every colour into its opposite."""

def ImageMergeTileList(
    *,
    image_list: _Wire,
    final_width: int | _Wire = ...,
    final_height: int | _Wire = ...,
    overlap: int | _Wire = ...,
) -> Node:
    """Put the tiles that Split Image made together again; where they overlap one fades into the other."""

def ImagePadForOutpaint(
    *,
    image: _Wire,
    left: int | _Wire = ...,
    top: int | _Wire = ...,
    right: int | _Wire = ...,
    bottom: int | _Wire = ...,
    feathering: int | _Wire = ...,
) -> Node:
    """Give pictures a margin to be painted: inpaint with the mask to continue them beyond their edges."""

def ImageQuantize(
    *,
    image: _Wire,
    colors: int | _Wire = ...,
    dither: Literal['none', 'floyd-steinberg', 'bayer-2', 'bayer-4', 'bayer-8', 'bayer-16'] | _Wire = ...,
) -> Node:
    """Reduce pictures to few colours, chosen for each picture."""

def ImageRGBToYUV(
    *,
    image: _Wire,
) -> Node:
    """Split pictures into lightness and two kinds of colour, to work on each by itself."""

def ImageRotate(
    *,
    image: _Wire,
    rotation: Literal['none', '90 degrees', '180 degrees', '270 degrees'] | _Wire = ...,
) -> Node:
    """Turn pictures clockwise by quarters."""

def ImageScale(
    *,
    image: _Wire,
    upscale_method: Literal['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'] | _Wire = ...,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    crop: Literal['disabled', 'center'] | _Wire = ...,
) -> Node:
    """Bring pictures to a size. A width or height of 0 follows from the other one; both 0 change nothing."""

def ImageScaleBy(
    *,
    image: _Wire,
    upscale_method: Literal['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'] | _Wire = ...,
    scale_by: float | _Wire = ...,
) -> Node:
    """Make pictures larger or smaller by a factor."""

def ImageScaleToMaxDimension(
    *,
    image: _Wire,
    upscale_method: Literal['area', 'lanczos', 'bilinear', 'nearest-exact', 'bicubic'] | _Wire = ...,
    largest_size: int | _Wire = ...,
) -> Node:
    """Scale pictures until their longer side has a length, keeping their proportions."""

def ImageScaleToTotalPixels(
    *,
    image: _Wire,
    upscale_method: Literal['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'] | _Wire = ...,
    megapixels: float | _Wire = ...,
    resolution_steps: int | _Wire = ...,
) -> Node:
    """Scale pictures until they have so many pixels, keeping their proportions."""

def ImageSharpen(
    *,
    image: _Wire,
    sharpen_radius: int | _Wire = ...,
    sigma: float | _Wire = ...,
    alpha: float | _Wire = ...,
) -> Node:
    """Make the edges in pictures harder (unsharp masking)."""

def ImageStitch(
    *,
    image1: _Wire,
    direction: Literal['right', 'down', 'left', 'up'] | _Wire = ...,
    match_image_size: bool | _Wire = ...,
    spacing_width: int | _Wire = ...,
    spacing_color: Literal['white', 'black', 'red', 'green', 'blue'] | _Wire = ...,
    image2: _Wire | None = ...,
) -> Node:
    """Set two pictures side by side. Without a second one the first goes through as it is."""

def ImageToMask(
    *,
    image: _Wire,
    channel: Literal['red', 'green', 'blue', 'alpha'] | _Wire = ...,
) -> Node:
    """Take one channel of pictures as a mask, as it is."""

def ImageUpscaleWithModel(
    *,
    upscale_model: _Wire,
    image: _Wire,
) -> Node:
    """Make pictures as many times larger as a network does, usually 4, with details that it makes up."""

def ImageYUVToRGB(
    *,
    Y: _Wire,
    U: _Wire,
    V: _Wire,
) -> Node:
    """Make pictures of the three parts that Image RGB to YUV gives, at the size of the first."""

def InpaintModelConditioning(
    *,
    positive: _Wire,
    negative: _Wire,
    vae: _Wire,
    pixels: _Wire,
    mask: _Wire,
    noise_mask: bool | _Wire = ...,
) -> Node:
    """Show a picture and its mask to a model that was trained for inpainting."""

def InstructPixToPixConditioning(
    *,
    positive: _Wire,
    negative: _Wire,
    vae: _Wire,
    pixels: _Wire,
) -> Node:
    """Show a picture to a model that edits by instruction, such as "make it winter"."""

def InvertMask(
    *,
    mask: _Wire,
) -> Node:
    """Mean what was not meant: white becomes black."""

def JoinAudioChannels(
    *,
    audio_left: _Wire,
    audio_right: _Wire,
) -> Node:
    """Make a stereo sound of two. The shorter ends with silence, the lower rate becomes the higher."""

def JoinImageWithAlpha(
    *,
    image: _Wire,
    alpha: _Wire,
) -> Node:
    """Make pictures transparent where the mask is white."""

def JsonExtractString(
    *,
    json_string: str | _Wire,
    key: str | _Wire,
) -> Node:
    """Take one field of a JSON object as text. If there is none, or no such JSON, the text is empty."""

def KSampler(
    *,
    model: _Wire,
    seed: int | _Wire = ...,
    steps: int | _Wire = ...,
    cfg: float | _Wire = ...,
    sampler_name: str | _Wire = ...,
    scheduler: str | _Wire = ...,
    positive: _Wire,
    negative: _Wire,
    latent_image: _Wire,
    denoise: float | _Wire = ...,
) -> Node:
    """Denoise a latent with the model, step by step, towards the positive prompt and away from the negative."""

def KSamplerAdvanced(
    *,
    model: _Wire,
    add_noise: Literal['enable', 'disable'] | _Wire = ...,
    noise_seed: int | _Wire = ...,
    steps: int | _Wire = ...,
    cfg: float | _Wire = ...,
    sampler_name: str | _Wire = ...,
    scheduler: str | _Wire = ...,
    positive: _Wire,
    negative: _Wire,
    latent_image: _Wire,
    start_at_step: int | _Wire = ...,
    end_at_step: int | _Wire = ...,
    return_with_leftover_noise: Literal['disable', 'enable'] | _Wire = ...,
) -> Node:
    """Denoise a part of the steps, so that several samplers can share one run: two models, or two prompts."""

def KSamplerSelect(
    *,
    sampler_name: str | _Wire = ...,
) -> Node:
    """Choose a sampling method with its usual settings."""

def KarrasScheduler(
    *,
    steps: int | _Wire = ...,
    sigma_max: float | _Wire = ...,
    sigma_min: float | _Wire = ...,
    rho: float | _Wire = ...,
) -> Node:
    """Make a schedule that spends many steps on little noise, where details are decided (Karras et al.)."""

def LaplaceScheduler(
    *,
    steps: int | _Wire = ...,
    sigma_max: float | _Wire = ...,
    sigma_min: float | _Wire = ...,
    mu: float | _Wire = ...,
    beta: float | _Wire = ...,
) -> Node:
    """Make a schedule that crowds around one noise level. It does not end in zero."""

def LatentAdd(
    *,
    samples1: _Wire,
    samples2: _Wire,
) -> Node:
    """Add two latent images, number by number. The second is brought to the size of the first."""

def LatentApplyOperation(
    *,
    samples: _Wire,
    operation: _Wire,
) -> Node:
    """Do an operation, such as sharpening, to a latent image."""

def LatentApplyOperationCFG(
    *,
    model: _Wire,
    operation: _Wire,
) -> Node:
    """Do an operation, such as sharpening, to the difference between the prompts at each step."""

def LatentBatch(
    *,
    samples1: _Wire,
    samples2: _Wire,
) -> Node:
    """Put two batches of latent images into one; the second is brought to the size of the first."""

def LatentBatchSeedBehavior(
    *,
    samples: _Wire,
    seed_behavior: Literal['random', 'fixed'] | _Wire = ...,
) -> Node:
    """Say whether the latent images of a batch start from the same noise."""

def LatentBlend(
    *,
    samples1: _Wire,
    samples2: _Wire,
    blend_factor: float | _Wire = ...,
) -> Node:
    """Mix two latent images, number by number. The second is brought to the size of the first."""

def LatentComposite(
    *,
    samples_to: _Wire,
    samples_from: _Wire,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
    feather: int | _Wire = ...,
) -> Node:
    """Lay one latent image on another at a place given in pixels."""

def LatentCompositeMasked(
    *,
    destination: _Wire,
    source: _Wire,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
    resize_source: bool | _Wire = ...,
    mask: _Wire | None = ...,
) -> Node:
    """Lay one latent image on another at a place given in pixels, as far as the mask is white there."""

def LatentConcat(
    *,
    samples1: _Wire,
    samples2: _Wire,
    dim: Literal['x', '-x', 'y', '-y', 't', '-t'] | _Wire = ...,
) -> Node:
    """Set two latent images side by side."""

def LatentCrop(
    *,
    samples: _Wire,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
) -> Node:
    """Cut a part out of a latent image, given in pixels."""

def LatentCut(
    *,
    samples: _Wire,
    dim: Literal['x', 'y', 't'] | _Wire = ...,
    index: int | _Wire = ...,
    amount: int | _Wire = ...,
) -> Node:
    """Cut a strip out of a latent image, counted in its cells."""

def LatentCutToBatch(
    *,
    samples: _Wire,
    dim: Literal['t', 'x', 'y'] | _Wire = ...,
    slice_size: int | _Wire = ...,
) -> Node:
    """Cut a latent image into slices, as a batch; what does not fill a slice is left out."""

def LatentFlip(
    *,
    samples: _Wire,
    flip_method: Literal['x-axis: vertically', 'y-axis: horizontally'] | _Wire = ...,
) -> Node:
    """Mirror a latent image; denoise it once more, since details do not turn with it."""

def LatentFromBatch(
    *,
    samples: _Wire,
    batch_index: int | _Wire = ...,
    length: int | _Wire = ...,
) -> Node:
    """Take some latent images out of a batch; each keeps the noise that it has there."""

def LatentInterpolate(
    *,
    samples1: _Wire,
    samples2: _Wire,
    ratio: float | _Wire = ...,
) -> Node:
    """Mix two latent images so that the mixture is as strong as they are. The second is brought to size."""

def LatentMultiply(
    *,
    samples: _Wire,
    multiplier: float | _Wire = ...,
) -> Node:
    """Multiply all numbers of a latent image; a little more than 1 raises the contrast."""

def LatentOperationSharpen(
    *,
    sharpen_radius: int | _Wire = ...,
    sigma: float | _Wire = ...,
    alpha: float | _Wire = ...,
) -> Node:
    """An operation that makes the edges in a latent image harder."""

def LatentOperationTonemapReinhard(
    *,
    multiplier: float | _Wire = ...,
) -> Node:
    """An operation that holds back what is too strong in a latent image, against burnt colours."""

def LatentRotate(
    *,
    samples: _Wire,
    rotation: Literal['none', '90 degrees', '180 degrees', '270 degrees'] | _Wire = ...,
) -> Node:
    """Turn a latent image clockwise by quarters; denoise it once more, since details do not turn with it."""

def LatentSubtract(
    *,
    samples1: _Wire,
    samples2: _Wire,
) -> Node:
    """Take the second latent image from the first, number by number. It is brought to the first's size."""

def LatentUpscale(
    *,
    samples: _Wire,
    upscale_method: Literal['nearest-exact', 'bilinear', 'area', 'bicubic', 'bislerp'] | _Wire = ...,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    crop: Literal['disabled', 'center'] | _Wire = ...,
) -> Node:
    """Bring a latent image to a size given in pixels. Denoise it once more to make it sharp."""

def LatentUpscaleBy(
    *,
    samples: _Wire,
    upscale_method: Literal['nearest-exact', 'bilinear', 'area', 'bicubic', 'bislerp'] | _Wire = ...,
    scale_by: float | _Wire = ...,
) -> Node:
    """Make a latent image larger or smaller by a factor. Denoise it once more to make it sharp."""

def LayersFromBoundingBoxes(
    *,
    image: _Wire,
    bboxes: _Wire,
    mask: _Wire | None = ...,
    layers: _Wire | None = ...,
    crop_to_content: bool | _Wire = ...,
    canvas_width: int | _Wire = ...,
    canvas_height: int | _Wire = ...,
) -> Node:
    """Put the pictures of a batch on a stack of layers, each where its box is and as large as it."""

def LoadAudio(
    *,
    audio: str | _Wire,
) -> Node:
    """Read a sound from the input folder. Needs the package av: pip install safelight[video]."""

def LoadImage(
    *,
    image: str | _Wire,
) -> Node:
    """Read a picture from the input folder."""

def LoadImageDataSetFromFolder(
    *,
    folder: str | _Wire,
) -> Node:
    """Read the pictures of a folder in order of their names, and run the rest of the graph once for each."""

def LoadImageMask(
    *,
    image: str | _Wire,
    channel: Literal['alpha', 'red', 'green', 'blue'] | _Wire = ...,
) -> Node:
    """Read one channel of a picture from the input folder as a mask."""

def LoadImageOutput(
    *,
    image: str | _Wire,
) -> Node:
    """Read a picture that an earlier run saved; where it is transparent becomes the mask."""

def LoadImagesFromFolder(
    *,
    folder: str | _Wire,
    start: int | _Wire = ...,
    limit: int | _Wire = ...,
) -> Node:
    """Read the pictures of a folder in order of their names, and run the rest of the graph once for each."""

def LoadLatent(
    *,
    latent: str | _Wire,
) -> Node:
    """Read a latent image that Save Latent wrote."""

def LoadVideo(
    *,
    file: str | _Wire,
) -> Node:
    """Read a film from the input folder. Needs the package av: pip install safelight[video]."""

def LoraLoader(
    *,
    model: _Wire,
    clip: _Wire,
    lora_name: str | _Wire,
    strength_model: float | _Wire = ...,
    strength_clip: float | _Wire = ...,
) -> Node:
    """Teach a model and its text encoder something more: a style, a character, a way of lighting."""

def LoraLoaderBypass(
    *,
    model: _Wire,
    clip: _Wire,
    lora_name: str | _Wire,
    strength_model: float | _Wire = ...,
    strength_clip: float | _Wire = ...,
) -> Node:
    """The same as Load LoRA (Model and CLIP), for workflows that were saved with this node."""

def LoraLoaderBypassModelOnly(
    *,
    model: _Wire,
    lora_name: str | _Wire,
    strength_model: float | _Wire = ...,
) -> Node:
    """The same as Load LoRA, for workflows that were saved with this node."""

def LoraLoaderModelOnly(
    *,
    model: _Wire,
    lora_name: str | _Wire,
    strength_model: float | _Wire = ...,
) -> Node:
    """Teach a model something more, and leave its text encoder as it is."""

def LoraSave(
    *,
    filename_prefix: str | _Wire = ...,
    rank: int | _Wire = ...,
    lora_type: Literal['standard', 'full_diff'] | _Wire = ...,
    bias_diff: bool | _Wire = ...,
    model_diff: _Wire | None = ...,
    text_encoder_diff: _Wire | None = ...,
) -> Node:
    """Save what one model has learned beyond another as a LoRA, in the output folder."""

def Mahiro(
    *,
    model: _Wire,
) -> Node:
    """Guide more in the direction of the positive prompt where the two prompts disagree."""

def ManualSigmas(
    *,
    sigmas: str | _Wire = ...,
) -> Node:
    """Write a schedule down, level by level."""

def MaskComposite(
    *,
    destination: _Wire,
    source: _Wire,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
    operation: Literal['multiply', 'add', 'subtract', 'and', 'or', 'xor'] | _Wire = ...,
) -> Node:
    """Combine a mask with another one that lies at a place on it; elsewhere it stays as it is."""

def MaskPreview(
    *,
    mask: _Wire,
) -> Node:
    """Show a mask as a grey picture, without saving it for good."""

def MaskToImage(
    *,
    mask: _Wire,
) -> Node:
    """Make grey pictures of a mask."""

def MergeImageLists(
    *,
    images: _Wire,
) -> Node:
    """Make one list of all pictures that come."""

def MergeTextLists(
    *,
    texts: str | _Wire,
) -> Node:
    """Make one list of all texts that come."""

def ModelMergeAdd(
    *,
    model1: _Wire,
    model2: _Wire,
) -> Node:
    """Add the weights of the second model to those of the first."""

def ModelMergeBlocks(
    *,
    model1: _Wire,
    model2: _Wire,
    input: float | _Wire = ...,
    middle: float | _Wire = ...,
    out: float | _Wire = ...,
) -> Node:
    """Mix two models of one family with a ratio for each part of the network."""

def ModelMergeSD1(
    *,
    model1: _Wire,
    model2: _Wire,
    **more: Any,
) -> Node:
    """Mix two Stable Diffusion 1 models with a ratio for each block."""

def ModelMergeSD2(
    *,
    model1: _Wire,
    model2: _Wire,
    **more: Any,
) -> Node:
    """Mix two Stable Diffusion 2 models with a ratio for each block."""

def ModelMergeSDXL(
    *,
    model1: _Wire,
    model2: _Wire,
    **more: Any,
) -> Node:
    """Mix two SDXL models with a ratio for each block."""

def ModelMergeSimple(
    *,
    model1: _Wire,
    model2: _Wire,
    ratio: float | _Wire = ...,
) -> Node:
    """Mix two models of one family: every weight is so much of the first and the rest of the second."""

def ModelMergeSubtract(
    *,
    model1: _Wire,
    model2: _Wire,
    multiplier: float | _Wire = ...,
) -> Node:
    """What the first model has learned beyond the second: the difference of their weights."""

def ModelSamplingAuraFlow(
    *,
    model: _Wire,
    shift: float | _Wire = ...,
) -> Node:
    """Shift the schedule of a flow model that is told its noise level from 0 to 1."""

def ModelSamplingContinuousEDM(
    *,
    model: _Wire,
    sampling: Literal['v_prediction', 'edm', 'edm_playground_v2.5', 'eps', 'cosmos_rflow'] | _Wire = ...,
    sigma_max: float | _Wire = ...,
    sigma_min: float | _Wire = ...,
) -> Node:
    """Sample a model that was trained at any noise level, as Karras et al. do (EDM, arXiv:2206.00364)."""

def ModelSamplingContinuousV(
    *,
    model: _Wire,
    sampling: Literal['v_prediction'] | _Wire = ...,
    sigma_max: float | _Wire = ...,
    sigma_min: float | _Wire = ...,
) -> Node:
    """Sample a model that predicts velocity at any noise level and is told the level as an angle."""

def ModelSamplingDiscrete(
    *,
    model: _Wire,
    sampling: Literal['eps', 'v_prediction', 'lcm', 'x0', 'img_to_img', 'img_to_img_flow'] | _Wire = ...,
    zsnr: bool | _Wire = ...,
) -> Node:
    """Say what a model with a table of noise levels predicts, where its file does not tell it rightly."""

def ModelSamplingFlux(
    *,
    model: _Wire,
    max_shift: float | _Wire = ...,
    base_shift: float | _Wire = ...,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
) -> Node:
    """Shift the schedule of a Flux model to fit the size of the picture."""

def ModelSamplingSD3(
    *,
    model: _Wire,
    shift: float | _Wire = ...,
) -> Node:
    """Shift the schedule of a flow model that is told its noise level from 0 to 1000."""

def ModelSave(
    *,
    model: _Wire,
    filename_prefix: str | _Wire = ...,
) -> Node:
    """Save a denoiser alone as a .safetensors file in the output folder, with what was merged into it."""

def Morphology(
    *,
    image: _Wire,
    operation: Literal['erode', 'dilate', 'open', 'close', 'gradient', 'bottom_hat', 'top_hat'] | _Wire = ...,
    kernel_size: int | _Wire = ...,
) -> Node:
    """Widen, narrow or clean what is light in pictures."""

def NormalizeImages(
    *,
    images: _Wire,
    mean: float | _Wire = ...,
    std: float | _Wire = ...,
) -> Node:
    """Shift and scale the numbers of pictures, as some models want them: (image - mean) / std."""

def NormalizeVideoLatentStart(
    *,
    latent: _Wire,
    start_frame_count: int | _Wire = ...,
    reference_frame_count: int | _Wire = ...,
) -> Node:
    """Bring the first frames of a video's latent to the mean and spread of those that follow, a little."""

def NumberRange(
    *,
    first: float | _Wire = ...,
    last: float | _Wire = ...,
    count: int | _Wire = ...,
    pace: Literal['even', 'smooth'] | _Wire = ...,
    there_and_back: bool | _Wire = ...,
) -> Node:
    """Give numbers from one to another, one by one: for the frames of a film, or to try several values."""

def Painter(
    *,
    mask: str | _Wire = ...,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    bg_color: Any | _Wire = ...,
    image: _Wire | None = ...,
) -> Node:
    """Paint on a canvas, or on a picture."""

def PairConditioningCombine(
    *,
    positive_A: _Wire,
    negative_A: _Wire,
    positive_B: _Wire,
    negative_B: _Wire,
) -> Node:
    """Let two pairs of prompts act together: the positive ones with each other, and the negative ones."""

def PairConditioningSetDefaultCombine(
    *,
    positive: _Wire,
    negative: _Wire,
    positive_DEFAULT: _Wire,
    negative_DEFAULT: _Wire,
    hooks: _Wire | None = ...,
) -> Node:
    """Add a pair of prompts that act where no others do: the background of what masks leave free."""

def PairConditioningSetProperties(
    *,
    positive_NEW: _Wire,
    negative_NEW: _Wire,
    strength: float | _Wire = ...,
    set_cond_area: Literal['default', 'mask bounds'] | _Wire = ...,
    mask: _Wire | None = ...,
    hooks: _Wire | None = ...,
    timesteps: _Wire | None = ...,
) -> Node:
    """Say where and when a positive and a negative prompt act, and with which hooks."""

def PairConditioningSetPropertiesAndCombine(
    *,
    positive: _Wire,
    negative: _Wire,
    positive_NEW: _Wire,
    negative_NEW: _Wire,
    strength: float | _Wire = ...,
    set_cond_area: Literal['default', 'mask bounds'] | _Wire = ...,
    mask: _Wire | None = ...,
    hooks: _Wire | None = ...,
    timesteps: _Wire | None = ...,
) -> Node:
    """Say where and when a new pair of prompts acts and with which hooks, and add it to the others."""

def PatchModelAddDownscale(
    *,
    model: _Wire,
    block_number: int | _Wire = ...,
    downscale_factor: float | _Wire = ...,
    start_percent: float | _Wire = ...,
    end_percent: float | _Wire = ...,
    downscale_after_skip: bool | _Wire = ...,
    downscale_method: Literal['bicubic', 'nearest-exact', 'bilinear', 'area', 'bislerp'] | _Wire = ...,
    upscale_method: Literal['bicubic', 'nearest-exact', 'bilinear', 'area', 'bislerp'] | _Wire = ...,
) -> Node:
    """Make pictures larger than a model was trained at, without doubled heads and repeated motifs."""

def PerpNegGuider(
    *,
    model: _Wire,
    positive: _Wire,
    negative: _Wire,
    empty_conditioning: _Wire,
    cfg: float | _Wire = ...,
    neg_scale: float | _Wire = ...,
) -> Node:
    """Keep away from the negative prompt only where it does not speak about the same as the positive one."""

def PerturbedAttentionGuidance(
    *,
    model: _Wire,
    scale: float | _Wire = ...,
) -> Node:
    """Guide away from what the model sees with its attention blinded, which straightens structure."""

def PlotSigmas(
    *,
    sigmas: _Wire,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    logarithmic: bool | _Wire = ...,
) -> Node:
    """Draw a schedule: the noise level after each step, the highest and the lowest with their numbers."""

def PolyexponentialScheduler(
    *,
    steps: int | _Wire = ...,
    sigma_max: float | _Wire = ...,
    sigma_min: float | _Wire = ...,
    rho: float | _Wire = ...,
) -> Node:
    """Make a schedule like the exponential one, bent towards low noise or towards high."""

def PorterDuffImageComposite(
    *,
    source: _Wire,
    source_alpha: _Wire,
    destination: _Wire,
    destination_alpha: _Wire,
    mode: Literal['ADD', 'CLEAR', 'DARKEN', 'DST', 'DST_ATOP', 'DST_IN', 'DST_OUT', 'DST_OVER', 'LIGHTEN', 'MULTIPLY', 'OVERLAY', 'SCREEN', 'SRC', 'SRC_ATOP', 'SRC_IN', 'SRC_OUT', 'SRC_OVER', 'XOR'] | _Wire = ...,
) -> Node:
    """Compose two pictures with their transparency (masks are white where a picture is transparent)."""

def PreviewAny(
    *,
    source: _Wire,
) -> Node:
    """Show any value as text."""

def PreviewAudio(
    *,
    audio: _Wire,
) -> Node:
    """Play a sound in the editor. It is not kept. Needs the package av: pip install safelight[video]."""

def PreviewImage(
    *,
    images: _Wire,
) -> Node:
    """Show pictures without keeping them: they go to the temporary folder."""

def PrimitiveBoolean(
    *,
    value: bool | _Wire,
) -> Node:
    """Yes or no, for several inputs at once."""

def PrimitiveBoundingBox(
    *,
    x: int | _Wire = ...,
    y: int | _Wire = ...,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
) -> Node:
    """Hold a rectangle, for Crop Image, say."""

def PrimitiveFloat(
    *,
    value: float | _Wire,
) -> Node:
    """A number for several inputs at once."""

def PrimitiveInt(
    *,
    value: int | _Wire,
) -> Node:
    """A whole number for several inputs at once."""

def PrimitiveString(
    *,
    value: str | _Wire,
) -> Node:
    """A line of text for several inputs at once."""

def PrimitiveStringMultiline(
    *,
    value: str | _Wire,
) -> Node:
    """A text of several lines for several inputs at once."""

def RandomCropImages(
    *,
    images: _Wire,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    seed: int | _Wire = ...,
) -> Node:
    """Cut a part out of each picture at a random place, the same for the same seed."""

def RandomNoise(
    *,
    noise_seed: int | _Wire = ...,
) -> Node:
    """Choose the noise that a picture starts from, by its seed."""

def RebatchImages(
    *,
    images: _Wire,
    batch_size: int | _Wire = ...,
) -> Node:
    """Put pictures into batches of a size and run the rest of the graph once for each batch."""

def RebatchLatents(
    *,
    latents: _Wire,
    batch_size: int | _Wire = ...,
) -> Node:
    """Put latent images into batches of a size and run the rest of the graph once for each batch."""

def RegexExtract(
    *,
    string: str | _Wire,
    regex_pattern: str | _Wire,
    mode: Literal['First Match', 'All Matches', 'First Group', 'All Groups'] | _Wire = ...,
    case_insensitive: bool | _Wire = ...,
    multiline: bool | _Wire = ...,
    dotall: bool | _Wire = ...,
    group_index: int | _Wire = ...,
) -> Node:
    """Take what a pattern matches out of a text: each find on a line of its own, nothing if there is none."""

def RegexMatch(
    *,
    string: str | _Wire,
    regex_pattern: str | _Wire,
    case_insensitive: bool | _Wire = ...,
    multiline: bool | _Wire = ...,
    dotall: bool | _Wire = ...,
) -> Node:
    """Tell whether a pattern occurs in a text."""

def RegexReplace(
    *,
    string: str | _Wire,
    regex_pattern: str | _Wire,
    replace: str | _Wire,
    case_insensitive: bool | _Wire = ...,
    multiline: bool | _Wire = ...,
    dotall: bool | _Wire = ...,
    count: int | _Wire = ...,
) -> Node:
    """Replace what a pattern matches."""

def RenormCFG(
    *,
    model: _Wire,
    cfg_trunc: float | _Wire = ...,
    renorm_cfg: float | _Wire = ...,
) -> Node:
    """Guide only once the noise has fallen, and never to a picture stronger than the prompt alone makes."""

def RepeatImageBatch(
    *,
    image: _Wire,
    amount: int | _Wire = ...,
) -> Node:
    """Put a batch of pictures after itself several times."""

def RepeatLatentBatch(
    *,
    samples: _Wire,
    amount: int | _Wire = ...,
) -> Node:
    """Put a batch of latent images after itself several times, each time with other noise."""

def ReplaceText(
    *,
    texts: str | _Wire,
    find: str | _Wire = ...,
    replace: str | _Wire = ...,
) -> Node:
    """Put one piece of text in the place of another, wherever it stands."""

def ReplaceVideoLatentFrames(
    *,
    destination: _Wire,
    index: int | _Wire = ...,
    source: _Wire | None = ...,
) -> Node:
    """Put the frames of one video's latent in place of some of another's."""

def RescaleCFG(
    *,
    model: _Wire,
    multiplier: float | _Wire = ...,
) -> Node:
    """Take back the excess of contrast that strong guidance brings (Lin et al. 2023, arXiv:2305.08891)."""

def ResizeAndPadImage(
    *,
    image: _Wire,
    target_width: int | _Wire = ...,
    target_height: int | _Wire = ...,
    padding_color: Literal['white', 'black'] | _Wire = ...,
    interpolation: Literal['area', 'bicubic', 'nearest-exact', 'bilinear', 'lanczos'] | _Wire = ...,
) -> Node:
    """Fit whole pictures into a size, with bars where the proportions differ."""

def ResizeImageMaskNode(
    *,
    input: _Wire,
    resize_type: Any | _Wire = ...,
    scale_method: Literal['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'] | _Wire = ...,
    **more: Any,
) -> Node:
    """Bring pictures or masks to another size, given in one of several ways."""

def ResizeImagesByLongerEdge(
    *,
    images: _Wire,
    longer_edge: int | _Wire = ...,
) -> Node:
    """Scale pictures until their longer side has a length."""

def ResizeImagesByShorterEdge(
    *,
    images: _Wire,
    shorter_edge: int | _Wire = ...,
) -> Node:
    """Scale pictures until their shorter side has a length."""

def ResolutionSelector(
    *,
    aspect_ratio: Literal['1:1 (Square)', '2:3 (Portrait Photo)', '3:2 (Photo)', '3:4 (Portrait Standard)', '4:3 (Standard)', '9:16 (Portrait Widescreen)', '16:9 (Widescreen)', '21:9 (Ultrawide)'] | _Wire = ...,
    megapixels: float | _Wire = ...,
    multiple: int | _Wire = ...,
) -> Node:
    """Work out a width and a height from proportions and a number of pixels."""

def SDTurboScheduler(
    *,
    model: _Wire,
    steps: int | _Wire = ...,
    denoise: float | _Wire = ...,
) -> Node:
    """Make the schedule of SD-Turbo and SDXL-Turbo: one to ten steps at the levels they were distilled at."""

def SD_4XUpscale_Conditioning(
    *,
    images: _Wire,
    positive: _Wire,
    negative: _Wire,
    scale_ratio: float | _Wire = ...,
    noise_augmentation: float | _Wire = ...,
) -> Node:
    """Show a small picture to the Stable Diffusion x4 upscaler, which paints it four times as large."""

def SampleInTiles(
    *,
    model: _Wire,
    tile_size: int | _Wire = ...,
    overlap: int | _Wire = ...,
) -> Node:
    """Have a model look at a large picture tile by tile, at each step of the sampling."""

def SamplerCustom(
    *,
    model: _Wire,
    add_noise: bool | _Wire = ...,
    noise_seed: int | _Wire = ...,
    cfg: float | _Wire = ...,
    positive: _Wire,
    negative: _Wire,
    sampler: _Wire,
    sigmas: _Wire,
    latent_image: _Wire,
) -> Node:
    """Denoise a latent with a sampler and a schedule of your own."""

def SamplerCustomAdvanced(
    *,
    noise: _Wire,
    guider: _Wire,
    sampler: _Wire,
    sigmas: _Wire,
    latent_image: _Wire,
) -> Node:
    """Denoise a latent with noise, guidance, sampler and schedule each of your own choice."""

def SamplerDPMAdaptative(
    *,
    order: int | _Wire = ...,
    rtol: float | _Wire = ...,
    atol: float | _Wire = ...,
    h_init: float | _Wire = ...,
    pcoeff: float | _Wire = ...,
    icoeff: float | _Wire = ...,
    dcoeff: float | _Wire = ...,
    accept_safety: float | _Wire = ...,
    eta: float | _Wire = ...,
    s_noise: float | _Wire = ...,
) -> Node:
    """A method that chooses its own steps, as long as its error allows; of a schedule it uses the ends."""

def SamplerDPMPP_2M_SDE(
    *,
    solver_type: Literal['midpoint', 'heun'] | _Wire = ...,
    eta: float | _Wire = ...,
    s_noise: float | _Wire = ...,
    noise_device: Literal['gpu', 'cpu'] | _Wire = ...,
) -> Node:
    """DPM-Solver++(2M) on the stochastic equation: fine detail, one evaluation a step."""

def SamplerDPMPP_2S_Ancestral(
    *,
    eta: float | _Wire = ...,
    s_noise: float | _Wire = ...,
) -> Node:
    """DPM-Solver++(2S) with fresh noise in each step."""

def SamplerDPMPP_3M_SDE(
    *,
    eta: float | _Wire = ...,
    s_noise: float | _Wire = ...,
    noise_device: Literal['gpu', 'cpu'] | _Wire = ...,
) -> Node:
    """DPM-Solver++(3M) on the stochastic equation: for many steps."""

def SamplerDPMPP_SDE(
    *,
    eta: float | _Wire = ...,
    s_noise: float | _Wire = ...,
    r: float | _Wire = ...,
    noise_device: Literal['gpu', 'cpu'] | _Wire = ...,
) -> Node:
    """DPM-Solver++(2S) on the stochastic equation: two evaluations a step, good with few steps."""

def SamplerDiffusers(
    *,
    scheduler: str | _Wire = ...,
) -> Node:
    """Walk as one of diffusers' schedulers does, for models that were made for one."""

def SamplerER_SDE(
    *,
    solver_type: Literal['ER-SDE', 'Reverse-time SDE', 'ODE'] | _Wire = ...,
    max_stage: int | _Wire = ...,
    eta: float | _Wire = ...,
    s_noise: float | _Wire = ...,
) -> Node:
    """ER-SDE: little fresh noise where it does no good, for few steps."""

def SamplerEulerAncestral(
    *,
    eta: float | _Wire = ...,
    s_noise: float | _Wire = ...,
) -> Node:
    """Euler's method with fresh noise in each step: quick, and different with every number of steps."""

def SamplerEulerAncestralCFGPP(
    *,
    eta: float | _Wire = ...,
    s_noise: float | _Wire = ...,
) -> Node:
    """Euler's method with fresh noise, whose noise the negative prompt tells: use a guidance of about 1."""

def SamplerEulerCFGpp(
    *,
    version: Literal['regular', 'alternative'] | _Wire = ...,
) -> Node:
    """Euler's method whose noise the negative prompt tells: use a guidance of about 1 (arXiv:2406.08070)."""

def SamplerLCM(
    *,
    s_noise: float | _Wire = ...,
    s_noise_end: float | _Wire = ...,
    noise_clip_std: float | _Wire = ...,
) -> Node:
    """For models made to need few steps: believe each prediction, and noise it afresh (arXiv:2310.04378)."""

def SamplerLMS(
    *,
    order: int | _Wire = ...,
) -> Node:
    """A multistep method: one evaluation a step, and the slopes of the steps before."""

def SamplerSASolver(
    *,
    model: _Wire,
    eta: float | _Wire = ...,
    sde_start_percent: float | _Wire = ...,
    sde_end_percent: float | _Wire = ...,
    s_noise: float | _Wire = ...,
    predictor_order: int | _Wire = ...,
    corrector_order: int | _Wire = ...,
    use_pece: bool | _Wire,
    simple_order_2: bool | _Wire,
) -> Node:
    """SA-Solver: predicts each step and corrects it, with fresh noise during part of the way."""

def SamplerSEEDS2(
    *,
    solver_type: Literal['phi_1', 'phi_2'] | _Wire = ...,
    eta: float | _Wire = ...,
    s_noise: float | _Wire = ...,
    r: float | _Wire = ...,
) -> Node:
    """SEEDS-2: two evaluations a step on the stochastic equation; with r 1 and phi_2, exponential Heun."""

def SamplingPercentToSigma(
    *,
    model: _Wire,
    sampling_percent: float | _Wire = ...,
    return_actual_sigma: bool | _Wire = ...,
) -> Node:
    """Tell the noise level at a moment of the denoising, for nodes that want levels."""

def SaveAnimatedPNG(
    *,
    images: _Wire,
    filename_prefix: str | _Wire = ...,
    fps: float | _Wire = ...,
    compress_level: int | _Wire = ...,
) -> Node:
    """Save a batch of pictures as one animation (APNG), without loss. It carries its workflow."""

def SaveAnimatedWEBP(
    *,
    images: _Wire,
    filename_prefix: str | _Wire = ...,
    fps: float | _Wire = ...,
    lossless: bool | _Wire = ...,
    quality: int | _Wire = ...,
    method: Literal['default', 'fastest', 'slowest'] | _Wire = ...,
) -> Node:
    """Save a batch of pictures as one animation (WebP), small enough to share. It carries its workflow."""

def SaveAudio(
    *,
    audio: _Wire,
    filename_prefix: str | _Wire = ...,
) -> Node:
    """Save a sound without loss (FLAC, 16 bits) in the output folder. It carries its workflow."""

def SaveAudioAdvanced(
    *,
    audio: _Wire,
    filename_prefix: str | _Wire = ...,
    format: Any | _Wire = ...,
    **more: Any,
) -> Node:
    """Save a sound as FLAC (16 bits), MP3 or Opus in the output folder. It carries its workflow."""

def SaveAudioMP3(
    *,
    audio: _Wire,
    filename_prefix: str | _Wire = ...,
    quality: Literal['V0', '128k', '320k'] | _Wire = ...,
) -> Node:
    """Save a sound as MP3 in the output folder. It carries its workflow."""

def SaveAudioOpus(
    *,
    audio: _Wire,
    filename_prefix: str | _Wire = ...,
    quality: Literal['64k', '96k', '128k', '192k', '320k'] | _Wire = ...,
) -> Node:
    """Save a sound as Opus in the output folder. It carries its workflow."""

def SaveImage(
    *,
    images: _Wire,
    filename_prefix: str | _Wire = ...,
) -> Node:
    """Save pictures as PNG files in the output folder. Each carries its workflow and can be opened as one."""

def SaveImageAdvanced(
    *,
    images: _Wire,
    filename_prefix: str | _Wire = ...,
    format: Any | _Wire = ...,
    **more: Any,
) -> Node:
    """Save pictures as PNG of 8 or 16 bits, or as OpenEXR of 32, in the output folder."""

def SaveImageWebsocket(
    *,
    images: _Wire,
) -> Node:
    """Send pictures as PNG over the socket of the program that asked for the run. Nothing is kept on disk."""

def SaveLatent(
    *,
    samples: _Wire,
    filename_prefix: str | _Wire = ...,
) -> Node:
    """Save a latent image in the output folder, to be loaded and denoised further another time."""

def SaveSVGNode(
    *,
    svg: _Wire,
    filename_prefix: str | _Wire = ...,
) -> Node:
    """Save drawings as SVG files in the output folder. Each carries its workflow and can be opened as one."""

def SaveText(
    *,
    text: _Wire,
    filename_prefix: str | _Wire = ...,
    format: Literal['txt', 'csv', 'md', 'json'] | _Wire = ...,
) -> Node:
    """Save a text in the output folder."""

def SaveVideo(
    *,
    video: _Wire,
    filename_prefix: str | _Wire = ...,
    format: Any | _Wire = ...,
    codec: Any | _Wire = ...,
    **more: Any,
) -> Node:
    """Save a film in the output folder. It carries its workflow and can be opened as one."""

def SaveWEBM(
    *,
    images: _Wire,
    filename_prefix: str | _Wire = ...,
    codec: Literal['vp9', 'av1'] | _Wire = ...,
    fps: float | _Wire = ...,
    crf: float | _Wire = ...,
) -> Node:
    """Save a batch of pictures as a film for the web. VP9 keeps what is transparent. It carries its workflow."""

def SeedNode(
    *,
    seed: int | _Wire,
) -> Node:
    """Hold one seed for several nodes."""

def SelfAttentionGuidance(
    *,
    model: _Wire,
    scale: float | _Wire = ...,
    blur_sigma: float | _Wire = ...,
) -> Node:
    """Guide away from what the model makes of a picture that is blurred where it looks most."""

def SetClipHooks(
    *,
    clip: _Wire,
    apply_to_conds: bool | _Wire = ...,
    schedule_clip: bool | _Wire = ...,
    hooks: _Wire | None = ...,
) -> Node:
    """Let hooks change how the prompts are understood that are encoded with this CLIP."""

def SetFirstSigma(
    *,
    sigmas: _Wire,
    sigma: float | _Wire = ...,
) -> Node:
    """Begin a schedule at another level; the other levels stay."""

def SetHookKeyframes(
    *,
    hooks: _Wire,
    hook_kf: _Wire | None = ...,
) -> Node:
    """Let the strength of hooks follow keyframes over the denoising, all of these hooks alike."""

def SetLatentNoiseMask(
    *,
    samples: _Wire,
    mask: _Wire,
) -> Node:
    """Denoise only where the mask is white and keep the rest of the latent image as it is."""

def SetUnionControlNetType(
    *,
    control_net: _Wire,
    type: Literal['auto', 'openpose', 'depth', 'hed/pidi/scribble/ted', 'canny/lineart/anime_lineart/mlsd', 'normal', 'segment', 'tile', 'repaint'] | _Wire = ...,
) -> Node:
    """Tell a ControlNet that knows several kinds of pictures (union, ProMax) which one it will see."""

def ShuffleDataset(
    *,
    images: _Wire,
    seed: int | _Wire = ...,
) -> Node:
    """Bring a list of pictures into a random order, the same for the same seed."""

def ShuffleImageTextDataset(
    *,
    images: _Wire,
    texts: _Wire,
    seed: int | _Wire = ...,
) -> Node:
    """Bring pictures and their texts into the same random order."""

def SkipLayerGuidanceUNet(
    *,
    model: _Wire,
    scale: float | _Wire = ...,
    start_percent: float | _Wire = ...,
    end_percent: float | _Wire = ...,
) -> Node:
    """Guide away from what the model sees without the transformer in its middle, during part of the way."""

def SolidMask(
    *,
    value: float | _Wire = ...,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
) -> Node:
    """Make a mask that is the same everywhere."""

def SplitAudioChannels(
    *,
    audio: _Wire,
) -> Node:
    """Take a stereo sound apart."""

def SplitBatch(
    *,
    images: _Wire,
) -> Node:
    """Run the rest of the graph once for each picture of a batch, with one picture in memory at a time."""

def SplitImageToTileList(
    *,
    image: _Wire,
    tile_width: int | _Wire = ...,
    tile_height: int | _Wire = ...,
    overlap: int | _Wire = ...,
) -> Node:
    """Cut a picture into overlapping tiles and run the rest of the graph once for each."""

def SplitImageWithAlpha(
    *,
    image: _Wire,
) -> Node:
    """Take the transparency of pictures off as a mask; without any the mask is black."""

def SplitSigmas(
    *,
    sigmas: _Wire,
    step: int | _Wire = ...,
) -> Node:
    """Split a schedule at a step, so that two samplers can share one run."""

def SplitSigmasDenoise(
    *,
    sigmas: _Wire,
    denoise: float | _Wire = ...,
) -> Node:
    """Split a schedule by strength: the second part is the share of its steps that makes a picture anew."""

def StartLoop(
    *,
    mode: Any | _Wire = ...,
    cache_iterations: bool | _Wire = ...,
    parent_iteration: _Wire | None = ...,
    initial_iteration_value: _Wire | None = ...,
    **more: Any,
) -> Node:
    """Repeat what stands between here and an End Loop: so many times, or once for each item of a list."""

def StringCompare(
    *,
    string_a: str | _Wire,
    string_b: str | _Wire,
    mode: Literal['Starts With', 'Ends With', 'Equal'] | _Wire = ...,
    case_sensitive: bool | _Wire = ...,
) -> Node:
    """Tell whether two texts are equal, or whether one begins or ends with the other."""

def StringConcatenate(
    *,
    string_a: str | _Wire,
    string_b: str | _Wire,
    delimiter: str | _Wire = ...,
) -> Node:
    """Put one text after another."""

def StringContains(
    *,
    string: str | _Wire,
    substring: str | _Wire,
    case_sensitive: bool | _Wire = ...,
) -> Node:
    """Tell whether a text holds another."""

def StringFormat(
    *,
    values: _Wire = ...,
    f_string: str | _Wire = ...,
    **more: Any,
) -> Node:
    """Put values into a text, where it says {a}, {b} and so on; {{ and }} are plain braces."""

def StringLength(
    *,
    string: str | _Wire,
) -> Node:
    """Count the characters of a text."""

def StringReplace(
    *,
    string: str | _Wire,
    find: str | _Wire,
    replace: str | _Wire,
) -> Node:
    """Replace each occurrence of a text by another."""

def StringSubstring(
    *,
    string: str | _Wire,
    start: int | _Wire,
    end: int | _Wire,
) -> Node:
    """Cut a piece out of a text."""

def StringTrim(
    *,
    string: str | _Wire,
    mode: Literal['Both', 'Left', 'Right'] | _Wire = ...,
) -> Node:
    """Remove spaces and line breaks from the ends of a text."""

def StripWhitespace(
    *,
    texts: str | _Wire,
) -> Node:
    """Take blanks and line breaks off both ends of a text."""

def StyleModelApply(
    *,
    conditioning: _Wire,
    style_model: _Wire,
    clip_vision_output: _Wire,
    strength: float | _Wire = ...,
    strength_type: Literal['multiply', 'attn_bias'] | _Wire = ...,
) -> Node:
    """Put what a picture looks like behind the words of a prompt."""

def StyleModelLoader(
    *,
    style_model_name: str | _Wire,
) -> Node:
    """Choose a network from models/style_models that puts what a picture looks like into a prompt."""

def TCFG(
    *,
    model: _Wire,
) -> Node:
    """Take from the negative prompt only what lies along the positive one (arXiv:2503.18137)."""

def TemporalScoreRescaling(
    *,
    model: _Wire,
    tsr_k: float | _Wire = ...,
    tsr_sigma: float | _Wire = ...,
) -> Node:
    """Steer between variety and evenness: rescale how far each step believes the model (arXiv:2510.01184)."""

def TextOverlay(
    *,
    images: _Wire,
    text: str | _Wire = ...,
    font_size: float | _Wire = ...,
    color: Any | _Wire = ...,
    position: Literal['top', 'bottom'] | _Wire = ...,
    align: Literal['left', 'center', 'right'] | _Wire = ...,
    outline: bool | _Wire = ...,
) -> Node:
    """Write a text on pictures."""

def TextTemplate(
    *,
    template: str | _Wire = ...,
    values: str | _Wire = ...,
    a: _Wire | None = ...,
    b: _Wire | None = ...,
    c: _Wire | None = ...,
    d: _Wire | None = ...,
) -> Node:
    """Fill the placeholders of a text, from lines of `name: value` or from the wires a, b, c and d."""

def TextToLowercase(
    *,
    texts: str | _Wire,
) -> Node:
    """Write a text in small letters."""

def TextToUppercase(
    *,
    texts: str | _Wire,
) -> Node:
    """Write a text in capitals."""

def ThresholdMask(
    *,
    mask: _Wire,
    value: float | _Wire = ...,
) -> Node:
    """Make a mask black and white."""

def TomePatchModel(
    *,
    model: _Wire,
    ratio: float | _Wire = ...,
) -> Node:
    """Make sampling faster: places of the picture that are nearly alike are attended to as one."""

def ToneCurve(
    *,
    image: _Wire,
    curve: Any | _Wire = ...,
    channel: Literal['all', 'red', 'green', 'blue'] | _Wire = ...,
) -> Node:
    """Change how light pictures are by a curve: dark levels are at its left, light ones at its right."""

def TrimAudioDuration(
    *,
    audio: _Wire,
    start_index: float | _Wire = ...,
    duration: float | _Wire = ...,
) -> Node:
    """Take a part of a sound."""

def TrimVideoLatent(
    *,
    samples: _Wire,
    trim_amount: int | _Wire = ...,
) -> Node:
    """Leave out the first frames of a video's latent."""

def TruncateText(
    *,
    texts: str | _Wire,
    max_length: int | _Wire = ...,
) -> Node:
    """Cut a text off after a number of letters."""

def UNETLoader(
    *,
    unet_name: str | _Wire,
    weight_dtype: Literal['default', 'fp8_e4m3fn', 'fp8_e4m3fn_fast', 'fp8_e5m2'] | _Wire = ...,
) -> Node:
    """Choose a file that holds a denoiser alone. Text encoder and VAE have nodes of their own."""

def UNetCrossAttentionMultiply(
    *,
    model: _Wire,
    q: float | _Wire = ...,
    k: float | _Wire = ...,
    v: float | _Wire = ...,
    out: float | _Wire = ...,
) -> Node:
    """Make the attention of a picture to the text weaker or stronger, part by part, to see what happens."""

def UNetSelfAttentionMultiply(
    *,
    model: _Wire,
    q: float | _Wire = ...,
    k: float | _Wire = ...,
    v: float | _Wire = ...,
    out: float | _Wire = ...,
) -> Node:
    """Make the attention of a picture to itself weaker or stronger, part by part, to see what happens."""

def UpscaleModelLoader(
    *,
    model_name: str | _Wire,
) -> Node:
    """Choose a network that makes pictures larger, or cleaner, from models/upscale_models."""

def VAEDecode(
    *,
    samples: _Wire,
    vae: _Wire,
) -> Node:
    """Turn a latent image into a picture."""

def VAEDecodeTiled(
    *,
    samples: _Wire,
    vae: _Wire,
    tile_size: int | _Wire = ...,
    overlap: int | _Wire = ...,
    temporal_size: int | _Wire = ...,
    temporal_overlap: int | _Wire = ...,
) -> Node:
    """Turn a latent image into a picture tile by tile, where the whole would not fit into memory."""

def VAEEncode(
    *,
    pixels: _Wire,
    vae: _Wire,
) -> Node:
    """Turn a picture into a latent image, to be denoised again or upscaled."""

def VAEEncodeForInpaint(
    *,
    pixels: _Wire,
    vae: _Wire,
    mask: _Wire,
    grow_mask_by: int | _Wire = ...,
) -> Node:
    """Blank out what the mask covers and encode the rest, so that only the covered part is made anew."""

def VAEEncodeTiled(
    *,
    pixels: _Wire,
    vae: _Wire,
    tile_size: int | _Wire = ...,
    overlap: int | _Wire = ...,
    temporal_size: int | _Wire = ...,
    temporal_overlap: int | _Wire = ...,
) -> Node:
    """Turn a picture into a latent image tile by tile, where the whole would not fit into memory."""

def VAELoader(
    *,
    vae_name: str | _Wire,
) -> Node:
    """Choose a VAE file: what turns pictures into latents and back. It replaces the one of a checkpoint."""

def VAESave(
    *,
    vae: _Wire,
    filename_prefix: str | _Wire = ...,
) -> Node:
    """Save a VAE alone as a .safetensors file in the output folder."""

def VPScheduler(
    *,
    steps: int | _Wire = ...,
    beta_d: float | _Wire = ...,
    beta_min: float | _Wire = ...,
    eps_s: float | _Wire = ...,
) -> Node:
    """Make a schedule that is even in the time of a variance-preserving process (Song et al.)."""

def VideoFrameSample(
    *,
    video: _Wire,
    num_frames: int | _Wire = ...,
    strategy: Literal['uniform', 'head', 'tail', 'random'] | _Wire = ...,
    seed: int | _Wire = ...,
) -> Node:
    """Take some frames of a film, in their order, as a film of its own."""

def VideoLinearCFGGuidance(
    *,
    model: _Wire,
    min_cfg: float | _Wire = ...,
) -> Node:
    """Let guidance rise over the pictures of a batch: the first has min_cfg, the last the sampler's."""

def VideoRandomTemporalCrop(
    *,
    video: _Wire,
    length: int | _Wire = ...,
    seed: int | _Wire = ...,
) -> Node:
    """Take a part of a film, with its sound, that begins at a random frame, the same for the same seed."""

def VideoTemporalCrop(
    *,
    video: _Wire,
    start_frame: int | _Wire = ...,
    length: int | _Wire = ...,
) -> Node:
    """Take a part of a film, with its sound, by frames."""

def VideoTriangleCFGGuidance(
    *,
    model: _Wire,
    min_cfg: float | _Wire = ...,
) -> Node:
    """Let guidance rise to the middle of a batch and fall again: the first and last pictures have min_cfg."""

def WebcamCapture(
    *,
    image: Any | _Wire,
    width: int | _Wire = ...,
    height: int | _Wire = ...,
    capture_on_queue: bool | _Wire = ...,
) -> Node:
    """Take a picture with the camera of the computer whose browser shows the editor."""

def unCLIPCheckpointLoader(
    *,
    ckpt_name: str | _Wire,
) -> Node:
    """Choose a model that is told of pictures as well as of text: Stable Diffusion 2.1 unCLIP, l or h."""

def unCLIPConditioning(
    *,
    conditioning: _Wire,
    clip_vision_output: _Wire,
    strength: float | _Wire = ...,
    noise_augmentation: float | _Wire = ...,
) -> Node:
    """Tell an unCLIP model of a picture beside the text; several can be put one after the other."""

