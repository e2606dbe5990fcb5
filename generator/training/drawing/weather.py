"""Weather, sparks, mirrors and many bubbles, drawn by code. Easel and colour in, a layer out."""

from __future__ import annotations

import math

import numpy as np

from generator.training.drawing.easel import (
    Colour,
    Easel,
    Layer,
    lighter,
    premultiplied,
    ring_of,
    stacked,
)
from generator.training.drawing.soft_things import halo

RAIN: Colour = (0.34, 0.60, 0.92)


def rain_cloud(easel: Easel, colour: Colour) -> Layer:
    """A dark soft cloud above slanting drops."""
    puffs = ((-0.44, -0.30, 0.30), (0.46, -0.28, 0.28), (-0.14, -0.50, 0.34), (0.2, -0.44, 0.32))
    density = np.zeros_like(easel.x)
    for x, y, size in (*puffs, (0.0, -0.26, 0.38)):
        grown = size * (1 + easel.rng.uniform(-0.06, 0.06))
        reach = np.hypot((easel.x - x) / grown, (easel.y - y) / grown)
        density = np.maximum(density, np.clip((1.06 - reach) / 0.2, 0, 1))
    base = np.clip((0.02 - easel.y) / 0.12, 0, 1)
    shade = 1.1 - 0.45 * np.clip((easel.y + 0.7) / 0.7, 0, 1)
    cloud = premultiplied(
        np.array(colour, np.float32) * shade[..., None],
        np.clip(density * base * (0.88 + 0.2 * easel.noise(3, 6)), 0, 0.97),
    )
    drops = []
    for k in range(9):
        x = -0.48 + 0.12 * k + easel.rng.uniform(-0.02, 0.02)
        y = 0.18 + 0.22 * (k % 3) + easel.rng.uniform(-0.03, 0.03)
        drops.append([(x, y), (x - 0.06, y + 0.16)])
    return stacked(easel.flat(easel.strokes(drops, 0.065), RAIN) * 0.85, cloud)


def lightning(easel: Easel, colour: Colour) -> Layer:
    """A forked bolt in its own faint glow."""
    bend = easel.rng.uniform(-0.04, 0.04)
    bolt = easel.polygon(
        [
            (0.10, -0.88),
            (-0.44, 0.06 + bend),
            (-0.10, 0.06 + bend),
            (-0.26, 0.88),
            (0.44, -0.20 + bend),
            (0.08, -0.20 + bend),
            (0.42, -0.88),
        ]
    )
    light = halo(easel, (0, 0), 0.86, lighter(colour, 0.2)) * 0.35
    return stacked(light, easel.puffy(bolt, colour, 0.6, 0.3))


def sparkle(easel: Easel, colour: Colour) -> Layer:
    """A burst of light: four long rays, four short ones, small sparks around."""
    reach = np.hypot(easel.x, easel.y)
    rays = np.zeros_like(easel.x)
    for turn, length, wide in ((0.0, 0.88, 0.055), (math.pi / 4, 0.5, 0.05)):
        along = math.cos(turn) * easel.x + math.sin(turn) * easel.y
        across = -math.sin(turn) * easel.x + math.cos(turn) * easel.y
        for a, b in ((along, across), (across, along)):
            fade = np.clip(1 - np.abs(a) / length, 0, 1)
            rays = np.maximum(rays, fade * np.exp(-((b / (wide * fade + 0.004)) ** 2)))
    core = np.exp(-((reach / 0.16) ** 2))
    glow = 0.5 * np.clip(1 - reach / 0.7, 0, 1) ** 2
    white = np.clip(core + 0.5 * rays, 0, 1)[..., None]
    tint = np.array(colour, np.float32)
    burst = premultiplied(
        tint + (1 - tint) * white * 0.85, np.clip(rays * 1.3 + core + glow - 0.004, 0, 1)
    )
    sparks = []
    for k in range(5):
        angle = 2 * math.pi * (k + 0.5 + easel.rng.uniform(-0.15, 0.15)) / 5
        middle = (0.60 * math.cos(angle), 0.60 * math.sin(angle))
        star = easel.polygon(ring_of(8, (0.11, 0.035), middle))
        sparks.append(easel.flat(star, lighter(colour, 0.25)))
    return stacked(burst, *sparks)


def bubbles(easel: Easel, colour: Colour) -> Layer:
    """Five to seven soap films of different sizes."""
    places = ((-0.36, 0.34, 0.42), (0.40, 0.10, 0.36), (-0.30, -0.46, 0.30), (0.22, -0.62, 0.22))
    small = ((0.34, 0.66, 0.20), (-0.72, -0.10, 0.15), (0.70, -0.40, 0.15))
    layers = []
    for x, y, size in (*places, *small[: easel.rng.integers(1, 4)]):
        grown = size * easel.rng.uniform(0.9, 1.02)
        reach = np.hypot(easel.x - x, easel.y - y) / grown
        turn = np.arctan2(easel.y - y, easel.x - x)
        hue = turn + math.pi + 1.9 * reach
        film = np.stack([0.62 + 0.38 * np.cos(hue + k * 2 * math.pi / 3) for k in range(3)], axis=2)
        rim = np.exp(-(((reach - 0.9) / 0.11) ** 2))
        shine = easel.spot((x - 0.38 * grown, y - 0.42 * grown), (0.2 * grown, 0.15 * grown))
        alpha = (0.10 + 0.72 * rim + 0.9 * shine) * easel.ellipse((x, y), (grown, grown))
        layers.append(premultiplied(film * np.array(colour) + shine[..., None], alpha))
    return stacked(*layers)


def mirror_ball(easel: Easel, colour: Colour) -> Layer:
    """Chrome: a sky above, a dark horizon and a ground, bent by the ball."""
    reach = np.hypot(easel.x, easel.y) / 0.84
    bend = easel.y / 0.84 + 0.22 * (easel.x / 0.84) ** 2 - 0.08
    sky = np.clip((bend + 1.0) / 1.1, 0, 1)[..., None]
    above = np.array((0.36, 0.56, 0.80)) * (1 - sky) + np.array((0.95, 0.98, 1.0)) * sky
    ground = np.clip(bend / 0.9, 0, 1)[..., None]
    below = np.array((0.26, 0.22, 0.20)) * (1 - ground) + np.array((0.80, 0.72, 0.62)) * ground
    side = np.clip(0.5 + bend / 0.06, 0, 1)[..., None]
    rgb = above * (1 - side) + below * side
    rgb = rgb * np.array(colour) * (1 - 0.45 * np.clip((reach - 0.75) / 0.25, 0, 1) ** 2)[..., None]
    rgb = rgb + (0.9 * easel.spot((-0.34, -0.40), (0.13, 0.10)))[..., None]
    return premultiplied(rgb, easel.ellipse((0, 0), (0.84, 0.84)))
