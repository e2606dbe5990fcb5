"""The blend modes that take hue, saturation or luminosity from one side or the other.

Each returns ab*B(b, s) as three channels, of colours c = ab*b and s. All are of degree 1, so they
run on premultiplied colour with ab in the place of 1, and need no division by alpha.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators
# The compiler gives these functions their types; hints would be ignored by it, and wrong.

from numba import njit

from editor.render.strip import INLINE, TINY, F

ZERO, ONE = F(0), F(1)
RED_PART, GREEN_PART, BLUE_PART = F(0.30), F(0.59), F(0.11)
GREY = F(1e-5)  # less saturation than this is rounding, not hue


@njit(**INLINE)
def _lum(c):
    return c[0] * RED_PART + c[1] * GREEN_PART + c[2] * BLUE_PART


@njit(**INLINE)
def _sat(c):
    return max(c[0], c[1], c[2]) - min(c[0], c[1], c[2])


@njit(**INLINE)
def _scaled(c, factor):
    return c[0] * factor, c[1] * factor, c[2] * factor


@njit(**INLINE)
def _pulled(c, lum, pull):
    """Move a colour toward the grey of a luminosity: 1 leaves it, 0 makes it grey."""
    return lum + (c[0] - lum) * pull, lum + (c[1] - lum) * pull, lum + (c[2] - lum) * pull


@njit(**INLINE)
def set_lum(c, lum, white):
    """Shift a colour to a luminosity, then pull it toward grey into 0 to `white`."""
    shift = lum - _lum(c)
    c = c[0] + shift, c[1] + shift, c[2] + shift
    low = min(c[0], c[1], c[2])
    pull = lum / max(lum - low, TINY)
    c = _pulled(c, lum, pull if low < ZERO else ONE)
    high = max(c[0], c[1], c[2])
    pull = (white - lum) / max(high - lum, TINY)
    return _pulled(c, lum, pull if high > white else ONE)


@njit(**INLINE)
def _set_sat(c, sat, least):
    """Stretch a colour so that its largest channel is `sat` and its smallest 0.

    A colour of less saturation than `least` is taken for grey, and becomes black.
    """
    low = min(c[0], c[1], c[2])
    spread = _sat(c)
    stretch = sat / max(spread, TINY)
    return _scaled((c[0] - low, c[1] - low, c[2] - low), stretch if spread > least else ZERO)


@njit(**INLINE)
def _chosen(taken, s, c):
    return s[0] if taken else c[0], s[1] if taken else c[1], s[2] if taken else c[2]


@njit(**INLINE)
def hue(c, ab, s):
    """SetLum(SetSat(s, Sat b), Lum b)."""
    return set_lum(_set_sat(s, _sat(c), GREY), _lum(c), ab)


@njit(**INLINE)
def saturation(c, ab, s):
    """SetLum(SetSat(b, Sat s), Lum b)."""
    return set_lum(_set_sat(c, ab * _sat(s), GREY * ab), _lum(c), ab)


@njit(**INLINE)
def color(c, ab, s):
    """SetLum(s, Lum b)."""
    return set_lum(_scaled(s, ab), _lum(c), ab)


@njit(**INLINE)
def luminosity(c, ab, s):
    """SetLum(b, Lum s)."""
    return set_lum(c, _lum(s) * ab, ab)


@njit(**INLINE)
def darker_color(c, ab, s):
    """The whole pixel with the smaller luminosity, the backdrop's if they are equal."""
    return _chosen(_lum(s) * ab < _lum(c), _scaled(s, ab), c)


@njit(**INLINE)
def lighter_color(c, ab, s):
    """The whole pixel with the larger luminosity, the backdrop's if they are equal."""
    return _chosen(_lum(s) * ab > _lum(c), _scaled(s, ab), c)
