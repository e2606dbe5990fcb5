"""The blend modes as numba kernels: what the compiler makes machine code of, and nothing else.

A picture in work is a strip of STRIP pixels in five planes of float32, one after the other: red,
green, blue, premultiplied and 0 to 1, alpha, and alpha set aside. A source has the same planes, but
straight, its alpha already times opacity and mask. Each kernel lays one such strip on another.

The formulas here say ab*B(b, s) of `reference.py` in terms of c = ab*b, the premultiplied backdrop,
so that hardly any has to divide by alpha. Every constant is a float32, for one float64 would make
the whole loop float64; every divisor is kept off 0, for fast math knows neither NaN nor infinity.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators
# The compiler gives these functions their types; hints would be ignored by it, and wrong.

import numpy as np
from numba import carray, cfunc, njit, types

from editor.document.layer import BlendMode
from editor.render.kernels_hsl import (
    color,
    darker_color,
    hue,
    lighter_color,
    luminosity,
    saturation,
)
from editor.render.stages import FUSED_KERNEL, KERNEL, LEVEL, PIXELS, channel, floats, pointer
from editor.render.strip import ALPHA, BLUE, FAST, GREEN, INLINE, RED, STRIP, TINY, F

ZERO, HALF, ONE, TWO = F(0), F(0.5), F(1), F(2)
TIE = F(1e-5)  # as in reference.py: nearer than this is equal


@cfunc(KERNEL, **FAST)
def normal(top_address, source_address):
    """Lay the source over the top."""
    top, source = floats(top_address), floats(source_address)
    for i in range(STRIP):
        alpha = source[ALPHA + i]
        keep = ONE - alpha
        top[RED + i] = top[RED + i] * keep + source[RED + i] * alpha
        top[GREEN + i] = top[GREEN + i] * keep + source[GREEN + i] * alpha
        top[BLUE + i] = top[BLUE + i] * keep + source[BLUE + i] * alpha
        top[ALPHA + i] = top[ALPHA + i] * keep + alpha


@cfunc(FUSED_KERNEL, **FAST)
def normal_pixels(top_address, address, count, strength):
    """Lay straight RGBA8 over the top without unpacking it first."""
    pixels = carray(pointer(address, types.uint32), (PIXELS,))
    top = floats(top_address)
    for i in range(count):
        value = pixels[i]
        opaque = F(np.int32(value >> np.uint32(24)))
        alpha = opaque * strength
        keep = ONE - alpha
        part = alpha * LEVEL
        top[RED + i] = top[RED + i] * keep + channel(value, 0) * part
        top[GREEN + i] = top[GREEN + i] * keep + channel(value, 8) * part
        top[BLUE + i] = top[BLUE + i] * keep + channel(value, 16) * part
        top[ALPHA + i] = top[ALPHA + i] * keep + alpha


def separable_pixels(mixed):
    """Return the kernel that lays straight RGBA8 on the top as `separable(mixed)` does."""

    @cfunc(FUSED_KERNEL, **FAST)
    def kernel(top_address, address, count, strength):
        pixels = carray(pointer(address, types.uint32), (PIXELS,))
        top = floats(top_address)
        for i in range(count):
            value = pixels[i]
            alpha = F(np.int32(value >> np.uint32(24))) * strength
            below = top[ALPHA + i]
            keep = ONE - alpha
            alone = alpha * (ONE - below)
            c, s = top[RED + i], channel(value, 0) * LEVEL
            top[RED + i] = c * keep + s * alone + alpha * mixed(c, below, s)
            c, s = top[GREEN + i], channel(value, 8) * LEVEL
            top[GREEN + i] = c * keep + s * alone + alpha * mixed(c, below, s)
            c, s = top[BLUE + i], channel(value, 16) * LEVEL
            top[BLUE + i] = c * keep + s * alone + alpha * mixed(c, below, s)
            top[ALPHA + i] = below * keep + alpha

    return kernel


def separable(mixed):
    """Return the kernel of a mode that treats each channel alone; `mixed(c, ab, s)` is ab*B."""

    @cfunc(KERNEL, **FAST)
    def kernel(top_address, source_address):
        top, source = floats(top_address), floats(source_address)
        for i in range(STRIP):
            alpha = source[ALPHA + i]
            below = top[ALPHA + i]
            keep = ONE - alpha
            alone = alpha * (ONE - below)
            c, s = top[RED + i], source[RED + i]
            top[RED + i] = c * keep + s * alone + alpha * mixed(c, below, s)
            c, s = top[GREEN + i], source[GREEN + i]
            top[GREEN + i] = c * keep + s * alone + alpha * mixed(c, below, s)
            c, s = top[BLUE + i], source[BLUE + i]
            top[BLUE + i] = c * keep + s * alone + alpha * mixed(c, below, s)
            top[ALPHA + i] = below * keep + alpha

    return kernel


def whole_pixel(mixed):
    """Return the kernel of a mode that looks at all three channels at once."""

    @cfunc(KERNEL, **FAST)
    def kernel(top_address, source_address):
        top, source = floats(top_address), floats(source_address)
        for i in range(STRIP):
            alpha = source[ALPHA + i]
            below = top[ALPHA + i]
            keep = ONE - alpha
            alone = alpha * (ONE - below)
            c = top[RED + i], top[GREEN + i], top[BLUE + i]
            s = source[RED + i], source[GREEN + i], source[BLUE + i]
            r, g, b = mixed(c, below, s)
            top[RED + i] = c[0] * keep + s[0] * alone + alpha * r
            top[GREEN + i] = c[1] * keep + s[1] * alone + alpha * g
            top[BLUE + i] = c[2] * keep + s[2] * alone + alpha * b
            top[ALPHA + i] = below * keep + alpha

    return kernel


@njit(**INLINE)
def _darken(c, ab, s):
    return min(c, s * ab)


@njit(**INLINE)
def _multiply(c, ab, s):
    return c * s


@njit(**INLINE)
def _color_burn(c, ab, s):
    burned = ab - min(ab, (ab - c) / max(s, TINY))
    return ab if c >= ab * (ONE - TIE) else burned


@njit(**INLINE)
def _linear_burn(c, ab, s):
    return max(ZERO, c + s * ab - ab)


@njit(**INLINE)
def _lighten(c, ab, s):
    return max(c, s * ab)


@njit(**INLINE)
def _screen(c, ab, s):
    return c + s * ab - c * s


@njit(**INLINE)
def _color_dodge(c, ab, s):
    dodged = min(ab, c / max(ONE - s, TINY))
    return ZERO if c <= ab * TIE else dodged


@njit(**INLINE)
def _linear_dodge(c, ab, s):
    return min(ab, c + s * ab)


@njit(**INLINE)
def _overlay(c, ab, s):
    return TWO * c * s if c <= HALF * ab else s * ab + (TWO * c - ab) * (ONE - s)


@njit(**INLINE)
def _soft_light(c, ab, s):
    b = min(ONE, c / max(ab, TINY))
    root = ((F(16) * b - F(12)) * b + F(4)) * b if b <= F(0.25) else np.sqrt(b)
    toward = b * (ONE - b) if s <= HALF else root - b
    return ab * (b + (TWO * s - ONE) * toward)


@njit(**INLINE)
def _hard_light(c, ab, s):
    return TWO * c * s if s <= HALF else c + (TWO * s - ONE) * (ab - c)


@njit(**INLINE)
def _vivid_light(c, ab, s):
    burned = ab - min(ab, (ab - c) / max(TWO * s, TINY))
    dodged = min(ab, c / max(TWO * (ONE - s), TINY))
    between = burned if s <= HALF else dodged
    if s <= TIE:
        return ZERO
    return ab if s >= ONE - TIE else between


@njit(**INLINE)
def _linear_light(c, ab, s):
    return min(ab, max(ZERO, c + TWO * s * ab - ab))


@njit(**INLINE)
def _pin_light(c, ab, s):
    return min(c, TWO * s * ab) if s <= HALF else max(c, (TWO * s - ONE) * ab)


@njit(**INLINE)
def _hard_mix(c, ab, s):
    over = c + (s - ONE) * ab
    tie = abs(over) < TIE * ab
    white = c > HALF * ab if tie else over > ZERO
    return ab if white else ZERO


@njit(**INLINE)
def _difference(c, ab, s):
    return abs(c - s * ab)


@njit(**INLINE)
def _exclusion(c, ab, s):
    return c + s * ab - TWO * c * s


@njit(**INLINE)
def _subtract(c, ab, s):
    return max(ZERO, c - s * ab)


@njit(**INLINE)
def _divide(c, ab, s):
    quotient = min(ab, c / max(s, TINY))
    return ZERO if c <= ab * TIE else quotient


BLEND = {
    BlendMode.NORMAL: normal,
    BlendMode.DISSOLVE: normal,  # its source alpha was made 0 or 1 before
    BlendMode.DARKEN: separable(_darken),
    BlendMode.MULTIPLY: separable(_multiply),
    BlendMode.COLOR_BURN: separable(_color_burn),
    BlendMode.LINEAR_BURN: separable(_linear_burn),
    BlendMode.DARKER_COLOR: whole_pixel(darker_color),
    BlendMode.LIGHTEN: separable(_lighten),
    BlendMode.SCREEN: separable(_screen),
    BlendMode.COLOR_DODGE: separable(_color_dodge),
    BlendMode.LINEAR_DODGE: separable(_linear_dodge),
    BlendMode.LIGHTER_COLOR: whole_pixel(lighter_color),
    BlendMode.OVERLAY: separable(_overlay),
    BlendMode.SOFT_LIGHT: separable(_soft_light),
    BlendMode.HARD_LIGHT: separable(_hard_light),
    BlendMode.VIVID_LIGHT: separable(_vivid_light),
    BlendMode.LINEAR_LIGHT: separable(_linear_light),
    BlendMode.PIN_LIGHT: separable(_pin_light),
    BlendMode.HARD_MIX: separable(_hard_mix),
    BlendMode.DIFFERENCE: separable(_difference),
    BlendMode.EXCLUSION: separable(_exclusion),
    BlendMode.SUBTRACT: separable(_subtract),
    BlendMode.DIVIDE: separable(_divide),
    BlendMode.HUE: whole_pixel(hue),
    BlendMode.SATURATION: whole_pixel(saturation),
    BlendMode.COLOR: whole_pixel(color),
    BlendMode.LUMINOSITY: whole_pixel(luminosity),
}

# What most layers are, shadows and lights too. Others, and layers with a mask, are unpacked first.
FUSED = {
    BlendMode.NORMAL: normal_pixels,
    BlendMode.MULTIPLY: separable_pixels(_multiply),
    BlendMode.SCREEN: separable_pixels(_screen),
}
