"""What an adjustment layer does to the colours below it, in the numbers that Photoshop shows.

Plain fields only, because they travel in files; formulas are in `render/adjusting.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

CurvePoint = tuple[int, int]  # input and output, 0 to 255
Curve = tuple[CurvePoint, ...]  # by rising input, two to nineteen points
Shift = tuple[int, int, int]  # red, green, blue, -100 to 100
STRAIGHT: Curve = ((0, 0), (255, 255))


class AdjustmentKind(StrEnum):
    """The kinds there are, by the names they have in files."""

    BRIGHTNESS = "brightness"
    LEVELS = "levels"
    CURVES = "curves"
    HUE = "hue"
    BALANCE = "balance"
    INVERT = "invert"


@dataclass(frozen=True, slots=True)
class BrightnessContrast:
    """Every level shifted, and pulled from or to the middle grey: -100 to 100 each."""

    brightness: int = 0
    contrast: int = 0


@dataclass(frozen=True, slots=True)
class LevelRange:
    """Input levels from `black` to `white` spread over the output, with gamma between them."""

    black: int = 0  # 0 to 253
    white: int = 255  # black + 2 to 255
    gamma: float = 1.0  # 0.10 to 9.99
    out_black: int = 0
    out_white: int = 255


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of each channel, then of all together."""

    rgb: LevelRange = LevelRange()
    red: LevelRange = LevelRange()
    green: LevelRange = LevelRange()
    blue: LevelRange = LevelRange()


@dataclass(frozen=True, slots=True)
class Curves:
    """A curve for each channel, then one for all together."""

    rgb: Curve = STRAIGHT
    red: Curve = STRAIGHT
    green: Curve = STRAIGHT
    blue: Curve = STRAIGHT


@dataclass(frozen=True, slots=True)
class HueSaturation:
    """Hue turned by degrees, saturation and lightness changed; or all in one hue."""

    hue: int = 0  # -180 to 180; 0 to 360 when colorizing
    saturation: int = 0  # -100 to 100; 0 to 100 when colorizing
    lightness: int = 0  # -100 to 100
    colorize: bool = False


@dataclass(frozen=True, slots=True)
class ColorBalance:
    """Red, green and blue added to the dark, the middle and the light tones."""

    shadows: Shift = (0, 0, 0)
    midtones: Shift = (0, 0, 0)
    highlights: Shift = (0, 0, 0)
    keep_luminosity: bool = True


@dataclass(frozen=True, slots=True)
class Invert:
    """Every colour turned to its opposite."""


Adjustment = BrightnessContrast | Levels | Curves | HueSaturation | ColorBalance | Invert

ADJUSTMENTS: dict[AdjustmentKind, type[Adjustment]] = {
    AdjustmentKind.BRIGHTNESS: BrightnessContrast,
    AdjustmentKind.LEVELS: Levels,
    AdjustmentKind.CURVES: Curves,
    AdjustmentKind.HUE: HueSaturation,
    AdjustmentKind.BALANCE: ColorBalance,
    AdjustmentKind.INVERT: Invert,
}


def kind_of(adjustment: Adjustment) -> AdjustmentKind:
    """Return which kind an adjustment is."""
    return next(kind for kind, each in ADJUSTMENTS.items() if type(adjustment) is each)
