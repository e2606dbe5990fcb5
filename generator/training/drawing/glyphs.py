"""A modest number of colour emoji (Noto, SIL OFL 1.1) as training pictures with names of our own.

The names are rewritten because Unicode's are odd to type. Each one is checked against the font: a
glyph that is missing stops the run instead of teaching an empty picture.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from generator.training.drawing.easel import Layer, Pose

FONT = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")  # Debian: fonts-noto-color-emoji
BITMAP_SIZE = 109  # the one size of this bitmap font
CELL = 144

GLYPHS: dict[str, str] = {
    "dog": "\U0001f436",
    "cat": "\U0001f431",
    "panda": "\U0001f43c",
    "lion": "\U0001f981",
    "fox": "\U0001f98a",
    "bear": "\U0001f43b",
    "frog": "\U0001f438",
    "pig": "\U0001f437",
    "rabbit": "\U0001f430",
    "tiger": "\U0001f42f",
    "koala": "\U0001f428",
    "owl": "\U0001f989",
    "penguin": "\U0001f427",
    "turtle": "\U0001f422",
    "octopus": "\U0001f419",
    "ladybug": "\U0001f41e",
    "bee": "\U0001f41d",
    "whale": "\U0001f433",
    "pizza": "\U0001f355",
    "hamburger": "\U0001f354",
    "donut": "\U0001f369",
    "cake": "\U0001f382",
    "ice cream": "\U0001f366",
    "watermelon": "\U0001f349",
    "pineapple": "\U0001f34d",
    "grapes": "\U0001f347",
    "avocado": "\U0001f951",
    "cookie": "\U0001f36a",
    "cactus": "\U0001f335",
    "sunflower": "\U0001f33b",
    "rose": "\U0001f339",
    "rainbow": "\U0001f308",
    "pumpkin": "\U0001f383",
    "ghost": "\U0001f47b",
    "skull": "\U0001f480",
    "robot": "\U0001f916",
    "snowman": "\u26c4",
    "guitar": "\U0001f3b8",
    "football": "\u26bd",
    "basketball": "\U0001f3c0",
    "camera": "\U0001f4f7",
    "bell": "\U0001f514",
    "trophy": "\U0001f3c6",
    "light bulb": "\U0001f4a1",
    "anchor": "\u2693",
    "smiley": "\U0001f600",
}


def glyph(name: str) -> Image.Image:
    """One emoji, premultiplied RGBA, CELL pixels; KeyError or ValueError if missing."""
    font = ImageFont.truetype(str(FONT), BITMAP_SIZE)
    cell = Image.new("RGBA", (CELL, CELL))
    pen = ImageDraw.Draw(cell)
    pen.text((CELL / 2, CELL / 2), GLYPHS[name], font=font, embedded_color=True, anchor="mm")
    if cell.getbbox() is None:
        raise ValueError(f"the font draws nothing for {name!r}")
    straight = np.asarray(cell, np.float32)
    straight[..., :3] *= straight[..., 3:] / 255
    return Image.fromarray(np.round(straight).astype(np.uint8), "RGBA")


def posed(picture: Image.Image, side: int, pose: Pose) -> Layer:
    """The glyph centred on a paper of `side` pixels in a pose, resampled premultiplied."""
    left, top, right, bottom = picture.getbbox() or (0, 0, CELL, CELL)
    extent = max(right - left, bottom - top)
    unit = extent / (
        1.72 * pose.scale * side / 2
    )  # glyph pixels per paper pixel: fills -0.86..0.86
    cosine, sine = math.cos(pose.turn) * unit, math.sin(pose.turn) * unit
    middle = side / 2
    x0, y0 = middle * (1 + pose.right), middle * (1 + pose.down)
    matrix = (
        cosine,
        sine,
        (left + right) / 2 - cosine * x0 - sine * y0,
        -sine,
        cosine,
        (top + bottom) / 2 + sine * x0 - cosine * y0,
    )
    large = picture.transform(
        (side, side), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
    )
    layer = np.asarray(large, np.float32) / 255
    layer[..., :3] = np.minimum(layer[..., :3], layer[..., 3:])
    return layer
