"""Which checkpoints are known to spoil transparency, told before they are used; none is refused.

Judged by tensors' names, and by words in the file's name and notes; it may err, and says "often".
Source: reports on the released method, sd-forge-layerdiffuse #145, ComfyUI-layerdiffuse #14, #124,
#133, LayerDiffuse #12, LayerDiffuse_DiffusersCLI #4.
"""

import re
from collections.abc import Mapping
from typing import Final

from generator.models.header import Shapes
from generator.models.registry import read_registry

V_PREDICTION: Final = frozenset({"v_pred", "ztsnr"})  # empty tensors by which checkpoints say so
NOTES: Final = ("modelspec.title", "modelspec.architecture", "ss_sd_model_name", "ss_output_name")

# Words of their own, in any case, or beginning with a capital inside a longer name.
DRAWN = re.compile(r"(?i:illustrious|noob[ _-]?ai|animagine)|(?<![A-Za-z])[Pp]ony(?![a-z])")
HASTY = re.compile(
    r"(?:(?<![A-Za-z])(?i:lightning|lcm|turbo|hyper|tcd|dmd2?)"
    r"|(?<![A-Z])(?:Lightning|LCM|Turbo|Hyper|TCD|DMD2?))(?![a-z])"
)

V_WORDS = (
    "It predicts velocity, and the weights for transparency were trained on models that predict "
    "noise: alpha may fail."
)
DRAWN_WORDS = (
    "Checkpoints of its kind (Illustrious, NoobAI, Animagine, Pony) often draw a background where "
    "there should be none; asking for a plain grey background helps."
)
HASTY_WORDS = (
    "Checkpoints merged for few steps often make poor alpha; a plain checkpoint with a LoRA for "
    "few steps does better."
)


def spoils_alpha(name: str, family: str, shapes: Shapes, notes: Mapping[str, str]) -> str:
    """Return in words why a checkpoint of that name may make poor alpha; "" where nothing is known.

    `notes` is the file's metadata.
    """
    words = " ".join([name, *(notes.get(each, "") for each in NOTES)])
    said = []
    if V_PREDICTION & shapes.keys():
        said.append(V_WORDS)
    if family == "sdxl" and DRAWN.search(words):
        said.append(DRAWN_WORDS)
    if HASTY.search(words):
        said.append(HASTY_WORDS)
    return " ".join(said)


def said_of(model: str) -> tuple[str, ...]:
    """Return what was said of a user's checkpoint when it was added, as warnings for a result."""
    files = (each for each in read_registry().files if each.name == model and each.warning)
    return tuple(f"{each.name}: {each.warning}" for each in files)
