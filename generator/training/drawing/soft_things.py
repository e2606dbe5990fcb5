"""Glass, smoke, light, hair: what only alpha can hold. Each: easel and colour in, a layer out."""

from __future__ import annotations

import math

import numpy as np

from generator.training.drawing.easel import (
    Colour,
    Easel,
    Layer,
    Point,
    bent,
    darker,
    lighter,
    premultiplied,
    stacked,
)


def glass_ball(easel: Easel, colour: Colour) -> Layer:
    """Thin in the middle, dense at the rim; two reflections."""
    reach = np.hypot(easel.x, easel.y) / 0.84
    rim = np.clip((reach - 0.5) / 0.5, 0, 1) ** 2
    shine = easel.spot((-0.32, -0.38), (0.19, 0.13)) + 0.45 * easel.spot((0.28, 0.44), (0.24, 0.11))
    rgb = np.array(colour, np.float32) * (1 - 0.35 * rim)[..., None] + shine[..., None]
    alpha = (0.30 + 0.52 * rim + shine) * easel.ellipse((0, 0), (0.84, 0.84))
    return premultiplied(rgb, alpha)


def bubble(easel: Easel, colour: Colour) -> Layer:
    """A soap film: rainbow rim, almost nothing inside."""
    reach = np.hypot(easel.x, easel.y) / 0.84
    turn = np.arctan2(easel.y, easel.x) / (2 * math.pi)
    hue = (turn + 0.5 + 0.3 * reach) * 2 * math.pi
    film = np.stack([0.62 + 0.38 * np.cos(hue + k * 2 * math.pi / 3) for k in range(3)], axis=2)
    rim = np.exp(-(((reach - 0.93) / 0.08) ** 2))
    shine = easel.spot((-0.34, -0.40), (0.15, 0.11))
    alpha = (0.10 + 0.72 * rim + 0.9 * shine) * easel.ellipse((0, 0), (0.84, 0.84))
    return premultiplied(film + shine[..., None], alpha)


def drop(easel: Easel, colour: Colour) -> Layer:
    side = bent((0, -0.86), (0.12, -0.35), (0.46, 0.02)) + bent(
        (0.46, 0.02), (0.78, 0.86), (0, 0.86)
    )
    mask = easel.polygon(side + [(-x, y) for x, y in reversed(side)])
    shine = easel.spot((-0.2, 0.3), (0.11, 0.22))
    body = easel.puffy(mask, colour, 0.8, 0.1)
    body[..., :3] += (shine * body[..., 3])[..., None] * (1 - body[..., :3])
    body *= np.clip(0.66 + 0.3 * shine, 0, 1)[..., None]
    return body


def smoke(easel: Easel, colour: Colour) -> Layer:
    """A rising, widening plume of puffs, broken by noise; dense enough to be seen."""
    sway = easel.rng.uniform(0, 2 * math.pi)
    density = np.zeros_like(easel.x)
    for k in range(9):
        t = k / 8
        middle = (0.20 * t * math.sin(sway + 4.2 * t), 0.66 - 1.22 * t)
        spread = 0.15 + 0.24 * t
        density += (1.05 - 0.45 * t) * easel.spot(middle, (spread, spread * 0.85))
    grain = easel.noise(4, 5)
    alpha = np.clip(density * 0.78 * (0.25 + 1.5 * grain) - 0.08, 0, 0.94)
    inside = np.clip((0.98 - np.hypot(easel.x, easel.y)) / 0.2, 0, 1)
    return premultiplied(
        np.array(colour, np.float32) * (0.72 + 0.5 * grain)[..., None], alpha * inside
    )


def cloud(easel: Easel, colour: Colour) -> Layer:
    """Overlapping puffs on a flat base, soft at the border, a little see-through."""
    puffs = (
        (-0.52, 0.14, 0.30),
        (0.54, 0.16, 0.28),
        (-0.22, -0.14, 0.38),
        (0.22, -0.06, 0.36),
        (0.0, 0.18, 0.40),
    )
    density = np.zeros_like(easel.x)
    for x, y, size in puffs:
        grown = size * (1 + easel.rng.uniform(-0.08, 0.08))
        reach = np.hypot((easel.x - x) / grown, (easel.y - y) / grown)
        density = np.maximum(density, np.clip((1.06 - reach) / 0.22, 0, 1))
    base = np.clip((0.44 - easel.y) / 0.14, 0, 1)
    shade = 1.0 - 0.20 * np.clip((easel.y + 0.2) / 0.6, 0, 1)
    soft = density * base * (0.86 + 0.2 * easel.noise(3, 6))
    return premultiplied(np.array(colour, np.float32) * shade[..., None], np.clip(soft, 0, 0.96))


def fire(easel: Easel, colour: Colour) -> Layer:
    """Three tongues that share a foot, from a dark rim to a light core."""
    lick = easel.rng.uniform(-0.06, 0.06)
    sway = 0.10 * np.sin(easel.y * 5 + easel.rng.uniform(0, 6)) * np.clip(0.6 - easel.y, 0, 1)
    heat = np.zeros_like(easel.x)
    for x, top, wide in (
        (0.0, -0.86, 0.42),
        (-0.32, -0.30 + lick, 0.26),
        (0.32, -0.42 - lick, 0.26),
    ):
        rise = np.clip((0.84 - easel.y) / (0.84 - top), 0, 1)
        half = wide * np.clip(1 - rise, 0, 1) ** 0.6 * np.clip(rise * 7, 0, 1) ** 0.5
        tongue = 1 - np.abs(easel.x - x * (0.9 + 0.4 * rise) + sway) / np.maximum(half, 1e-3)
        heat = np.maximum(heat, np.clip(tongue, 0, 1) * (half > 1e-3))
    core = np.clip(heat * (0.35 + 0.7 * np.clip((easel.y + 0.7) / 1.2, 0, 1)), 0, 1)
    edge, middle = (
        np.array(darker(colour, 0.92), np.float32),
        np.array((1.0, 0.93, 0.50), np.float32),
    )
    rgb = edge + (middle - edge) * core[..., None]
    return premultiplied(rgb, np.clip(heat * 3.2, 0, 1) * 0.95)


def glow(easel: Easel, colour: Colour) -> Layer:
    """Light without a body: falls to nothing well before the border."""
    return halo(easel, (0, 0), 0.92, colour)


def halo(easel: Easel, centre: Point, radius: float, colour: Colour) -> Layer:
    """A round light, near white in the middle and exactly zero from `radius` on."""
    reach = np.hypot(easel.x - centre[0], easel.y - centre[1]) / radius
    alpha = np.clip(1 - reach, 0, 1) ** 1.35
    white = np.exp(-((reach / 0.22) ** 2)) * 0.8
    tint = np.array(colour, np.float32)
    return premultiplied(tint + (1 - tint) * white[..., None], alpha)


def flame(easel: Easel, centre: Point, height: float) -> Layer:
    """A small drop of fire; a negative height lets it point down."""
    x, y = centre
    tip, foot = (x, y - height), (x, y + height * 0.8)
    wide = abs(height) * 0.5
    side = bent(tip, (x + wide * 0.5, y - height * 0.2), (x + wide, y + height * 0.35), 10)
    side += bent((x + wide, y + height * 0.35), (x + wide * 0.9, y + height * 0.8), foot, 8)
    mask = easel.polygon(side + [(2 * x - px, py) for px, py in reversed(side)])
    light = easel.spot((x, y + height * 0.3), (wide * 0.8, abs(height) * 0.45))[..., None]
    outer, inner = np.array((1.0, 0.60, 0.12), np.float32), np.array((1.0, 0.96, 0.66), np.float32)
    return premultiplied(outer + (inner - outer) * light, mask)


def hair(easel: Easel, colour: Colour) -> Layer:
    """A lock of wavy strands that part towards their ends."""
    layers = []
    for shade in (0.62, 0.82, 1.0, 1.2):
        lines = []
        for _ in range(14):
            root = easel.rng.uniform(-0.20, 0.20)
            end = root * 2.5 + easel.rng.normal(0, 0.05)
            first = bent((root, -0.84), (root * 1.4 - 0.18, -0.5), (root * 1.8, -0.05), 8)
            lines.append(first + bent(first[-1], (root * 2.1 + 0.2, 0.36), (end, 0.84), 8))
        tint = darker(colour, shade) if shade <= 1 else lighter(colour, 0.2)
        layers.append(easel.flat(easel.strokes(lines, 0.022), tint))
    return stacked(*layers)


def feather(easel: Easel, colour: Colour) -> Layer:
    """Barbs on both sides of a bent quill, open at the edge."""
    quill = bent((-0.62, 0.86), (-0.22, 0.0), (0.58, -0.80), 40)
    lines: tuple[list[list[Point]], list[list[Point]]] = ([], [])
    for k in range(7, 39):
        (x, y), (next_x, next_y) = quill[k], quill[min(k + 1, 39)]
        along = math.atan2(next_y - y, next_x - x) if k < 39 else -0.9
        length = 0.36 * math.sin(math.pi * min(1.0, (k - 5) / 36) ** 0.8) + 0.04
        for side, lines_of_side in zip((-1, 1), lines, strict=True):
            angle = along + side * 0.75
            lines_of_side.append(
                [(x, y), (x + length * math.cos(angle), y + length * math.sin(angle))]
            )
    return stacked(
        easel.flat(easel.strokes(lines[0], 0.045), lighter(colour, 0.12), 0.2),
        easel.flat(easel.strokes(lines[1], 0.045), darker(colour, 0.86), 0.2),
        easel.flat(easel.stroke(quill, 0.035), darker(colour, 0.62)),
    )
