import colorsys

import numpy as np
import pytest

from editor.document.adjustment import (
    Adjustment,
    BrightnessContrast,
    ColorBalance,
    Curves,
    HueSaturation,
    Invert,
    LevelRange,
    Levels,
)
from editor.document.pixels import TILE
from editor.render import by_reference, native
from editor.render.adjusting import adjusted, channel_tables, curve_values, prepared
from editor.render.program import Op, Step
from editor.render.reference import luminosity

ALL = (
    Invert(),
    Curves(rgb=((0, 20), (120, 60), (255, 230)), blue=((10, 0), (255, 200))),
    Levels(rgb=LevelRange(20, 230, 1.6, 10, 250), green=LevelRange(0, 200, 0.7)),
    BrightnessContrast(-20, 35),
    BrightnessContrast(0, 100),
    HueSaturation(70, 40, -10),
    HueSaturation(0, 100, 0),
    HueSaturation(200, 60, 15, colorize=True),
    ColorBalance((20, -40, 10), (-30, 10, 60), (5, 5, -50)),
    ColorBalance((0, 0, 0), (50, 0, -50), (0, 90, 0), keep_luminosity=False),
)
COLORS = np.random.default_rng(3).random((500, 3))


def after(adjustment: Adjustment, colors: np.ndarray = COLORS) -> np.ndarray:
    return adjusted(*prepared(adjustment), colors)


@pytest.mark.parametrize(
    "neutral",
    [BrightnessContrast(), Levels(), Curves(), HueSaturation(), ColorBalance()],
    ids=lambda each: type(each).__name__,
)
def test_without_a_setting_nothing_changes(neutral: Adjustment) -> None:
    assert np.allclose(after(neutral), COLORS, atol=1e-6)


def test_inverted() -> None:
    assert np.allclose(after(Invert()), 1 - COLORS, atol=1e-6)


def test_levels_spread_the_input_over_the_output() -> None:
    table = channel_tables(Levels(rgb=LevelRange(50, 200, 2.0, 10, 240)))[0] * 255
    assert np.allclose(table[:51], 10)
    assert np.allclose(table[200:], 240)
    assert np.isclose(table[125], 10 + 230 * 0.5**0.5)


def test_a_curve_passes_its_points_and_is_level_beyond() -> None:
    points = ((30, 10), (90, 140), (200, 180), (240, 255))
    values = curve_values(points, np.arange(256) / 255) * 255
    for given, output in points:
        assert np.isclose(values[given], output)
    assert np.allclose(values[:30], 10)
    assert np.allclose(values[240:], 255)
    assert np.allclose(curve_values(((0, 255), (255, 0)), np.array([0.25])), 0.75)


def test_channels_come_before_all_together() -> None:
    curves = Curves(rgb=((0, 255), (255, 0)), red=((0, 0), (255, 51)))
    assert np.allclose(after(curves, np.array([[1.0, 0.25, 0.0]])), [[0.8, 0.75, 1.0]], atol=1e-6)


def test_brightness_shifts_and_contrast_pulls_about_the_middle() -> None:
    grey = np.full((1, 3), 127 / 255)
    assert np.allclose(after(BrightnessContrast(50, 0), grey) * 255, 177, atol=1e-4)
    assert np.allclose(after(BrightnessContrast(0, -100)), 127 / 255, atol=1e-6)
    assert np.allclose(after(BrightnessContrast(0, 50), grey + 20 / 255) * 255, 167, atol=1e-3)


@pytest.mark.parametrize("turn", [-180, -75, 33, 120])
def test_hue_turns_in_hls(turn: int) -> None:
    for color, made in zip(COLORS[:60], after(HueSaturation(hue=turn))[:60], strict=True):
        hue, light, saturation = colorsys.rgb_to_hls(*color)
        wanted = colorsys.hls_to_rgb((hue + turn / 360) % 1, light, saturation)
        assert np.allclose(made, wanted, atol=1e-5)


def test_saturation_and_lightness() -> None:
    grey = after(HueSaturation(saturation=-100))
    assert np.allclose(grey, ((COLORS.max(1) + COLORS.min(1)) / 2)[:, None], atol=1e-6)
    for color, made in zip(COLORS[:40], after(HueSaturation(saturation=50))[:40], strict=True):
        hue, light, saturation = colorsys.rgb_to_hls(*color)
        assert np.allclose(made, colorsys.hls_to_rgb(hue, light, min(1, saturation * 2)), atol=1e-5)
    assert np.allclose(after(HueSaturation(lightness=100)), 1)
    assert np.allclose(after(HueSaturation(lightness=-50)), COLORS / 2, atol=1e-6)


def test_in_one_hue() -> None:
    made = after(HueSaturation(120, 60, 0, colorize=True))
    for color, own in zip(COLORS[:40], made[:40], strict=True):
        light = float(luminosity(color)[0])
        assert np.allclose(own, colorsys.hls_to_rgb(1 / 3, light, 0.6), atol=1e-5)


def test_colour_balance_keeps_luminosity_or_not() -> None:
    colors = 0.3 + 0.4 * COLORS
    shift = ColorBalance(midtones=(40, 0, 0))
    assert np.allclose(luminosity(after(shift, colors)), luminosity(colors), atol=1e-5)
    free = after(ColorBalance(midtones=(40, 0, 0), keep_luminosity=False), colors)
    assert (free[:, 0] > colors[:, 0]).all()
    assert np.allclose(free[:, 1:], colors[:, 1:], atol=1e-6)
    dark, light = np.full((1, 3), 0.05), np.full((1, 3), 0.95)
    low = ColorBalance(shadows=(0, 50, 0), keep_luminosity=False)
    assert after(low, dark)[0, 1] > 0.3
    assert np.allclose(after(low, light), light, atol=1e-6)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("adjustment", ALL, ids=str)
@pytest.mark.parametrize("opacity", [1.0, 128 / 255])
def test_the_kernels_are_within_a_level_of_the_formulas(
    adjustment: Adjustment, opacity: float
) -> None:
    rng = np.random.default_rng(5)
    tile = rng.integers(0, 256, (TILE, TILE, 4), dtype=np.uint8)
    tile[:40, :, 1:3] = tile[:40, :, :1]
    mask = rng.integers(0, 256, (TILE, TILE), dtype=np.uint8)
    how = prepared(adjustment)
    values = (how.values, None, None, None)
    steps = [
        Step(Op.SOURCE, tiles=(tile, None, None, None)),
        Step(Op.ADJUST, opacity=opacity, mask=mask, tiles=values, source_x=int(how.how)),
    ]
    out = np.empty((TILE, TILE, 4), np.uint8)
    native.run(steps, (0, 0), out, for_display=True)
    exact = by_reference.run(steps, (0, 0)) * 255
    assert np.abs(out[..., (2, 1, 0, 3)] - exact).max() <= 1.0
