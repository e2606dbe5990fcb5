"""Things of the house, drawn by code. Every function: easel and colour in, one layer out."""

from __future__ import annotations

import numpy as np

from generator.training.drawing.easel import (
    Colour,
    Easel,
    Layer,
    Mask,
    bent,
    darker,
    lighter,
    premultiplied,
    stacked,
)
from generator.training.drawing.soft_things import flame, halo

STEEL: Colour = (0.33, 0.34, 0.38)
WALL: Colour = (0.93, 0.87, 0.76)
WOOD: Colour = (0.44, 0.28, 0.17)
PANE: Colour = (0.55, 0.78, 0.92)
WAX_LIGHT: Colour = (1.0, 0.80, 0.38)


def box(easel: Easel, colour: Colour) -> Layer:
    rise = 0.36 + easel.rng.uniform(-0.03, 0.03)
    top = [(0, -0.86), (0.76, -0.86 + rise), (0, -0.86 + 2 * rise), (-0.76, -0.86 + rise)]
    left = [top[3], top[2], (0, 0.88), (-0.76, 0.88 - rise)]
    right = [top[1], top[2], (0, 0.88), (0.76, 0.88 - rise)]
    return stacked(
        easel.flat(easel.polygon(left), colour, 0.08),
        easel.flat(easel.polygon(right), darker(colour, 0.66), 0.08),
        easel.flat(easel.polygon(top), lighter(colour, 0.26), 0.05),
    )


def gift(easel: Easel, colour: Colour) -> Layer:
    ribbon: Colour = (0.98, 0.86, 0.40) if colour[2] < 0.75 else (0.95, 0.45, 0.55)
    body = easel.puffy(easel.box((-0.62, -0.1), (0.62, 0.86), 0.05), colour, 0.5, 0.1)
    lid = easel.puffy(
        easel.box((-0.72, -0.36), (0.72, -0.06), 0.06), lighter(colour, 0.1), 0.5, 0.1
    )
    band = easel.flat(easel.box((-0.12, -0.36), (0.12, 0.86)), ribbon, 0.15)
    loops = np.maximum(
        easel.ellipse((-0.26, -0.54), (0.27, 0.15), 0.5),
        easel.ellipse((0.26, -0.54), (0.27, 0.15), -0.5),
    )
    holes = np.maximum(
        easel.ellipse((-0.28, -0.56), (0.14, 0.06), 0.5),
        easel.ellipse((0.28, -0.56), (0.14, 0.06), -0.5),
    )
    bow = easel.puffy(loops * (1 - holes), ribbon, 0.6, 0.2)
    knot = easel.solid((0, -0.44), (0.1, 0.1), ribbon, 0.3)
    return stacked(body, lid, band, bow, knot)


def bottle(easel: Easel, colour: Colour) -> Layer:
    """Tinted glass: see-through in the middle, denser at the rim, with a cork."""
    half = [(0.1, -0.74), (0.1, -0.42), *bent((0.1, -0.42), (0.14, -0.2), (0.34, -0.06), 8)]
    half += [(0.34, 0.82), (0.28, 0.9)]
    body = easel.polygon(half + [(-x, y) for x, y in reversed(half)])
    rim = _rim(easel, body)
    shine = (
        0.75 * np.exp(-(((easel.x + 0.2) / 0.05) ** 2)) * easel.edge(np.abs(easel.y - 0.4) - 0.4)
    )
    rgb = np.array(colour, np.float32) * (0.85 - 0.25 * rim)[..., None] + shine[..., None]
    glass = premultiplied(rgb, body * np.clip(0.58 + 0.34 * rim + 0.4 * shine, 0, 1))
    cork = easel.puffy(easel.box((-0.11, -0.92), (0.11, -0.7), 0.03), (0.66, 0.46, 0.28), 0.4, 0.0)
    return stacked(cork, glass)


def wine_glass(easel: Easel, colour: Colour) -> Layer:
    clear: Colour = (0.86, 0.92, 0.96)
    bowl = easel.ellipse((0, -0.34), (0.46, 0.62)) * easel.edge(-0.82 - easel.y)
    rim = _rim(easel, bowl)
    glass = premultiplied(np.array(clear, np.float32), bowl * (0.20 + 0.5 * rim))
    level = -0.36 + easel.rng.uniform(-0.04, 0.04)
    wine = easel.ellipse((0, -0.34), (0.41, 0.57)) * easel.edge(level - easel.y)
    drink = easel.puffy(wine, colour, 0.6, 0.3) * 0.88
    foot = easel.puffy(easel.ellipse((0, 0.84), (0.38, 0.08)), clear, 0.5, 0.5) * 0.72
    stem = easel.flat(easel.box((-0.035, 0.26), (0.035, 0.82)), clear, 0.2) * 0.78
    glint = premultiplied(
        np.ones(3, np.float32), 0.7 * easel.spot((-0.24, -0.44), (0.05, 0.2)) * bowl
    )
    return stacked(foot, stem, glass, drink, glint)


def mug(easel: Easel, colour: Colour) -> Layer:
    ring = easel.ellipse((0.48, 0.12), (0.36, 0.36)) * (
        1 - easel.ellipse((0.48, 0.12), (0.21, 0.21))
    )
    handle = easel.puffy(ring, darker(colour, 0.9), 0.6, 0.2)
    wall = np.maximum(
        easel.polygon([(-0.66, -0.46), (0.46, -0.46), (0.38, 0.72), (-0.58, 0.72)]),
        easel.ellipse((-0.1, 0.72), (0.48, 0.13)),
    )
    inside = easel.flat(easel.ellipse((-0.1, -0.46), (0.56, 0.16)), lighter(colour, 0.35))
    coffee = easel.flat(easel.ellipse((-0.1, -0.42), (0.48, 0.11)), (0.32, 0.19, 0.11))
    return stacked(handle, easel.puffy(wall, colour, 0.8, 0.3), inside, coffee)


def candle(easel: Easel, colour: Colour) -> Layer:
    body = np.maximum(
        easel.box((-0.24, 0.05), (0.24, 0.86)), easel.ellipse((0, 0.86), (0.24, 0.06))
    )
    top = easel.flat(easel.ellipse((0, 0.05), (0.24, 0.07)), lighter(colour, 0.3))
    wick = easel.flat(easel.stroke([(0, 0.05), (0.01, -0.12)], 0.04), (0.2, 0.15, 0.12))
    return stacked(
        halo(easel, (0, -0.28), 0.62, WAX_LIGHT) * 0.75,
        easel.puffy(body, colour, 0.8, 0.15),
        top,
        wick,
        flame(easel, (0, -0.26), 0.26),
    )


def lamp(easel: Easel, colour: Colour) -> Layer:
    foot = easel.puffy(easel.ellipse((0, 0.82), (0.38, 0.1)), STEEL, 0.6, 0.4)
    pole = easel.flat(easel.box((-0.045, 0.0), (0.045, 0.82)), lighter(STEEL, 0.1))
    shade = easel.polygon([(-0.30, -0.84), (0.30, -0.84), (0.62, -0.06), (-0.62, -0.06)])
    glow = halo(easel, (0, 0.06), 0.6, WAX_LIGHT) * 0.6
    lit = easel.puffy(shade, colour, 0.7, 0.1)
    lit[..., :3] += (0.28 * easel.spot((0, -0.2), (0.35, 0.3)) * lit[..., 3])[..., None]
    return stacked(glow, foot, pole, np.clip(lit, 0, 1))


def chair(easel: Easel, colour: Colour) -> Layer:
    dark = darker(colour, 0.66)
    legs = easel.strokes([[(-0.46, 0.2), (-0.46, 0.86)], [(0.46, 0.2), (0.46, 0.86)]], 0.12)
    far = easel.strokes([[(-0.34, 0.1), (-0.34, 0.66)], [(0.34, 0.1), (0.34, 0.66)]], 0.1)
    posts = easel.strokes([[(-0.42, 0.1), (-0.42, -0.84)], [(0.42, 0.1), (0.42, -0.84)]], 0.12)
    slats = easel.strokes([[(-0.42, y), (0.42, y)] for y in (-0.78, -0.48, -0.18)], 0.12)
    seat = easel.polygon([(-0.48, 0.02), (0.48, 0.02), (0.60, 0.26), (-0.60, 0.26)])
    return stacked(
        easel.flat(far, darker(colour, 0.5)),
        easel.flat(legs, dark, 0.1),
        easel.puffy(np.maximum(posts, slats), colour, 0.4, 0.1),
        easel.flat(easel.box((-0.60, 0.25), (0.60, 0.34)), dark),
        easel.flat(seat, lighter(colour, 0.12), 0.15),
    )


def table(easel: Easel, colour: Colour) -> Layer:
    dark = darker(colour, 0.62)
    near = easel.strokes([[(-0.74, 0.05), (-0.74, 0.76)], [(0.74, 0.05), (0.74, 0.76)]], 0.13)
    far = easel.strokes([[(-0.46, 0.0), (-0.46, 0.5)], [(0.46, 0.0), (0.46, 0.5)]], 0.1)
    top = easel.polygon([(-0.60, -0.42), (0.60, -0.42), (0.88, -0.06), (-0.88, -0.06)])
    return stacked(
        easel.flat(far, darker(colour, 0.48)),
        easel.flat(near, dark, 0.1),
        easel.flat(easel.box((-0.88, -0.07), (0.88, 0.07)), darker(colour, 0.78)),
        easel.flat(top, lighter(colour, 0.1), 0.25),
    )


def house(easel: Easel, colour: Colour) -> Layer:
    walls = easel.flat(easel.box((-0.60, -0.14), (0.60, 0.86)), WALL, 0.12)
    roof = easel.polygon([(-0.84, -0.06), (0.84, -0.06), (0.0, -0.86)])
    chimney = easel.flat(easel.box((0.32, -0.8), (0.5, -0.3)), darker(colour, 0.6))
    door = easel.flat(easel.box((-0.15, 0.32), (0.15, 0.86), 0.02), WOOD, 0.2)
    panes: Mask = np.zeros_like(easel.x)
    for x in (-0.38, 0.38):
        panes = np.maximum(panes, easel.box((x - 0.13, 0.1), (x + 0.13, 0.38), 0.02))
    windows = easel.flat(panes, PANE, 0.25)
    return stacked(chimney, walls, easel.puffy(roof, colour, 0.5, 0.1), door, windows)


def umbrella(easel: Easel, colour: Colour) -> Layer:
    hook = [(0.0, -0.8), (0.0, 0.66), *bent((0.0, 0.66), (0.06, 0.94), (0.26, 0.72), 10)]
    stick = easel.puffy(easel.stroke(hook, 0.075), WOOD, 0.4, 0.1)
    scallops = 0.07 * np.abs(np.sin(easel.x * np.pi / 0.59))
    dome = easel.ellipse((0, 0.08), (0.88, 0.92)) * easel.edge(easel.y - 0.10 + scallops)
    cloth = easel.puffy(dome, colour, 0.8, 0.25)
    seams = [bent((0, -0.84), (x * 1.1, -0.6), (x, 0.05)) for x in (-0.295, 0.295)]
    lines = easel.flat(easel.strokes(seams, 0.025) * dome, darker(colour, 0.6))
    return stacked(stick, cloth, lines)


def hat(easel: Easel, colour: Colour) -> Layer:
    brim = easel.puffy(easel.ellipse((0, 0.48), (0.88, 0.24)), colour, 0.5, 0.15)
    crown = np.maximum(
        easel.polygon([(-0.42, -0.5), (0.42, -0.5), (0.50, 0.42), (-0.50, 0.42)]),
        easel.ellipse((0, 0.42), (0.5, 0.12)),
    )
    top = easel.flat(easel.ellipse((0, -0.5), (0.42, 0.12)), lighter(colour, 0.22))
    band = np.maximum(easel.box((-0.49, 0.18), (0.49, 0.42)), easel.ellipse((0, 0.42), (0.5, 0.12)))
    trim: Colour = (0.16, 0.15, 0.17) if sum(colour) > 0.75 else (0.85, 0.84, 0.8)
    return stacked(
        brim, easel.puffy(crown, colour, 0.8, 0.15), easel.flat(band * crown, trim, 0.15), top
    )


def key(easel: Easel, colour: Colour) -> Layer:
    bow = easel.ellipse((0, -0.48), (0.40, 0.38)) * (1 - easel.ellipse((0, -0.50), (0.2, 0.19)))
    teeth = easel.strokes([[(0, 0.80), (0.30, 0.80)], [(0, 0.54), (0.24, 0.54)]], 0.15)
    shaft = easel.stroke([(0, -0.1), (0, 0.80)], 0.17)
    return easel.puffy(np.maximum(np.maximum(bow, shaft), teeth), colour, 0.6, 0.6)


def book(easel: Easel, colour: Colour) -> Layer:
    cover = easel.puffy(easel.box((-0.62, -0.82), (0.62, 0.82), 0.05), colour, 0.4, 0.1)
    pages = easel.flat(easel.box((-0.54, 0.64), (0.66, 0.78), 0.02), (0.96, 0.94, 0.88))
    spine = easel.flat(easel.box((-0.62, -0.82), (-0.44, 0.82), 0.05), darker(colour, 0.66))
    plate = easel.flat(easel.box((-0.26, -0.52), (0.46, -0.14), 0.03), (0.97, 0.92, 0.74))
    return stacked(cover, pages, spine, plate)


def _rim(easel: Easel, mask: Mask) -> Mask:
    """1 along the outline of a mask and 0 inside: where glass looks thick."""
    side = easel.side // 64
    small = mask.reshape(64, side, 64, side).mean((1, 3))
    inner = small.copy()
    for _ in range(3):
        near = np.pad(inner, 1)
        inner = (
            near[1:-1, 1:-1] + near[:-2, 1:-1] + near[2:, 1:-1] + near[1:-1, :-2] + near[1:-1, 2:]
        ) / 5
    rim = np.clip((1 - inner) * 2.2, 0, 1)
    smooth = np.repeat(np.repeat(rim, side, 0), side, 1)
    return smooth * mask
