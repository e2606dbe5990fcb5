from collections.abc import Callable

import pytest
import torch

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.wearing import Dress, Seen, Wardrobe
from generator.models.catalogue import Model
from generator.request import GenerationError

SEEN = Seen(torch.zeros(1, 4, 8, 8), torch.zeros(1, 3, 64, 64))


@pytest.fixture(scope="module")
def sd15(tiny_models: Callable[[str], Model]) -> Parts:
    return load(tiny_models("sd15"))


@pytest.fixture(scope="module")
def sdxl(tiny_models: Callable[[str], Model]) -> Parts:
    return load(tiny_models("sdxl"))


def test_what_a_patch_replaces_is_counted_until_it_is_off(sdxl: Parts) -> None:
    with Wardrobe(sdxl).wearing("layer", Dress()) as worn:
        names = ("to_q.weight", "to_k.weight", "to_v.weight", "to_out.0.weight")
        changed = [w.nbytes for n, w in sdxl.unet.named_parameters() if n.endswith(names)]
        assert worn.kept_bytes == sum(changed) > 0
        worn.take_off()
        assert (worn.is_on, worn.kept_bytes) == (False, 0)
        worn.take_off()


def test_wearing_nothing_changes_nothing(sdxl: Parts) -> None:
    before = {name: weight.data_ptr() for name, weight in sdxl.unet.named_parameters()}
    with Wardrobe(sdxl).wearing("", Dress()) as worn:
        assert {n: w.data_ptr() for n, w in sdxl.unet.named_parameters()} == before
        assert worn.kept_bytes == 0


@pytest.mark.parametrize(
    ("family", "wears", "pictures"),
    [
        ("sd15", "background", 0),
        ("sd15", "background", 2),
        ("sdxl", "layer", 1),
        ("sdxl", "foreground-to-blended", 0),
        ("sdxl", "blended-to-background", 1),
    ],
)
def test_weights_that_see_other_pictures_than_given_are_one_sentence(
    request: pytest.FixtureRequest, family: str, wears: str, pictures: int
) -> None:
    parts: Parts = request.getfixturevalue(family)
    before = {name: weight.data_ptr() for name, weight in parts.unet.named_parameters()}
    with (
        pytest.raises(GenerationError, match=r"sees .* pictures?, and \d are given"),
        Wardrobe(parts).wearing(wears, Dress(seen=(SEEN,) * pictures)),
    ):
        pass
    assert {n: w.data_ptr() for n, w in parts.unet.named_parameters()} == before


def test_shared_attention_is_loaded_once_and_can_be_forgotten(sd15: Parts) -> None:
    wardrobe = Wardrobe(sd15)
    loaded = []
    for wears in ("layer", "layer", "together"):
        with wardrobe.wearing(wears, Dress()):
            assert wardrobe._sharing is not None
            loaded.append(wardrobe._sharing[1])
    assert loaded[0] is loaded[1]
    assert loaded[1] is not loaded[2]
    wardrobe.forget()
    assert wardrobe._sharing is None


def test_a_file_for_the_other_family_is_one_sentence(sd15: Parts, sdxl: Parts) -> None:
    wrong = Wardrobe(sdxl)
    sdxl.weights["layer"], own = sd15.weights["layer"], sdxl.weights["layer"]
    try:
        with (
            pytest.raises(GenerationError, match=r"Stable Diffusion 1\.5"),
            wrong.wearing("layer", Dress()),
        ):
            pass
    finally:
        sdxl.weights["layer"] = own
