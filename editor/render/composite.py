"""Layers to pixels: the composite of a document or of some of its layers, for files and display.

Work is done tile by tile on the document's own 128-px grid, so that a pixel is the same whatever
rect it was asked with and whichever thread made it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from editor.document.document import Document
from editor.document.geometry import Rect, cells
from editor.document.layer import Group, Layer
from editor.document.pixels import RGBA8, TILE, TileKey, tile_rect
from editor.render import by_reference, native
from editor.render.program import Flat, Step, flat, plan, steps_for
from editor.render.reference import Floats, straight

BATCH = 16  # tiles that are handed to the machine code at once: enough for a dab, few for a thread
Piece = TypeVar("Piece")

PremultipliedBGRA = NDArray[np.uint8]  # (h, w, 4); QImage's Format_ARGB32_Premultiplied


def composite(document: Document, rect: Rect, pool: Executor | None = None) -> RGBA8:
    """Return the straight (h, w, 4) composite of a rect; what is transparent is (0, 0, 0, 0).

    The rect may reach beyond the canvas. With a pool, tiles are shared out among its threads.
    """
    return composite_layers(document.layers, rect, pool)


def composite_layers(layers: Sequence[Layer], rect: Rect, pool: Executor | None = None) -> RGBA8:
    """Return the straight (h, w, 4) composite of layers, bottom first, within a rect.

    Where the kernels are compiled they are loaded; else they are ordered, and formulas stand in.
    """
    is_ready = native.load_or_order()
    run = _engine(is_ready=is_ready)
    out = np.zeros((rect.height, rect.width, 4), np.uint8)
    planned = plan(layers)

    def fill(key: TileKey) -> None:
        steps = steps_for(planned, key)
        if steps:
            whole = tile_rect(key)
            part = whole.met(rect)
            tile = np.empty((TILE, TILE, 4), np.uint8)
            run(steps, key, tile, for_display=False)
            out[_within(part, rect)] = tile[_within(part, whole)]

    def fill_whole(keys: Sequence[TileKey], together: Flat) -> None:
        outs = [out[_within(tile_rect(key), rect)] for key in keys]
        native.run_flat(together, keys, outs, for_display=False)

    together = flat(planned) if is_ready else None
    if together is None:
        _for_each(fill, cells(rect, TILE), pool)
        return out
    whole, parts = _sorted_out(rect)
    _for_each(lambda keys: fill_whole(keys, together), _batches(whole), pool)
    _for_each(fill, parts, pool)
    return out


def composite_tiles(
    document: Document, keys: Iterable[TileKey], pool: Executor | None = None
) -> dict[TileKey, PremultipliedBGRA]:
    """Return the display tiles, (128, 128, 4), of those keys.

    Beyond the canvas they repeat its last pixels: what lies there is not to be seen, not even mixed
    into the edge of a mip.
    """
    is_ready = native.ready()
    run = _engine(is_ready=is_ready)
    planned = plan(document.layers)
    tiles: dict[TileKey, PremultipliedBGRA] = {}

    def fill(key: TileKey) -> None:
        steps = steps_for(planned, key)
        tile = np.empty((TILE, TILE, 4), np.uint8)
        run(steps, key, tile, for_display=True)
        tiles[key] = _edged(tile, tile_rect(key), document.rect)

    def fill_together(keys: Sequence[TileKey], together: Flat) -> None:
        made = [np.empty((TILE, TILE, 4), np.uint8) for _ in keys]
        native.run_flat(together, keys, made, for_display=True)
        for key, tile in zip(keys, made, strict=True):
            tiles[key] = _edged(tile, tile_rect(key), document.rect)

    together = flat(planned) if is_ready else None
    if together is None:
        _for_each(fill, keys, pool)
    else:
        _for_each(lambda some: fill_together(some, together), _batches(list(keys)), pool)
    return tiles


def seen_by_model(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Return the layers with those hidden that generation may not see."""
    return tuple(map(_seen, layers))


def _seen(layer: Layer) -> Layer:
    """Hide rather than leave out: what is clipped to a layer must not find another base."""
    if not layer.model_visible:
        return replace(layer, visible=False)
    if isinstance(layer, Group):
        return replace(layer, children=seen_by_model(layer.children))
    return layer


def _for_each(
    fill: Callable[[Piece], None], pieces: Iterable[Piece], pool: Executor | None
) -> None:
    if pool is None:
        for piece in pieces:
            fill(piece)
    else:
        for _ in pool.map(fill, pieces):
            pass


def _batches(keys: Sequence[TileKey]) -> Iterator[Sequence[TileKey]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _sorted_out(rect: Rect) -> tuple[list[TileKey], list[TileKey]]:
    """Return the tiles that lie wholly in a rect, and those that do in part."""
    whole: list[TileKey] = []
    parts: list[TileKey] = []
    for key in cells(rect, TILE):
        (whole if tile_rect(key).met(rect) == tile_rect(key) else parts).append(key)
    return whole, parts


def _edged(tile: PremultipliedBGRA, rect: Rect, canvas: Rect) -> PremultipliedBGRA:
    width, height = canvas.x1 - rect.x0, canvas.y1 - rect.y0
    if 0 < width < TILE:
        tile[:, width:] = tile[:, width - 1 : width]
    if 0 < height < TILE:
        tile[height:] = tile[height - 1 : height]
    return tile


class _Engine(Protocol):
    """Composites one tile into (128, 128, 4): premultiplied BGRA for display, else straight."""

    def __call__(
        self, steps: Sequence[Step], key: TileKey, out: NDArray[np.uint8], *, for_display: bool
    ) -> None: ...


def _engine(*, is_ready: bool) -> _Engine:
    """Return what a whole picture is made with: two engines may differ by a level."""
    return native.run if is_ready else _run_reference


def _run_reference(
    steps: Sequence[Step], key: TileKey, out: NDArray[np.uint8], *, for_display: bool
) -> None:
    premultiplied = by_reference.run(steps, key)
    out[...] = _display8(premultiplied) if for_display else _straight8(premultiplied)


def _straight8(premultiplied: Floats) -> RGBA8:
    tile = np.empty((TILE, TILE, 4), np.uint8)
    tile[..., :3] = straight(premultiplied) * 255 + 0.5
    tile[..., 3] = np.clip(premultiplied[..., 3], 0, 1) * 255 + 0.5
    tile[tile[..., 3] == 0] = 0
    return tile


def _display8(premultiplied: Floats) -> PremultipliedBGRA:
    ordered = np.clip(premultiplied[..., (2, 1, 0, 3)], 0, premultiplied[..., 3:])
    return (np.minimum(ordered, 1) * 255 + 0.5).astype(np.uint8)


def _within(part: Rect, whole: Rect) -> tuple[slice, slice]:
    return (
        slice(part.y0 - whole.y0, part.y1 - whole.y0),
        slice(part.x0 - whole.x0, part.x1 - whole.x0),
    )
