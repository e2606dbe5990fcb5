"""Which LoRAs let a model make a picture in few steps, and how it must then be sampled.

Known by words in the LoRA's name here, its file's name, and what its trainer wrote into the file;
the steps too. Sources: the cards of latent-consistency/lcm-lora-sdxl, ByteDance/SDXL-Lightning,
ByteDance/Hyper-SD, h1t/TCD-SDXL-LoRA, stabilityai/sdxl-turbo, tianweiy/DMD2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from generator.layer_diffusion.roads import Sampler

NOTES: Final = ("modelspec.title", "ss_output_name")
STEPS = re.compile(r"(?<!\d)(\d{1,2})[ _-]?steps?(?![a-z])", re.IGNORECASE)
WITH_NEGATIVE = re.compile(r"(?<![a-z])cfg(?![a-z])", re.IGNORECASE)
MOST_STEPS = 16
NO_GUIDANCE = 1.0  # the negative half cancels out and is not computed


@dataclass(frozen=True, slots=True)
class FewSteps:
    """How to sample where nobody says otherwise; the sampler is not left to choice."""

    sampler: Sampler
    steps: int
    guidance: float


# The steps of a DDIM with trailing times, which Hyper-SD asks for, are Euler's.
KINDS: Final[dict[str, FewSteps]] = {
    "lightning": FewSteps(Sampler.EULER_TRAILING, 8, NO_GUIDANCE),
    "hyper": FewSteps(Sampler.EULER_TRAILING, 8, NO_GUIDANCE),
    "turbo": FewSteps(Sampler.EULER_TRAILING, 4, NO_GUIDANCE),
    "dmd2": FewSteps(Sampler.LCM, 4, NO_GUIDANCE),
    "tcd": FewSteps(Sampler.TCD, 4, NO_GUIDANCE),
    "lcm": FewSteps(Sampler.LCM, 8, 1.5),
}
WORDS: Final = {
    kind: re.compile(
        rf"(?:(?<![A-Za-z])(?i:{kind})|(?<![A-Z])(?:{kind.capitalize()}|{kind.upper()}))(?![a-z])"
    )
    for kind in KINDS
}
HYPER_GUIDANCE = 5.0  # of Hyper-SD's files that keep guidance, 5 to 8 by their card


def few_steps_of(name: str, file_name: str, notes: Mapping[str, str]) -> FewSteps | None:
    """Return how to sample with a LoRA of these names and metadata; None for all others."""
    words = " ".join([name, file_name, *(notes.get(each, "") for each in NOTES)])
    kind = next((kind for kind, pattern in WORDS.items() if pattern.search(words)), None)
    if kind is None:
        return None
    usual = KINDS[kind]
    found = STEPS.search(words)
    steps = int(found[1]) if found and 1 <= int(found[1]) <= MOST_STEPS else usual.steps
    if kind == "hyper" and WITH_NEGATIVE.search(words):
        return FewSteps(usual.sampler, steps, HYPER_GUIDANCE)
    if kind == "hyper" and steps == 1:  # one file for one step and for more, by its own solver
        return FewSteps(Sampler.TCD, 4, NO_GUIDANCE)
    return FewSteps(usual.sampler, steps, usual.guidance)
