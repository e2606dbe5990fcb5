"""Synthetic scenes whose shadow and light are known because they were put there."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from editor.document.geometry import Rect
from editor.document.layer import BlendMode, PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.render.composite import composite_layers
from generator.light.extract import ShadowAndLight

SIDE = 144


@dataclass(frozen=True)
class Scene:
    """A background and a subject of 8 bits, and ratios to plant on the way to a blended picture."""

    background: np.ndarray  # (h, w, 3) uint8
    subject: np.ndarray  # (h, w, 4) uint8
    rng: np.random.Generator

    def blended(
        self,
        shade: np.ndarray | float = 1.0,
        glow: np.ndarray | float = 1.0,
        seen_as: Callable[[np.ndarray], np.ndarray] = lambda colour: colour,
        subject: Callable[[np.ndarray], np.ndarray] = lambda colour: colour,
    ) -> np.ndarray:
        """Return (h, w, 3) uint8: background x shade, 1 - that x glow, the subject, then seen."""
        lit = 1 - (1 - self.background / 255 * shade) * glow
        alpha = self.subject[..., 3:] / 255
        colour = np.clip(subject(self.subject[..., :3] / 255), 0, 1)
        seen = seen_as(colour * alpha + lit * (1 - alpha))
        return np.round(np.clip(seen, 0, 1) * 255).astype(np.uint8)

    def noise(self, levels: float) -> np.ndarray:
        return self.rng.normal(0, levels / 255, self.background.shape)

    @property
    def visible(self) -> np.ndarray:
        """(h, w, 1): where a layer beneath the subject can be seen."""
        return 1 - self.subject[..., 3:] / 255


@pytest.fixture
def grid() -> tuple[np.ndarray, np.ndarray]:
    """Columns (1, w) and rows (h, 1) of a scene from 0 to 1."""
    return _grid()


@pytest.fixture
def ellipse() -> Callable[..., np.ndarray]:
    """Make (h, w, 1) in 0..1 with a soft edge, from centre, radii and softness."""
    return _ellipse


def _grid() -> tuple[np.ndarray, np.ndarray]:
    at = (np.arange(SIDE) + 0.5) / SIDE
    return at[None, :], at[:, None]


def _ellipse(x0: float, y0: float, rx: float, ry: float, soft: float) -> np.ndarray:
    x, y = _grid()
    distance = np.hypot((x - x0) / rx, (y - y0) / ry)
    return (1 / (1 + np.exp((distance - 1) / soft)))[..., None]


def _texture(rng: np.random.Generator, amplitude: float, period: int) -> np.ndarray:
    """Smooth random ripples of that period in pixels."""
    x, y = _grid()
    ripples = np.zeros((SIDE, SIDE, 3))
    for _ in range(6):
        turn, phase = rng.uniform(0, 2 * np.pi, 2)
        wave = np.cos(2 * np.pi * SIDE / period * (x * np.cos(turn) + y * np.sin(turn)) + phase)
        ripples += wave[..., None] * rng.uniform(0.5, 1, 3)
    return ripples * amplitude / 6


@pytest.fixture
def scene() -> Callable[[int], Scene]:
    """Make the scene of a seed: by turns a gradient, a rippled one, one with hard tiles, dark."""

    def make(seed: int) -> Scene:
        rng = np.random.default_rng(seed)
        x, y = _grid()
        one, other = rng.uniform(0.35, 0.6, 3), rng.uniform(0.55, 0.85, 3)
        slant = rng.uniform(0.2, 0.8)
        background = one + (other - one) * (slant * x + (1 - slant) * y)[..., None]
        kind = seed % 4
        if kind == 1:
            background = background + _texture(rng, 0.15, int(rng.integers(8, 16)))
        elif kind == 2:
            tiles = (np.floor(x * 7) + np.floor(y * 7)) % 2
            background = background + 0.12 * tiles[..., None]
        elif kind == 3:
            background = background * 0.55 + _texture(rng, 0.06, 24)
        body = _ellipse(0.5, 0.45, 0.16, 0.26, 0.03)
        paint = 0.5 + 0.3 * np.stack(np.broadcast_arrays(x, y, 1 - x), axis=2)
        paint = paint + _texture(rng, 0.12, 20)
        rgba = np.concatenate([np.clip(paint, 0, 1), body * (body > 0.004)], axis=2)
        return Scene(_bytes(background), _bytes(rgba), rng)

    return make


def _bytes(levels: np.ndarray) -> np.ndarray:
    return np.round(np.clip(levels, 0, 1) * 255).astype(np.uint8)


class Judge:
    """What layers do to a background, by the formulas of their modes and by the editor itself."""

    @staticmethod
    def left_by_multiply(layer: np.ndarray) -> np.ndarray:
        """What a Multiply layer leaves of the background, (h, w, 3)."""
        return 1 - layer[..., 3:] / 255 * (1 - layer[..., :3] / 255)

    @staticmethod
    def left_by_screen(layer: np.ndarray) -> np.ndarray:
        """What a Screen layer leaves of 1 - background, (h, w, 3)."""
        return 1 - layer[..., 3:] / 255 * (layer[..., :3] / 255)

    @staticmethod
    def psnr(planted: np.ndarray, found: np.ndarray, visible: np.ndarray) -> float:
        """Peak signal (1) to noise in dB where the layer can be seen."""
        square = np.broadcast_to((planted - found) ** 2 * visible, (*visible.shape[:2], 3))
        return float(-10 * np.log10(max(square.sum() / (3 * visible.sum()), 1e-12)))

    @staticmethod
    def off(
        background: np.ndarray,
        found: ShadowAndLight,
        wanted: np.ndarray,
        where: np.ndarray | slice = np.s_[:],
    ) -> float:
        """Mean difference in levels between the editor's composite and the wanted picture."""
        return float(np.abs(_recomposed(background, found) - wanted.astype(float))[where].mean())


@pytest.fixture
def judge() -> type[Judge]:
    """The measures."""
    return Judge


def _recomposed(background: np.ndarray, found: ShadowAndLight) -> np.ndarray:
    height, width = background.shape[:2]
    base = np.dstack([background, np.full((height, width), 255, np.uint8)])
    stack = [
        (base, BlendMode.NORMAL),
        (found.shadow, BlendMode.MULTIPLY),
        (found.light, BlendMode.SCREEN),
        (found.subject, BlendMode.NORMAL),
    ]
    layers = tuple(
        PixelLayer(id=new_layer_id(), name="", pixels=Pixels.from_array(rgba), blend_mode=mode)
        for rgba, mode in stack
        if rgba is not None
    )
    return composite_layers(layers, Rect(0, 0, width, height))[..., :3]
