"""Layers mirrored and turned in their place, pixel for pixel."""

import numpy as np
import pytest

from editor.document.geometry import Point
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.edits.selection import SelectAll
from editor.render.composite import composite

NOISE = np.random.default_rng(5).integers(1, 256, (30, 20, 4), np.uint8)
WAYS = {
    "flip_across": lambda pixels: pixels[:, ::-1],
    "flip_down": lambda pixels: pixels[::-1],
    "right": lambda pixels: np.rot90(pixels, -1),
    "left": lambda pixels: np.rot90(pixels, 1),
    "half": lambda pixels: np.rot90(pixels, 2),
}


def noise() -> PixelLayer:
    return PixelLayer(
        id=new_layer_id(), name="noise", pixels=Pixels.from_array(NOISE), offset=Point(100, 60)
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("selected", [False, True])
def test_each_way_in_its_place(window, opened, way: str, selected: bool) -> None:
    workspace = opened(noise())
    if selected:
        workspace.do(SelectAll(), "Select all")
    window.actions_by_id[f"transform.{way}"].trigger()
    layer = workspace.document.layers[0]
    assert abs(layer.rect.x0 + layer.rect.x1 - 220) <= 1
    assert abs(layer.rect.y0 + layer.rect.y1 - 150) <= 1
    assert np.array_equal(composite(workspace.document, layer.rect), WAYS[way](NOISE))


def test_back_again(window, opened) -> None:
    workspace = opened(noise())
    for way in ("right", "left", "flip_down", "flip_down", "half", "half"):
        window.actions_by_id[f"transform.{way}"].trigger()
    layer = workspace.document.layers[0]
    assert layer.rect == (100, 60, 120, 90)
    assert np.array_equal(composite(workspace.document, layer.rect), NOISE)


def test_an_empty_layer_says_so(window, opened) -> None:
    workspace = opened(noise())
    window.actions_by_id["layer.new"].trigger()
    window.actions_by_id["transform.half"].trigger()
    assert "nothing to transform" in window.messages.text
    assert workspace.history.steps[-1].label == "New layer"
