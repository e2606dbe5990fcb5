import numpy as np
import pytest
import torch
from PIL import Image

from generator.layer_diffusion.resampling import (
    lanczos_along,
    planes_from_rgba,
    resampled,
    resampled_coverage,
    rgba_from_planes,
    straight_colour,
)


def test_every_visible_byte_survives_the_way_there_and_back() -> None:
    alpha = np.arange(256, dtype=np.uint8)
    rgba = np.zeros((256, 256, 4), np.uint8)
    rgba[..., 3] = alpha[:, None]
    rgba[..., 0] = alpha[None, :]
    rgba[..., 1] = 255 - alpha[None, :]
    back = rgba_from_planes(planes_from_rgba(rgba))
    assert np.array_equal(back[1:], rgba[1:])
    assert not back[0].any()


def test_colour_under_nothing_does_not_bleed_in() -> None:
    rgba = np.zeros((8, 8, 4), np.uint8)
    rgba[...] = (0, 255, 0, 0)
    rgba[:, :4] = (255, 0, 0, 255)
    for size in ((4, 4), (16, 16), (5, 11)):
        back = rgba_from_planes(resampled(planes_from_rgba(rgba), size))
        seen = back[..., 3] > 0
        assert back.shape == (size[1], size[0], 4)
        assert (back[seen][:, 0] == 255).all()
        assert not back[seen][:, 1].any()


@pytest.mark.parametrize(("before", "after"), [(40, 80), (80, 33), (7, 7), (1, 5), (5, 1)])
def test_the_window_is_pillows(before: int, after: int) -> None:
    row = torch.rand(1, 1, 1, before, generator=torch.Generator().manual_seed(1))
    picture = Image.fromarray(row[0, 0].numpy())
    expected = np.asarray(picture.resize((after, 1), Image.Resampling.LANCZOS))
    assert np.abs(lanczos_along(row, 3, after)[0, 0].numpy() - expected).max() < 2e-6


def test_overshoot_is_cut_and_the_same_size_is_the_same_tensor() -> None:
    planes = torch.rand(1, 4, 12, 9, generator=torch.Generator().manual_seed(2)).round()
    planes[:, :3] *= planes[:, 3:]
    larger = resampled(planes, (31, 40))
    assert larger.min() >= 0
    assert (larger[:, :3] <= larger[:, 3:]).all()
    assert larger.max() <= 1
    assert resampled(planes, (9, 12)) is planes


def test_a_selection_stays_nothing_and_all_away_from_its_rim() -> None:
    selection = torch.zeros(1, 1, 20, 20)
    selection[..., :10] = 1
    larger = resampled_coverage(selection, (60, 50))
    assert (larger[..., :27] == 1).all()
    assert (larger[..., 33:] == 0).all()


def test_straight_colour_times_alpha_is_what_it_was() -> None:
    planes = torch.rand(1, 4, 6, 6, generator=torch.Generator().manual_seed(3))
    planes[:, :3] *= planes[:, 3:]
    planes[..., 0] = 0
    colour = straight_colour(planes)
    assert (colour * planes[:, 3:] - planes[:, :3]).abs().max() < 1e-6
    assert colour[..., 0].abs().max() == 0
