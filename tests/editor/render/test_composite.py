"""Groups, masks and clipping against a small composite written for this test alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor.document.adjustment import (
    BrightnessContrast,
    ColorBalance,
    Curves,
    HueSaturation,
    Invert,
    LevelRange,
    Levels,
)
from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import (
    AdjustmentLayer,
    BlendMode,
    Group,
    Layer,
    Mask,
    PixelLayer,
    new_layer_id,
)
from editor.document.pixels import Coverage, Pixels
from editor.render.adjusting import adjusted, prepared
from editor.render.composite import composite, composite_layers, composite_tiles, seen_by_model
from editor.render.program import flat, plan
from editor.render.reference import FORMULAS, blend, dissolved

pytestmark = pytest.mark.usefixtures("kernels")

SMOOTH = [
    BlendMode.NORMAL,
    BlendMode.MULTIPLY,
    BlendMode.SCREEN,
    BlendMode.SOFT_LIGHT,
    BlendMode.OVERLAY,
    BlendMode.LINEAR_DODGE,
    BlendMode.DIFFERENCE,
    BlendMode.LUMINOSITY,
    BlendMode.COLOR,
]
RECT = Rect(-20, -10, 180, 150)
ADJUSTMENTS = (
    Invert(),
    Curves(rgb=((0, 20), (120, 60), (255, 230)), blue=((10, 0), (255, 200))),
    Levels(rgb=LevelRange(20, 230, 1.6, 10, 250), green=LevelRange(0, 200, 0.7)),
    BrightnessContrast(-20, 35),
    HueSaturation(70, 40, -10),
    HueSaturation(200, 60, 15, colorize=True),
    ColorBalance((20, -40, 10), (-30, 10, 60), (5, 5, -50)),
    ColorBalance((0, 0, 0), (50, 0, -50), (0, 90, 0), keep_luminosity=False),
)


class Tiny:
    """The rules once more, on whole pictures in float64."""

    def __init__(self, rect: Rect) -> None:
        self.rect = rect

    def layers(self, layers: tuple[Layer, ...], below: np.ndarray) -> np.ndarray:
        stacks: list[list[Layer]] = []
        for layer in layers:
            if layer.clipped and stacks:
                stacks[-1].append(layer)
            else:
                stacks.append([layer])
        for base, *clipped in stacks:
            if base.visible:
                below = self.stack(base, [each for each in clipped if each.visible], below)
        return below

    def stack(self, base: Layer, clipped: list[Layer], below: np.ndarray) -> np.ndarray:
        through = base.blend_mode is BlendMode.PASS_THROUGH
        if isinstance(base, AdjustmentLayer):
            return self.adjusted(base, clipped, below)
        if isinstance(base, Group) and through:
            after = self.layers(base.children, below)
            if clipped:
                after = self.clipped_to_group(base, clipped, after)
            return below + (after - below) * self.strength(base)
        picture = self.alone(base)
        if clipped:
            alpha = picture[..., 3:].copy()
            color = np.concatenate([self.color(picture), np.ones_like(alpha)], axis=-1)
            for layer in clipped:
                color = self.stack(replace(layer, clipped=False), [], color)
            picture = color * alpha
        mode = BlendMode.NORMAL if through else base.blend_mode
        return self.lay(mode, below, picture, self.strength(base))

    def adjusted(
        self, layer: AdjustmentLayer, clipped: list[Layer], below: np.ndarray
    ) -> np.ndarray:
        color, alpha = self.color(below), below[..., 3:]
        mixed = blend(layer.blend_mode, color, adjusted(*prepared(layer.adjustment), color))
        strength = self.strength(layer)
        if not clipped:
            after = color + (np.clip(mixed, 0, 1) - color) * strength
            return np.concatenate([after * alpha, alpha], axis=-1)
        after = np.concatenate([np.clip(mixed, 0, 1) * alpha, alpha], axis=-1)
        for each in clipped:
            after = self.stack(replace(each, clipped=False), [], after)
        return below + (after - below) * strength

    def clipped_to_group(self, base: Group, clipped: list[Layer], after: np.ndarray) -> np.ndarray:
        alpha = after[..., 3:]
        opaque = np.concatenate([self.color(after), np.ones_like(alpha)], axis=-1)
        for layer in clipped:
            opaque = self.stack(replace(layer, clipped=False), [], opaque)
        part = self.alone(base)[..., 3:]  # of alpha: what is clipped shows here, the rest remains
        color = opaque[..., :3] * part + self.color(after) * (alpha - part)
        return np.concatenate([color, alpha], axis=-1)

    def alone(self, layer: Layer) -> np.ndarray:
        if isinstance(layer, Group):
            return self.layers(layer.children, np.zeros((self.rect.height, self.rect.width, 4)))
        straight = layer.pixels.read(self.rect.moved(-layer.offset.x, -layer.offset.y)) / 255
        straight[..., :3] *= straight[..., 3:]
        return straight

    def strength(self, layer: Layer) -> np.ndarray:
        shown = np.full((self.rect.height, self.rect.width, 1), layer.opacity)
        if layer.mask is not None and layer.mask.enabled:
            x, y = layer.mask.offset
            shown[..., 0] *= layer.mask.coverage.read(self.rect.moved(-x, -y)) / 255
        return shown

    def lay(
        self, mode: BlendMode, below: np.ndarray, picture: np.ndarray, strength: np.ndarray
    ) -> np.ndarray:
        ab, b, s = below[..., 3:], self.color(below), self.color(picture)
        alpha = picture[..., 3:] * strength
        if mode is BlendMode.DISSOLVE:
            alpha = dissolved(alpha[..., 0], self.rect.x0, self.rect.y0)[..., None]
        mixed = (1 - ab) * s + ab * np.clip(blend(mode, b, s), 0, 1)
        color = (1 - alpha) * ab * b + alpha * mixed
        return np.concatenate([color, ab + alpha - ab * alpha], axis=-1)

    @staticmethod
    def color(picture: np.ndarray) -> np.ndarray:
        alpha = picture[..., 3:]
        return np.divide(
            picture[..., :3], alpha, out=np.zeros_like(picture[..., :3]), where=alpha > 0
        )


class Drawer:
    """Draws random layers."""

    def __init__(self, seed: int, modes: list[BlendMode]) -> None:
        self.rng = np.random.default_rng(seed)
        self.modes = modes

    def some(self, *choices: object) -> object:
        return choices[int(self.rng.integers(len(choices)))]

    def point(self) -> Point:
        return Point(*(int(each) for each in self.rng.integers(-90, 90, 2)))

    def array(self, *channels: int) -> np.ndarray:
        height, width = self.rng.integers(20, 200, 2)
        return self.rng.integers(0, 256, (height, width, *channels), dtype=np.uint8)

    def mask(self) -> Mask | None:
        if self.rng.random() < 0.6:
            return None
        coverage = Coverage.from_array(self.array(), outside=int(self.rng.integers(2)) * 255)
        return Mask(coverage, self.point(), enabled=bool(self.rng.random() < 0.8))

    def layer(self, depth: int) -> Layer:
        shared = {
            "id": new_layer_id(),
            "name": "",
            "opacity": float(self.rng.integers(1, 256)) / 255,
            "visible": bool(self.rng.random() < 0.85),
            "clipped": bool(self.rng.random() < 0.3),
            "mask": self.mask(),
        }
        mode = self.modes[int(self.rng.integers(len(self.modes)))]
        if depth and self.rng.random() < 0.4:
            children = tuple(self.layer(depth - 1) for _ in range(self.rng.integers(0, 4)))
            mode = BlendMode.PASS_THROUGH if self.rng.random() < 0.5 else mode
            return Group(blend_mode=mode, children=children, **shared)  # type: ignore[arg-type]
        if self.rng.random() < 0.2:
            adjustment = ADJUSTMENTS[int(self.rng.integers(len(ADJUSTMENTS)))]
            return AdjustmentLayer(adjustment=adjustment, blend_mode=mode, **shared)  # type: ignore[arg-type]
        pixels = Pixels.from_array(self.array(4))
        offset = self.point() if self.rng.random() < 0.7 else Point(0, 0)
        return PixelLayer(pixels=pixels, offset=offset, blend_mode=mode, **shared)  # type: ignore[arg-type]

    def document(self) -> Document:
        layers = tuple(self.layer(2) for _ in range(self.rng.integers(1, 6)))
        return Document(size=Size(170, 140), layers=layers)


def expected(layers: tuple[Layer, ...], rect: Rect) -> np.ndarray:
    """Return the premultiplied composite, 0 to 255."""
    return Tiny(rect).layers(layers, np.zeros((rect.height, rect.width, 4))) * 255


def premultiplied(rgba: np.ndarray) -> np.ndarray:
    pixels = rgba.astype(np.float64)
    pixels[..., :3] *= pixels[..., 3:] / 255
    return pixels


@given(seed=st.integers(0, 1 << 30))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_random_trees_match_the_small_composite(seed: int) -> None:
    document = Drawer(seed, SMOOTH).document()
    made = premultiplied(composite(document, RECT))
    assert np.abs(made - expected(document.layers, RECT)).max() <= 1.01


def test_every_mode_in_isolated_groups() -> None:
    drawer = Drawer(5, [BlendMode.NORMAL])
    below = replace(drawer.layer(0), visible=True, clipped=False, mask=None)
    for mode in FORMULAS:
        child = replace(drawer.layer(0), visible=True, clipped=False, mask=None)
        group = Group(id=new_layer_id(), name="", blend_mode=mode, opacity=0.8, children=(child,))
        made = premultiplied(composite_layers((below, group), RECT))
        difference = np.abs(made - expected((below, group), RECT)).max(axis=-1)
        assert (difference > 1.01).mean() < 1e-3, mode  # a few pixels lie where a formula jumps


def test_threads_change_nothing() -> None:
    document = Drawer(11, list(FORMULAS)).document()
    rect = Rect(-300, -300, 500, 400)
    alone = composite(document, rect)
    keys = [(column, row) for column in range(-2, 4) for row in range(-2, 3)]
    tiles = composite_tiles(document, keys)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            np.testing.assert_array_equal(composite(document, rect, pool), alone)
            shared = composite_tiles(document, keys, pool)
            assert all(np.array_equal(shared[key], tiles[key]) for key in keys)


def test_any_rect_shows_the_same_pixels() -> None:
    document = Drawer(12, list(FORMULAS)).document()
    whole = composite(document, Rect(0, 0, 170, 140))
    part = composite(document, Rect(31, 17, 150, 139))
    np.testing.assert_array_equal(part, whole[17:139, 31:150])


def test_hidden_base_hides_what_is_clipped_to_it() -> None:
    drawer = Drawer(13, [BlendMode.NORMAL])
    base = replace(drawer.layer(0), visible=False, clipped=False)
    above = replace(drawer.layer(0), visible=True, clipped=True)
    assert not composite_layers((base, above), RECT).any()


def test_what_the_model_may_not_see_is_left_out_with_what_is_clipped_to_it() -> None:
    drawer = Drawer(14, [BlendMode.NORMAL])
    seen = replace(drawer.layer(0), visible=True, clipped=False, mask=None)
    secret = replace(drawer.layer(0), visible=True, clipped=False, model_visible=False)
    clipped = replace(drawer.layer(0), visible=True, clipped=True)
    group = Group(id=new_layer_id(), name="", children=(seen, secret, clipped))
    made = composite_layers(seen_by_model((group,)), RECT)
    np.testing.assert_array_equal(made, composite_layers((seen,), RECT))
    assert made.any()


def test_clipped_to_a_pass_through_group_meets_the_backdrop_too() -> None:
    """The arithmetic of a file of Photoshop's: exclusion through the group, then lighter colour."""

    def flat(color: tuple[int, int, int], mode: BlendMode, **how: object) -> PixelLayer:
        pixels = Pixels.from_array(np.full((9, 9, 4), (*color, 255), np.uint8))
        return PixelLayer(id=new_layer_id(), name="", pixels=pixels, blend_mode=mode, **how)  # type: ignore[arg-type]

    group = Group(id=new_layer_id(), name="", children=(flat((255, 0, 0), BlendMode.EXCLUSION),))
    clipped = flat((0, 255, 0), BlendMode.LIGHTER_COLOR, clipped=True)
    white = flat((255, 255, 255), BlendMode.NORMAL)
    rect = Rect(0, 0, 9, 9)
    assert (composite_layers((white, group, clipped), rect) == (0, 255, 255, 255)).all()
    assert (composite_layers((group, clipped), rect) == (0, 255, 0, 255)).all()


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("seed", range(4))
def test_layers_without_masks_are_the_same_done_together_or_one_by_one(seed: int) -> None:
    """A mask that hides nothing takes the road of single tiles; sparse, moved, of any mode."""
    rng = np.random.default_rng(seed)
    modes = [mode for mode in BlendMode if mode is not BlendMode.PASS_THROUGH]
    layers = tuple(
        PixelLayer(
            id=new_layer_id(),
            name="",
            pixels=Pixels.from_array(rng.integers(0, 256, (200, 310, 4), dtype=np.uint8)),
            offset=Point(*(int(each) for each in rng.choice([0, -128, 37, -90, 256], 2))),
            opacity=float(rng.choice([1, 0.5])),
            blend_mode=modes[int(index)],
        )
        for index in rng.integers(0, len(modes), 7)
    )
    rect = Rect(-130, -64, 500, 400)
    masked = (replace(layers[0], mask=Mask(Coverage.full(255))), *layers[1:])
    together, alone = composite_layers(layers, rect), composite_layers(masked, rect)
    assert flat(plan(layers)) is not None
    assert flat(plan(masked)) is None
    np.testing.assert_array_equal(together, alone)
    document = Document(size=Size(400, 300), layers=layers)
    keys = [(x, y) for x in range(4) for y in range(3)]
    with ThreadPoolExecutor(2) as pool:
        shown = composite_tiles(document, keys, pool)
    one_by_one = composite_tiles(replace(document, layers=masked), keys)
    for key in keys:
        np.testing.assert_array_equal(shown[key], one_by_one[key])
