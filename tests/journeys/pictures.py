"""Pictures for the journeys, made by formulas: a beach to work on, and a glow with soft alpha."""

from pathlib import Path

import numpy as np
from PIL import Image

BEACH = (1024, 768)
GLOW = 160


def make_beach(path: Path) -> None:
    """Write sky, sea and sand."""
    width, height = BEACH
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width]).reshape(2, 1, 1)
    sky = _mixed((106, 166, 232), (204, 226, 242), y / 0.45)
    sea = _mixed((22, 112, 184), (88, 198, 213), (y - 0.45) / 0.35)
    edge = 0.76 + 0.04 * np.sin(x * 5 + 1)
    sand = _mixed((234, 212, 164), (212, 186, 136), (y - edge) * 4)
    colours = np.where((y < 0.45)[..., None], sky, np.where((y < edge)[..., None], sea, sand))
    Image.fromarray(colours.round().astype(np.uint8)).save(path)


def glow() -> np.ndarray:
    """Return a sun, uint8 (GLOW, GLOW, 4): every alpha from faint to full, none of them 0."""
    y, x = np.mgrid[0:GLOW, 0:GLOW] - (GLOW - 1) / 2
    share = np.clip(1.04 - np.hypot(x, y) / (GLOW / 2), 0, 1)
    alpha = np.maximum(1, (255 * share**1.5).round())
    red, green, blue = 255 - 0 * x, 190 + 60 * share, 60 + 120 * share**3
    return np.dstack([red, green, blue, alpha]).astype(np.uint8)


def _mixed(first: tuple[int, ...], last: tuple[int, ...], share: np.ndarray) -> np.ndarray:
    """Return colours between two."""
    way = np.clip(share, 0, 1)[..., None]
    return np.array(first) + (np.array(last) - np.array(first)) * way
