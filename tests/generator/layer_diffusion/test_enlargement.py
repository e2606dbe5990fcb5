import numpy as np
import pytest
import torch

from generator.layer_diffusion import enlargement
from generator.layer_diffusion.enlargement import blurred, bounds, enlarged, enlarged_part
from generator.layer_diffusion.resampling import (
    RGBA8,
    planes_from_rgba,
    resampled,
    rgba_from_planes,
)


def disc(side: int) -> RGBA8:
    """A red disc with a smooth light, drawn finely and averaged."""
    fine = 8 * side
    y, x = (np.mgrid[:fine, :fine] + 0.5) / fine
    inside = (x - 0.5) ** 2 + (y - 0.45) ** 2 < 0.35**2
    rgba = np.zeros((fine, fine, 4), np.float32)
    rgba[..., 0] = 1
    rgba[..., 1] = np.exp(-((x - 0.4) ** 2 + (y - 0.35) ** 2) / 0.02)
    rgba[..., 3] = 1
    rgba[..., :3] *= inside[..., None]
    rgba[..., 3] *= inside
    means = rgba.reshape(side, 8, side, 8, 4).mean((1, 3))
    return rgba_from_planes(torch.from_numpy(means).permute(2, 0, 1)[None])


def error(one: RGBA8, other: RGBA8) -> float:
    return float((planes_from_rgba(one) - planes_from_rgba(other)).square().mean())


@pytest.mark.parametrize("scale", [2, 4])
def test_a_disc_comes_nearer_to_the_large_one_than_by_lanczos(scale: int) -> None:
    small, large = disc(64), disc(64 * scale)
    plain = rgba_from_planes(resampled(planes_from_rgba(small), large.shape[:2]))
    assert error(enlarged(small, scale), large) < 0.6 * error(plain, large)


def test_nothing_stays_nothing_and_solid_stays_solid() -> None:
    small = disc(64)
    large = enlarged(small, 4)
    assert not large[:8].any()
    assert (large[100:130, 100:150, 3] == 255).all()
    # 2 given pixels beyond the rim, and within it
    near = torch.from_numpy(small[..., 3].copy())[None, None].float()
    least, most = (plane.numpy()[0, 0] for plane in bounds(near, 2))
    again = large[2::4, 2::4, 3]
    assert (again[most == 0] == 0).all()
    assert (again[least == 255] == 255).all()


def test_parts_are_parts_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    given = rng.integers(0, 256, (45, 70, 4), np.uint8)
    whole = resampled(planes_from_rgba(given), (140, 90))
    for box in ((0, 0, 140, 90), (33, 20, 97, 71), (100, 60, 140, 90)):
        x0, y0, x1, y1 = box
        part = enlarged_part(given, 2, box)
        assert (part - whole[:, :, y0:y1, x0:x1]).abs().max() < 1e-5
    beyond = enlarged_part(given, 2, (130, 80, 160, 100))
    assert torch.equal(beyond[..., 10:, 10:], beyond[..., 9:10, 9:10].expand(1, 4, 10, 20))
    at_once = enlarged(given, 2)
    monkeypatch.setattr(enlargement, "PART", 32)
    in_parts = enlarged(given, 2)
    seen = (at_once[..., 3] > 8) & (in_parts[..., 3] > 8)
    apart = np.abs(at_once.astype(int) - in_parts.astype(int))
    assert apart[..., 3].max() <= 1
    assert apart[seen].max() <= 1


def test_a_blur_keeps_the_mean_and_even_planes() -> None:
    planes = torch.zeros(1, 2, 41, 41)
    planes[:, 0] = 0.25
    planes[:, 1, 20, 20] = 1
    soft = blurred(planes, 3)
    assert (soft[:, 0] - 0.25).abs().max() < 1e-6
    assert float(soft[:, 1].sum()) == pytest.approx(1, abs=1e-5)
    assert float(soft[0, 1, 20, 20]) == pytest.approx(1 / (2 * np.pi * 9), rel=0.01)
