"""Failed alphas are told from good ones, however soft, thin or grey these are."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from generator.layer_diffusion.guidance.alpha_check import alpha_warning
from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.models.catalogue import model_in
from generator.request import GenerationRequest

POCKET = Path(__file__).parents[4] / "resources" / "models" / "pocket"

Plane = NDArray[Any]

SIDE = 192
Y, X = np.mgrid[0:SIDE, 0:SIDE]


def _picture(alpha: Plane) -> Plane:
    """A coloured pattern under that alpha over mid grey, as a VAE decodes it."""
    pattern = np.stack([(X // 12 % 2) * 255, (Y // 9 % 2) * 200, (X + Y) % 256], 2)
    shown: Plane = pattern * alpha[..., None] / 255 + 127 * (1 - alpha[..., None] / 255)
    levels: Plane = shown.astype(np.uint8)
    return levels


def _layer(alpha: Plane) -> Plane:
    colour = np.full((SIDE, SIDE, 3), (180, 90, 40))
    layer: Plane = np.concatenate([colour, alpha[..., None]], 2).astype(np.uint8)
    return layer


def _disc(x: float, y: float, radius: float) -> Plane:
    disc: Plane = np.clip((radius - np.hypot(X - x, Y - y)) + 0.5, 0, 1) * 255
    return disc


GOOD = {
    "a disc": _disc(96, 96, 60),
    "a ring": _disc(96, 96, 70) - _disc(96, 96, 62),
    "glass": _disc(96, 96, 70) * 0.3,
    "a glow": 220 * np.exp(-(((X - 96) ** 2 + (Y - 96) ** 2) / (2 * 30**2))),
    "hair": ((X % 8 < 2) & (Y > 40) & (Y < 150) & (X > 30) & (X < 160)) * 230,
    "fills the picture": _disc(96, 96, 120),
    "a small thing": _disc(96, 96, 12),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_layer_is_let_through(name: str) -> None:
    alpha = GOOD[name].astype(np.uint8)
    assert alpha_warning(_layer(alpha), _picture(alpha)) is None
    assert alpha_warning(_layer(alpha), None) is None


def test_an_opaque_layer_is_told() -> None:
    alpha = np.full((SIDE, SIDE), 255, np.uint8)
    alpha[:1, :20] = 0  # 99.9 % opaque
    said = alpha_warning(_layer(alpha), None)
    assert said is not None
    assert "opaque" in said
    assert "seed" in said


@pytest.mark.parametrize("alpha", [np.zeros((SIDE, SIDE)), _disc(96, 96, 1), (X * 0 + 3)])
def test_an_empty_layer_is_told(alpha: Plane) -> None:
    said = alpha_warning(_layer(alpha.astype(np.uint8)), None)
    assert said is not None
    assert "empty" in said


def test_an_alpha_elsewhere_than_the_subject_is_told() -> None:
    picture = _picture(_disc(60, 60, 50))
    said = alpha_warning(_layer(_disc(140, 140, 45).astype(np.uint8)), picture)
    assert said is not None
    assert "does not follow" in said


def test_an_alpha_of_blobs_over_a_whole_scene_is_told() -> None:
    picture = _picture(np.full((SIDE, SIDE), 255))
    blobs = ((np.sin(X / 17) * np.sin(Y / 13)) > 0.55) * 255  # about four fifths empty
    assert 0.7 < np.mean(blobs == 0) < 0.9
    said = alpha_warning(_layer(blobs.astype(np.uint8)), picture)
    assert said is not None
    assert "does not follow" in said


def test_large_pictures_are_judged_alike() -> None:
    large: Plane = np.kron(_disc(60, 60, 50).astype(np.uint8), np.ones((6, 6), np.uint8))
    picture: Plane = np.kron(_picture(_disc(60, 60, 50)), np.ones((6, 6, 1), np.uint8))
    layer = np.concatenate([picture, large[..., None]], 2)
    assert alpha_warning(layer, picture) is None
    layer[..., 3] = large[::-1, ::-1]
    assert alpha_warning(layer, picture) is not None


@pytest.mark.skipif(
    not (POCKET / "model.json").exists(), reason="resources/models/pocket holds no weights"
)
def test_soft_grey_and_thin_layers_of_the_model_that_ships_are_let_through() -> None:
    pipeline = LayerDiffusionPipeline(load(model_in(POCKET), torch.device("cpu"), torch.float32))
    for words in ("a glass ball", "smoke", "brown hair", "a red apple", "a gray box", "a feather"):
        request = GenerationRequest(words, pipeline.parts.card.native_size, 11)
        outcome = pipeline.run(request, lambda _: None, lambda: False)
        assert outcome.warnings == (), words
