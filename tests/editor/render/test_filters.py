import numpy as np
import pytest

from editor.document.geometry import Point, Rect
from editor.document.pixels import Coverage, Pixels
from editor.render import filters, native
from editor.render.filters import Area, blur_reach, blurred, defringed, filtered, sharpened

FAR = Rect(-500, -500, 500, 500)
RED = (220, 20, 30)


def ball(colour: tuple[int, int, int], ground: tuple[int, int, int] | None = None) -> np.ndarray:
    """A disk with a soft edge; with a ground its edge has the colours of both."""
    y, x = np.mgrid[:40, :40] - 19.5
    alpha = np.clip((15 - np.hypot(x, y)) / 4, 0, 1)
    rgba = np.zeros((40, 40, 4), np.uint8)
    share = alpha[..., None] if ground is not None else 1.0
    rgba[..., :3] = np.array(colour) * share + np.array(ground or (0, 0, 0)) * (1 - share)
    rgba[..., 3] = alpha * 255 + 0.5
    return rgba


def area(rect: Rect, bounds: Rect = FAR, **given: object) -> Area:
    return Area(rect, bounds, **given)


def test_blur_is_the_gaussian_and_loses_no_alpha() -> None:
    dot = np.zeros((1, 1, 4), np.uint8)
    dot[:] = 255
    pixels = Pixels.from_array(np.repeat(np.repeat(dot, 9, 0), 9, 1), Point(20, 20))
    reach = blur_reach(2.0)
    made = filtered(pixels, area(Rect(10, 10, 40, 40)), reach, blurred(2.0))
    alpha = made.read(Rect(0, 0, 50, 50))[..., 3].astype(float)
    assert abs(alpha.sum() / 255 - 81) < 0.6
    at = np.arange(50) - 24
    share = np.exp(-((at[:, None] - np.arange(-4, 5)[None]) ** 2) / 8).sum(1)
    share /= np.exp(-(np.arange(-6, 7) ** 2) / 8).sum()
    assert np.abs(alpha[24] - np.minimum(share * share[24], 1) * 255).max() < 3


def test_transparent_colour_does_not_bleed() -> None:
    rgba = ball(RED)
    rgba[rgba[..., 3] == 0, :3] = (0, 255, 0)
    made = filtered(Pixels.from_array(rgba), area(Rect(-12, -12, 52, 52)), 9, blurred(3.0))
    seen = made.read(Rect(-12, -12, 52, 52))
    solid = seen[..., 3] > 8
    assert np.abs(seen[solid][:, :3].astype(int) - RED).max() <= 6


def test_what_ends_at_the_canvas_goes_on() -> None:
    pixels = Pixels.from_array(np.full((30, 60, 4), (10, 20, 30, 255), np.uint8))
    canvas = Rect(0, 0, 60, 30)
    made = filtered(pixels, area(canvas, canvas), blur_reach(4), blurred(4.0))
    assert (made.read(canvas) == (10, 20, 30, 255)).all()


def test_the_selection_bounds_it_and_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    rgba = rng.integers(0, 256, (90, 110, 4), dtype=np.uint8)
    pixels = Pixels.from_array(rgba, Point(-20, 7))
    region = Coverage.of_rect(Rect(0, 20, 50, 60))
    inside = area(Rect(0, 20, 50, 60), region=region)
    whole = filtered(pixels, inside, 6, blurred(2.0))
    rest = whole.read(Rect(-20, 7, 90, 97))
    rest[13:53, 20:70] = rgba[13:53, 20:70]
    assert np.array_equal(rest, rgba)
    monkeypatch.setattr(filters, "BLOCK", 16)
    small = filtered(pixels, inside, 6, blurred(2.0))
    assert np.array_equal(small.read(Rect(0, 20, 50, 60)), whole.read(Rect(0, 20, 50, 60)))


@pytest.mark.usefixtures("kernels")
def test_the_kernel_sums_as_numpy_does(monkeypatch: pytest.MonkeyPatch) -> None:
    block = np.random.default_rng(1).random((40, 30, 4), dtype=np.float32)
    weights = filters.gaussian(3.0)
    made = filters.summed_rows(block, weights)
    monkeypatch.setattr(native, "load_or_order", lambda: False)
    assert np.allclose(made, filters.summed_rows(block, weights), atol=1e-6)


def test_sharpening_keeps_alpha_and_spares_small_differences() -> None:
    rgba = ball(RED)
    rgba[:, 20:, :3] = (120, 120, 120)
    rgba[:, 30:, :3] = (122, 120, 120)
    pixels = Pixels.from_array(rgba)
    made = filtered(pixels, area(Rect(0, 0, 40, 40)), 6, sharpened(2.0, 1.0, 0.05)).read(
        Rect(0, 0, 40, 40)
    )
    assert np.array_equal(made[..., 3], rgba[..., 3])
    assert made[20, 19, 0] > rgba[20, 19, 0] + 20
    assert made[20, 20, 0] < rgba[20, 20, 0] - 20
    assert np.array_equal(made[20, 26:], rgba[20, 26:])


def test_edges_get_the_colour_inside() -> None:
    green = ball(RED, ground=(0, 255, 0))
    pixels = Pixels.from_array(green)
    made = filtered(pixels, area(Rect(0, 0, 40, 40)), 6, defringed(6)).read(Rect(0, 0, 40, 40))
    assert np.array_equal(made[..., 3], green[..., 3])
    edge = (made[..., 3] > 2) & (made[..., 3] < 250)
    assert np.abs(made[edge][:, :3].astype(int) - RED).max() <= 12
    assert green[edge][:, 1].max() > 180
    solid = made[..., 3] >= 250
    assert np.array_equal(made[solid], green[solid])
