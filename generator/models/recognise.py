"""What a weight file is, from the names and shapes of its tensors alone.

Knows checkpoints, LoRAs, control models and style adapters of SD 1.5 and SDXL, and the published
LayerDiffusion files; whatever it is not sure of is unknown, with the reason in words.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from generator.models.header import Shapes


class Kind(StrEnum):
    """What a file can be used as."""

    CHECKPOINT = "checkpoint"
    LORA = "LoRA"
    LAYERS = "LayerDiffusion weights"
    DECODER = "LayerDiffusion decoder"
    ENCODER = "LayerDiffusion encoder"
    CONTROL = "control model"
    STYLE = "style adapter"
    IMAGE_ENCODER = "image encoder"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is, of which family ("" where unknown or for both), and more in words."""

    kind: Kind
    family: str
    words: str


UNET = "model.diffusion_model."
FAMILY_OF_WIDTH = {768: "sd15", 2048: "sdxl"}  # of the text that cross-attention listens to
TITLES = {"sd15": "SD 1.5", "sdxl": "SDXL"}
# LoRAs there are for the model that ships, too: what one trains oneself.
LORA_WIDTHS = FAMILY_OF_WIDTH | {128: "pocket"}
LORA_TITLES = TITLES | {"pocket": "Pocket"}

TEXT_KEY = re.compile(
    r"attn2[._](?:processor[._])?to_[kv](?:_lora)?[._](?:lora\.down|lora_down|lora_A|down)[._]"
)
LORA_KEY = re.compile(r"[._](?:lora_down|lora_up|lora_A|lora_B|lora\.down|lora\.up)[._]")
OTHER_ADAPTER = re.compile(r"\.(?:hada_w1_a|lokr_w1|oft_blocks|dora_scale)")
DEPTH = re.compile(r"transformer_blocks[._](\d+)")

REFINER_WIDTH = 2560  # of what SDXL's refiner is told besides the text; SDXL itself: 2816
CONTROL_MARKS = ("input_hint_block.0.weight", "controlnet_cond_embedding.conv_in.weight")

# SDXL patches: channels of conv_in are 4 of the layer and 4 for each picture it is given.
SDXL_GIVEN = {4: "no picture", 8: "one picture", 12: "two pictures"}


def recognise(shapes: Shapes) -> Recognised:
    """Say what a file with these tensors is."""
    for look in (_layer_diffusion, _checkpoint, _control, _style, _lora):
        found = look(shapes)
        if found is not None:
            return found
    return _unknown("its tensors are those of no kind of model that is known here")


def _unknown(words: str) -> Recognised:
    return Recognised(Kind.UNKNOWN, "", words)


def _layer_diffusion(shapes: Shapes) -> Recognised | None:
    if shapes.get("latent_conv_in.weight") == (64, 4, 1, 1):
        return Recognised(Kind.DECODER, "", "decoder of transparency")
    if shapes.get("blocks.16.weight") == (4, 256, 3, 3) and len(shapes) == 18:
        return Recognised(Kind.ENCODER, "", "encoder of transparency")
    if "hookers.layers.0.to_q_lora.0.down.weight" in shapes:
        return _attention_sharing(shapes)
    if any("::" in name for name in shapes):
        return _sdxl_patch(shapes, "diffusion_model.input_blocks.0.0.weight::diff::0")
    is_patch = "conv_in.weight" in shapes and "time_embedding.linear_1.weight" not in shapes
    if is_patch and "down_blocks.0.resnets.0.conv1.weight" in shapes:
        return _sdxl_patch(shapes, "conv_in.weight")
    return None


def _attention_sharing(shapes: Shapes) -> Recognised:
    frames = sum(f"hookers.layers.0.to_q_lora.{each}.down.weight" in shapes for each in range(8))
    is_conditional = any(name.startswith("kwargs_encoder.") for name in shapes)
    match frames, is_conditional:
        case 1, False:
            words = "a transparent layer"
        case 2, True:
            words = "a background for a foreground, or the other way round"
        case 3, False:
            words = "foreground, background and scene together"
        case _:
            return _unknown(f"weights for {frames} layers at once, which nobody has published")
    return Recognised(Kind.LAYERS, "sd15", words)


def _sdxl_patch(shapes: Shapes, conv_in: str) -> Recognised:
    if conv_in not in shapes:
        return Recognised(Kind.LAYERS, "sdxl", "a transparent layer, by attention")
    given = SDXL_GIVEN.get(shapes[conv_in][1] if len(shapes[conv_in]) == 4 else 0)
    if given is None:
        return _unknown("a patch for a network that takes other pictures than SDXL's do")
    return Recognised(Kind.LAYERS, "sdxl", f"a patch that is given {given}")


def _checkpoint(shapes: Shapes) -> Recognised | None:
    conv_in = shapes.get(f"{UNET}input_blocks.0.0.weight")
    if conv_in is None or len(conv_in) != 4:
        return None
    if conv_in[1] == 9:
        return _unknown("a checkpoint for inpainting, whose network takes 9 channels instead of 4")
    if conv_in[1] != 4:
        return _unknown(f"a checkpoint whose network takes {conv_in[1]} channels instead of 4")
    texts = [s for name, s in shapes.items() if name.endswith("attn2.to_k.weight") and len(s) == 2]
    family = FAMILY_OF_WIDTH.get(texts[0][1] if texts else 0, "")
    labels = shapes.get(f"{UNET}label_emb.0.0.weight")
    if labels is not None and labels[-1] == REFINER_WIDTH:
        return _unknown("the refiner of SDXL, which only finishes what SDXL has begun")
    if not family or (labels is not None) != (family == "sdxl"):
        return _unknown("a checkpoint of another family than SD 1.5 and SDXL")
    encoder = "conditioner.embedders.1." if family == "sdxl" else "cond_stage_model."
    for prefix, what in ((encoder, "text encoder"), ("first_stage_model.", "autoencoder")):
        if not any(name.startswith(prefix) for name in shapes):
            return _unknown(f"a checkpoint of {TITLES[family]} without its {what}")
    return Recognised(Kind.CHECKPOINT, family, f"{TITLES[family]} checkpoint")


def _control(shapes: Shapes) -> Recognised | None:
    if "lora_controlnet" in shapes:
        return _unknown("a control model as a LoRA, which needs its base to be whole")
    if any(name.startswith("task_embedding") for name in shapes):
        return _unknown("a union of several control models")
    if not any(name.endswith(CONTROL_MARKS) for name in shapes):
        return None
    texts = [s for name, s in shapes.items() if name.endswith("attn2.to_k.weight") and len(s) == 2]
    family = FAMILY_OF_WIDTH.get(texts[0][1] if texts else 0, "")
    if not family:
        return _unknown("a control model of another family than SD 1.5 and SDXL")
    return Recognised(Kind.CONTROL, family, f"control model for {TITLES[family]}")


def _style(shapes: Shapes) -> Recognised | None:
    if "vision_model.embeddings.class_embedding" in shapes and "visual_projection.weight" in shapes:
        return _unknown("an image encoder without its configuration: get image-encoder fetches it")
    to_key = shapes.get("ip_adapter.1.to_k_ip.weight")
    if to_key is None:
        return None
    family = FAMILY_OF_WIDTH.get(to_key[1] if len(to_key) == 2 else 0, "")
    if not family:
        return _unknown("a style adapter of another family than SD 1.5 and SDXL")
    if "image_proj.latents" in shapes:
        return Recognised(Kind.STYLE, family, f"style adapter for {TITLES[family]}, plus")
    if "image_proj.proj.weight" in shapes:
        return Recognised(Kind.STYLE, family, f"style adapter for {TITLES[family]}")
    return _unknown("a style adapter for faces, which needs a face recogniser")


def _lora(shapes: Shapes) -> Recognised | None:
    if any(OTHER_ADAPTER.search(name) for name in shapes):
        return _unknown("an adapter of another kind than LoRA (such as LoHa, LoKr or DoRA)")
    if not any(LORA_KEY.search(name) for name in shapes):
        return None
    family = _lora_family(shapes)
    if not family:
        return _unknown("a LoRA of another family than SD 1.5 and SDXL, or one that cannot be told")
    return Recognised(Kind.LORA, family, f"LoRA for {LORA_TITLES[family]}")


def _lora_family(shapes: Shapes) -> str:
    """Tell by the width of the text it listens to, else by what only one of the families has."""
    for name, shape in shapes.items():
        if TEXT_KEY.search(name) and len(shape) in (2, 4):
            return LORA_WIDTHS.get(shape[1], "")
    is_unet = re.compile(r"(?:lora_)?unet[._]")
    names = [name for name in shapes if is_unet.match(name)]
    depths = [int(match[1]) for name in names for match in DEPTH.finditer(name)]
    if any(name.startswith(("lora_te2_", "text_encoder_2.")) for name in shapes):
        return "sdxl"
    # SD 1.5 has one block in each transformer, SDXL two or ten.
    return "sdxl" if max(depths, default=0) > 0 else ("sd15" if _sd15_widths(shapes) else "")


def _sd15_widths(shapes: Shapes) -> bool:
    """Whether an attention of the highest resolution is adapted, where SDXL has none."""
    top = re.compile(r"unet[._](?:down_blocks[._]0|up_blocks[._]3)[._]attentions")
    return any(top.search(name) for name in shapes)
