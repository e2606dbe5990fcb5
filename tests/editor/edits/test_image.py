from dataclasses import replace

import numpy as np
import pytest

from editor.document.changes import same
from editor.document.document import Document, Guide, Orientation
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Group, LayerId, Locks, Mask, PixelLayer, Variant
from editor.document.pixels import Coverage, Pixels
from editor.document.recipe import Recipe
from editor.edits.edit import EditError
from editor.edits.image import (
    CropToSelection,
    FlipImage,
    ResizeImage,
    RotateImage,
    TrimImage,
    TurnImage,
)
from editor.render.composite import composite
from editor.render.transforming import Interpolation

A, B, G = LayerId("a"), LayerId("b"), LayerId("g")


def document() -> Document:
    rng = np.random.default_rng(2)
    grey = rng.integers(0, 256, (30, 40), dtype=np.uint8)
    first = PixelLayer(
        id=A,
        name="a",
        pixels=Pixels.from_array(rng.integers(0, 256, (30, 50, 4), dtype=np.uint8)),
        offset=Point(-5, 8),
        locks=Locks(alpha=True, pixels=True, position=True),
        mask=Mask(Coverage.from_array(grey, outside=255), Point(4, 9), linked=False),
    )
    pixels = Pixels.from_array(rng.integers(0, 256, (20, 20, 4), dtype=np.uint8))
    recipe = Recipe(task="layer", prompt="x", seed=1, model="m", box=Rect(40, 20, 60, 40))
    second = PixelLayer(
        id=B,
        name="b",
        pixels=pixels,
        offset=Point(40, 20),
        recipe=recipe,
        variants=(Variant(pixels, Point(40, 20), recipe),),
    )
    return Document(
        size=Size(80, 60),
        layers=(first, Group(id=G, name="g", children=(second,))),
        guides=(Guide(Orientation.VERTICAL, 10), Guide(Orientation.HORIZONTAL, 50)),
        selection=Coverage.of_rect(Rect(10, 20, 30, 45)),
    )


def seen(shown: Document) -> np.ndarray:
    return composite(shown, shown.rect)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_turned_by_quarters_every_pixel_is_kept(quarters: int) -> None:
    after = TurnImage(quarters).apply(document())
    assert np.array_equal(seen(after), np.rot90(seen(document()), -quarters))


def test_turned_and_turned_back_it_is_the_same() -> None:
    back = TurnImage(3).apply(TurnImage(1).apply(document()))
    assert same(replace(back, guides=()), replace(document(), guides=()))
    assert [guide.position for guide in back.guides] == [10, 50]


def test_mirrored() -> None:
    for across, axis in ((True, 1), (False, 0)):
        after = FlipImage(across).apply(document())
        assert np.array_equal(seen(after), np.flip(seen(document()), axis))
        assert same(FlipImage(across).apply(after), document())


def test_what_a_recipe_says_of_places_goes_along() -> None:
    layer = TurnImage(1).apply(document()).find(B)
    assert isinstance(layer, PixelLayer)
    assert layer.recipe is not None
    assert layer.recipe.box == Rect(20, 40, 40, 60)
    assert layer.variants[0].pixels is layer.pixels
    assert layer.rect == layer.recipe.box


def test_twice_the_size_with_hard_edges() -> None:
    after = ResizeImage(Size(160, 120), 300.0, Interpolation.NEAREST).apply(document())
    assert after.dpi == 300.0
    wanted = seen(document()).repeat(2, axis=0).repeat(2, axis=1)
    assert np.array_equal(seen(after), wanted)
    assert after.selection is not None
    assert after.selection.content == Rect(20, 40, 60, 90)
    assert [guide.position for guide in after.guides] == [20, 100]


def test_a_full_layer_stays_full_and_opaque() -> None:
    pixels = Pixels.from_array(np.full((60, 80, 4), (20, 90, 160, 255), np.uint8))
    full = Document(size=Size(80, 60), layers=(PixelLayer(id=A, name="a", pixels=pixels),))
    for how in Interpolation:
        after = ResizeImage(Size(37, 41), 72.0, how).apply(full)
        assert (seen(after) == (20, 90, 160, 255)).all()


def test_turned_by_degrees_the_canvas_holds_it() -> None:
    after = RotateImage(90.0, Interpolation.NEAREST).apply(document())
    assert np.array_equal(seen(after), np.rot90(seen(document()), -1))
    half = RotateImage(30.0).apply(document())
    assert half.size == Size(100, 92)
    assert half.guides == ()


def test_trimmed_to_what_is_seen() -> None:
    pixels = Pixels.from_array(np.full((10, 20, 4), (9, 9, 9, 255), np.uint8))
    layer = PixelLayer(id=A, name="a", pixels=pixels, offset=Point(30, 25))
    small = Document(size=Size(90, 70), layers=(layer,))
    assert TrimImage().apply(small).size == Size(20, 10)
    ground = np.full((70, 90, 4), (255, 255, 255, 255), np.uint8)
    white = PixelLayer(id=B, name="b", pixels=Pixels.from_array(ground))
    flat = replace(small, layers=(white, layer))
    assert TrimImage().apply(flat) is flat
    assert TrimImage(by_colour=True).apply(flat).size == Size(20, 10)
    with pytest.raises(EditError, match="nothing left"):
        TrimImage().apply(replace(small, layers=()))


def test_cropped_to_the_selection() -> None:
    after = CropToSelection().apply(document())
    assert after.size == Size(20, 25)
    assert np.array_equal(seen(after), seen(document())[20:45, 10:30])
