"""Scaling keeps soft edges clean."""

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.render.resample import Resampling, fitted, scaled, thumbnail


def soft_disc(side: int = 64) -> np.ndarray:
    y, x = np.mgrid[:side, :side] - side / 2
    rgba = np.zeros((side, side, 4), np.uint8)
    rgba[..., :3] = (10, 250, 10)
    rgba[..., 3] = np.clip(side / 2 - np.hypot(x, y), 0, 12) * 20
    rgba[rgba[..., 3] == 0, :3] = (255, 0, 255)  # what must not bleed in
    return rgba


@pytest.mark.parametrize("resampling", list(Resampling))
@pytest.mark.parametrize("size", [Size(17, 40), Size(200, 130), Size(1, 1)])
def test_hidden_colour_does_not_bleed_in(resampling: Resampling, size: Size) -> None:
    out = scaled(soft_disc(), size, resampling)
    assert out.shape == (size.height, size.width, 4)
    visible = out[..., 3] >= 4
    assert np.abs(out[visible][:, :3].astype(int) - (10, 250, 10)).max() <= 1
    assert not out[out[..., 3] == 0].any()


def test_area_keeps_the_mean() -> None:
    rng = np.random.default_rng(1)
    rgba = rng.integers(0, 256, (64, 64, 4), dtype=np.uint8)
    out = scaled(rgba, Size(1, 1), Resampling.AREA)[0, 0].astype(float)
    weight = rgba[..., 3:] / 255
    assert np.abs(out[:3] - (rgba[..., :3] * weight).sum((0, 1)) / weight.sum()).max() <= 1
    assert abs(out[3] - rgba[..., 3].mean()) <= 1


def test_opaque_stays_opaque_and_a_flat_colour_flat() -> None:
    rgba = np.full((40, 30, 4), (7, 77, 177, 255), np.uint8)
    assert (scaled(rgba, Size(55, 21)) == rgba[0, 0]).all()
    faint = np.full((40, 30, 4), (7, 77, 177, 1), np.uint8)
    assert (scaled(faint, Size(55, 21)) == faint[0, 0]).all()


def test_no_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be"):
        scaled(np.zeros((3, 3, 4), np.uint8), Size(0, 4))


def test_thumbnails_keep_the_shape_and_never_enlarge() -> None:
    assert fitted(np.zeros((400, 100, 4), np.uint8), 64).shape == (64, 16, 4)
    assert fitted(np.zeros((4, 10, 4), np.uint8), 64).shape == (4, 10, 4)
    layer = PixelLayer(
        id=new_layer_id(), name="", pixels=Pixels.from_array(soft_disc()), offset=Point(100, 50)
    )
    document = Document(size=Size(400, 200), layers=(layer,))
    small = thumbnail(document, 100)
    assert small.shape == (50, 100, 4)
    assert small[20, 32, 3] == 240
    assert not small[:, :20].any()
