import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from generator.layer_diffusion.fitting import (
    Native,
    Working,
    cropped,
    fitted,
    fitted_rgba,
    made_opaque,
    over_mid_grey,
    working_for,
)
from generator.layer_diffusion.resampling import planes_from_rgba, rgba_from_planes

SDXL = Native((1024, 1024), True, 64)
SD15 = Native((512, 512), True, 64)
POCKET = Native((256, 256), False, 32)


@pytest.mark.parametrize(
    ("wanted", "size", "crop"),
    [
        ((1024, 1024), (1024, 1024), (0, 0, 1024, 1024)),
        ((896, 1152), (896, 1152), (0, 0, 896, 1152)),
        ((1000, 1030), (1024, 1088), (12, 29, 1012, 1059)),
        ((3000, 2000), (1280, 896), (13, 30, 1267, 866)),
        ((100, 50), (1472, 768), (12, 22, 1460, 746)),
        ((8192, 100), (2048, 64), (0, 19, 2048, 44)),
        ((1, 1), (1024, 1024), (0, 0, 1024, 1024)),
    ],
)
def test_sizes_are_worked_in_what_the_model_needs(
    wanted: tuple[int, int], size: tuple[int, int], crop: tuple[int, int, int, int]
) -> None:
    assert working_for(wanted, SDXL) == Working(size, crop)


@given(st.integers(1, 8192), st.integers(1, 8192), st.sampled_from([SD15, SDXL]))
def test_any_box_is_worked_in_reason(width: int, height: int, native: Native) -> None:
    working = working_for((width, height), native)
    x0, y0, x1, y1 = working.crop
    assert all(side % native.multiple == 0 for side in working.size)
    assert 0 <= x0 < x1 <= working.size[0]
    assert 0 <= y0 < y1 <= working.size[1]
    assert x1 - x0 > working.size[0] - native.multiple
    assert y1 - y0 > working.size[1] - native.multiple
    made = working.size[0] * working.size[1]
    assert made < 2 * native.size[0] * native.size[1]
    across, down = working.crop_size
    assert abs(across * height / width - down) <= 1 + height / width or down == 1


def test_a_model_of_one_size_holds_the_box_or_is_free() -> None:
    assert working_for((600, 300), POCKET) == Working((256, 256), (0, 64, 256, 192), True)
    assert working_for((3, 300), POCKET) == Working((256, 256), (126, 0, 129, 256), True)
    assert working_for((600, 300), POCKET, is_free=True) == Working((256, 256), (0, 0, 256, 256))


def test_a_picture_of_the_working_size_comes_back_to_the_byte() -> None:
    rng = np.random.default_rng(1)
    rgba = rng.integers(0, 256, (100, 90, 4), np.uint8)
    rgba[..., 3] |= 1
    working = working_for((90, 100), Native((96, 96), True, 32))
    planes = fitted_rgba(rgba, working)
    assert planes.shape == (1, 4, 128, 96)
    assert np.array_equal(rgba_from_planes(cropped(planes, working)), rgba)
    assert torch.equal(planes[:, :, :14], planes[:, :, 14:15].expand(-1, -1, 14, -1))


def test_in_a_letterbox_a_cut_out_stands_free_and_a_picture_goes_on() -> None:
    working = working_for((128, 64), POCKET)
    planes = torch.ones(1, 4, 64, 128)
    assert float(fitted(planes, working)[:, 3].min()) == 1
    planes[:, :, 0, 0] = 0
    letterboxed = fitted(planes, working)
    assert float(letterboxed[:, :, :64].max()) == 0
    assert float(letterboxed[:, :, 192:].max()) == 0


def test_a_cut_out_is_over_grey_in_any_size() -> None:
    rgba = np.zeros((32, 32, 4), np.uint8)
    rgba[...] = (255, 255, 255, 0)
    rgba[8:24, 8:24] = (200, 40, 0, 255)
    grey = over_mid_grey(fitted_rgba(rgba, Working((64, 64), (0, 0, 64, 64))))
    assert (grey[0, :, 0, 0] == 0.5).all()
    assert torch.allclose(grey[0, :, 32, 32], torch.tensor([200, 40, 0]) / 255, atol=1e-6)


def test_holes_of_a_background_take_the_colours_around_them() -> None:
    rng = np.random.default_rng(2)
    rgba = rng.integers(0, 256, (40, 50, 4), np.uint8)
    rgba[..., 3] = 255
    planes = planes_from_rgba(rgba)
    assert made_opaque(planes) is planes
    rgba[:, :] = (30, 120, 200, 255)
    rgba[10:30, 10:30] = 0
    filled = made_opaque(planes_from_rgba(rgba))
    assert torch.equal(filled[:, 3:], torch.ones(1, 1, 40, 50))
    colour = torch.tensor([30, 120, 200]).view(1, 3, 1, 1) / 255
    assert (filled[:, :3] - colour).abs().max() < 1e-5
    empty = made_opaque(torch.zeros(1, 4, 8, 8))
    assert (empty[:, :3] == 0.5).all()
