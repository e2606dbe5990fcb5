"""The cache of composited tiles: never a stale one, and the mips of what is there."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from editor.document.changes import NOTHING, changes
from editor.document.document import Document, Place
from editor.document.geometry import Point, Rect, Size, cells
from editor.document.layer import BlendMode, Layer, PixelLayer, moved, new_layer_id
from editor.document.pixels import TILE, Pixels, TileKey
from editor.render.cache import TILE_BYTES, TileCache
from editor.render.composite import composite_tiles
from editor.render.mips import LEVELS, halved

pytestmark = pytest.mark.usefixtures("kernels")

SIZE = Size(600, 400)


def pixel_layer(rng: np.random.Generator) -> PixelLayer:
    height, width = rng.integers(30, 300, 2)
    array = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    offset = Point(*(int(each) for each in rng.integers(-50, 400, 2)))
    return PixelLayer(id=new_layer_id(), name="", pixels=Pixels.from_array(array), offset=offset)


def drawn_document(seed: int, layers: int = 4) -> Document:
    rng = np.random.default_rng(seed)
    return Document(size=SIZE, layers=tuple(pixel_layer(rng) for _ in range(layers)))


def edited(document: Document, rng: np.random.Generator) -> Document:
    """Return the document after one random edit."""
    kind = rng.integers(6)
    if kind == 0 or not document.layers:
        return document.inserted(pixel_layer(rng), Place(None, int(rng.integers(5))))
    layer = document.layers[int(rng.integers(len(document.layers)))]

    def change(old: Layer) -> Layer:
        assert isinstance(old, PixelLayer)
        dab = rng.integers(0, 256, (40, 40, 4), dtype=np.uint8)
        at = Point(*(int(each) for each in rng.integers(0, 100, 2)))
        return (
            replace(old, pixels=old.pixels.written(dab, at)),
            replace(old, blend_mode=BlendMode.MULTIPLY, opacity=0.5),
            replace(old, visible=not old.visible),
            moved(old, int(rng.integers(-40, 40)), 7),
        )[int(rng.integers(4))]

    if kind == 1:
        return document.removed(layer.id)
    return document.replaced(layer.id, change)


def shown(cache: TileCache, document: Document) -> dict[TileKey, np.ndarray]:
    """Assert that every tile is what compositing from scratch gives, and return them."""
    scratch = composite_tiles(document, cells(document.rect, TILE))
    for key, tile in scratch.items():
        np.testing.assert_array_equal(cache.tile(0, *key), tile)
    return scratch


def shown_at_all_levels(cache: TileCache, document: Document) -> None:
    """Assert it of the mips, too."""
    scratch = shown(cache, document)
    keys = list(scratch)
    columns, rows = max(k[0] for k in keys) + 1, max(k[1] for k in keys) + 1
    side = TILE << LEVELS
    whole = np.zeros((side, side, 4), np.uint8)
    for (column, row), tile in scratch.items():
        whole[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE] = tile
    for level in range(1, LEVELS + 1):
        whole = halved(whole)
        for column in range(-(-columns >> level)):
            for row in range(-(-rows >> level)):
                x, y = column * TILE, row * TILE
                expected = whole[y : y + TILE, x : x + TILE]
                np.testing.assert_array_equal(cache.tile(level, column, row), expected)


def test_equals_compositing_from_scratch_after_random_edits() -> None:
    rng = np.random.default_rng(3)
    document = drawn_document(3)
    cache = TileCache(document)
    cache.composite_now(cache.missing(0, document.rect))
    shown_at_all_levels(cache, document)
    for _ in range(25):
        after = edited(document, rng)
        changed = changes(document, after)
        cache.update(after, changed)
        stale = set(cache.missing(0, document.rect))
        assert stale == changed.tiles
        assert all(cache.tile(0, *key) is None for key in stale)
        cache.composite_now(stale)
        document = after
        shown(cache, document)
    shown_at_all_levels(cache, document)


def test_what_was_made_of_an_older_document_is_not_installed() -> None:
    document = drawn_document(4)
    cache = TileCache(document)
    work = cache.work([(0, 0), (1, 0)])
    made = work.run()
    layer = document.layers[0]
    after = document.replaced(layer.id, lambda each: replace(each, visible=False))
    cache.update(after, replace(NOTHING, tiles=frozenset({(0, 0)})))
    assert cache.install(made) == {(1, 0)}
    assert cache.tile(0, 0, 0) is None
    assert cache.tile(0, 1, 0) is not None


def test_the_last_picture_can_be_shown_until_the_new_one_is_there() -> None:
    document = drawn_document(5)
    cache = TileCache(document)
    cache.composite_now([(0, 0)])
    before = cache.tile(0, 0, 0)
    copy = before.copy()
    cache.update(document, replace(NOTHING, tiles=frozenset({(0, 0)})))
    assert cache.tile(0, 0, 0) is None
    assert cache.previous(0, 0, 0) is before
    cache.composite_now([(0, 0)])
    np.testing.assert_array_equal(before, copy)


def test_another_size_begins_afresh() -> None:
    document = drawn_document(6)
    cache = TileCache(document)
    cache.composite_now([(0, 0)])
    after = replace(document, size=Size(100, 100))
    cache.update(after, changes(document, after))
    assert list(cache.missing(0, Rect(-500, -500, 5000, 5000))) == [(0, 0)]
    assert cache.previous(0, 0, 0) is None


def test_memory_is_bounded_and_what_went_is_missing_again() -> None:
    document = drawn_document(7)
    cache = TileCache(document, memory_bytes=8 * TILE_BYTES)
    cache.composite_now(cells(document.rect, TILE))
    there = [key for key in cells(document.rect, TILE) if cache.tile(0, *key) is not None]
    assert len(there) <= 8
    gone = set(cells(document.rect, TILE)) - set(there)
    assert set(cache.missing(0, document.rect)) == gone
    assert cache.tile(LEVELS, 0, 0) is not None
    assert list(cache.missing(LEVELS, document.rect)) == []


def test_a_whole_that_is_seen_small_fits_whatever_it_is_made_of() -> None:
    whole = replace(drawn_document(7, layers=1), size=Size(TILE * 16, TILE * 16))
    cache = TileCache(whole, memory_bytes=40 * TILE_BYTES)
    cache.kept_level = 2
    for key in list(cache.missing(2, whole.rect)):
        cache.composite_now([key])
    assert not list(cache.missing(2, whole.rect))
    assert all(cache.tile(2, column, row) is not None for column in range(4) for row in range(4))


def test_work_runs_in_a_pool() -> None:
    document = drawn_document(8)
    cache = TileCache(document)
    with ThreadPoolExecutor(2) as pool:
        made = pool.submit(cache.work(cache.missing(0, document.rect)).run).result()
        cache.install(made)
    shown(cache, document)
