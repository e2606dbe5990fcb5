"""LoRAs for few steps are known by their names, and by what stands in their files."""

import pytest

from generator.layer_diffusion.guidance.few_steps import FewSteps, few_steps_of
from generator.layer_diffusion.roads import Sampler

EULER, LCM, TCD = Sampler.EULER_TRAILING, Sampler.LCM, Sampler.TCD


@pytest.mark.parametrize(
    ("name", "file_name", "expected"),
    [
        ("sdxl-lcm", "pytorch_lora_weights", FewSteps(LCM, 8, 1.5)),
        ("lcm-lora-sdv1-5", "lcm-lora-sdv1-5", FewSteps(LCM, 8, 1.5)),
        ("mine", "sdxl_lightning_4step_lora", FewSteps(EULER, 4, 1.0)),
        ("sdxl-lightning", "sdxl_lightning_8step_lora", FewSteps(EULER, 8, 1.0)),
        ("sdxl-lightning", "renamed", FewSteps(EULER, 8, 1.0)),
        ("mine", "sd_xl_turbo_lora_v1", FewSteps(EULER, 4, 1.0)),
        ("mine", "Hyper-SDXL-8steps-CFG-lora", FewSteps(EULER, 8, 5.0)),
        ("mine", "Hyper-SD15-12steps-CFG-lora", FewSteps(EULER, 12, 5.0)),
        ("mine", "Hyper-SDXL-2steps-lora", FewSteps(EULER, 2, 1.0)),
        ("mine", "Hyper-SDXL-1step-lora", FewSteps(TCD, 4, 1.0)),
        ("mine", "tcd-sdxl-lora", FewSteps(TCD, 4, 1.0)),
        ("mine", "dmd2_sdxl_4step_lora_fp16", FewSteps(LCM, 4, 1.0)),
        ("mine", "DreamyTurbo", FewSteps(EULER, 4, 1.0)),
    ],
)
def test_known_ones(name: str, file_name: str, expected: FewSteps) -> None:
    assert few_steps_of(name, file_name, {}) == expected


@pytest.mark.parametrize(
    "name", ["hyperrealism", "ink style", "enlightenment", "calcmark", "turbocharger", "30 steps"]
)
def test_others_are_plain(name: str) -> None:
    assert few_steps_of(name, name, {}) is None


def test_what_the_trainer_wrote_counts() -> None:
    assert few_steps_of("a", "b", {"modelspec.title": "LCM for inks"}) == FewSteps(LCM, 8, 1.5)
    assert few_steps_of("a", "b", {"modelspec.author": "LCM"}) is None


def test_a_number_that_is_no_count_of_steps_is_left() -> None:
    assert few_steps_of("lightning", "step-000800", {}) == FewSteps(EULER, 8, 1.0)
    assert few_steps_of("lightning", "60steps", {}) == FewSteps(EULER, 8, 1.0)
