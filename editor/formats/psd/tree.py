"""The flat list of a PSD's records to the tree of layers, and each record to a layer."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from editor.document.geometry import Point, Rect
from editor.document.layer import (
    AdjustmentLayer,
    BlendMode,
    Group,
    Label,
    Layer,
    LayerId,
    Locks,
    PixelLayer,
    new_layer_id,
)
from editor.document.pixels import Pixels
from editor.formats.psd import quirks, vector
from editor.formats.psd.adjustments import adjustment_of, loses
from editor.formats.psd.blocks import layer_xmp
from editor.formats.psd.channels import decode
from editor.formats.psd.keys import (
    LABELS,
    LOCK_ALL,
    LOCK_ALPHA,
    LOCK_PIXELS,
    LOCK_POSITION,
)
from editor.formats.psd.masks import FoundMask, mask_of
from editor.formats.psd.metadata import DocumentNote, LayerNote, recipe_from_xmp
from editor.formats.psd.modes import ColourMode, Converter
from editor.formats.psd.parse import Buffer, DamagedError, Record, Structure
from editor.formats.psd.quirks import Kind
from editor.formats.psd.records import CLOSED, DIVIDER, FLAG_HIDDEN, FLAG_LOCKED_ALPHA, OPEN

_ALPHA = -1


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The file being read."""

    buffer: Buffer
    found: Structure
    how: Converter
    note: DocumentNote

    @property
    def canvas(self) -> Rect:
        """The canvas."""
        return Rect(0, 0, self.found.header.width, self.found.header.height)


@dataclass(eq=False)
class Building:
    """The tree so far: siblings of each open level, ids that are taken, and what must be told."""

    levels: list[list[Layer]] = field(default_factory=lambda: [[]])
    taken: set[LayerId] = field(default_factory=set)
    clipping_alone: set[LayerId] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)


def tree(
    records: tuple[Record, ...], source: Source, pool: Executor
) -> tuple[tuple[Layer, ...], list[str]]:
    """Return the layers, bottom first, and what the user should know; raises `DamagedError`."""
    building = Building()
    for record, future in zip(records, list(_decoding(records, source, pool)), strict=True):
        match quirks.divider_of(record):
            case divider if divider == DIVIDER:
                building.levels.append([])
            case divider if divider in (OPEN, CLOSED):
                _add_group(record, future.result(), source, building)
            case _:
                _add_layer(record, future.result(), source, building)
    if len(building.levels) > 1:
        building.warnings.append("A group in the file has no end: its layers stand outside it.")
    layers = tuple(layer for level in building.levels for layer in level)
    return layers, building.warnings


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """The pixels of a record."""

    pixels: Pixels
    mask: FoundMask


def _decoding(
    records: tuple[Record, ...], source: Source, pool: Executor
) -> Iterator[Future[Decoded]]:
    for record in records:
        yield pool.submit(_decoded, record, source)


def _decoded(record: Record, source: Source) -> Decoded:
    kind = quirks.kind_of(record)
    mask = mask_of(record, kind, source.buffer, source.found)
    divided = quirks.divider_of(record)
    if divided or kind is Kind.ADJUSTMENT:
        return Decoded(Pixels.empty(), mask)
    return Decoded(_pixels(record, kind, source), mask)


def _pixels(record: Record, kind: Kind, source: Source) -> Pixels:
    rect = record.rect
    if rect.is_empty:
        colour = vector.solid_colour(record.blocks.get(b"SoCo", b""))
        if kind in (Kind.SHAPE, Kind.FILL) and colour is not None:
            return Pixels.from_array(vector.filled(colour, source.canvas))
        return Pixels.empty()
    rgba = np.empty((rect.height, rect.width, 4), np.uint8)
    places = {each.number: each for each in record.channels}
    if source.how.mode is ColourMode.RGB:
        planes = [rgba[..., index] for index in range(3)]
    else:
        planes = [np.empty(rgba.shape[:2], np.uint8) for _ in range(source.how.count)]
    for number, plane in enumerate(planes):
        if number not in places:
            raise DamagedError
        decode(source.buffer, places[number], source.found, plane)
    if source.how.mode is not ColourMode.RGB:
        rgba = source.how.rgba(planes, None)
    if _ALPHA in places:
        decode(source.buffer, places[_ALPHA], source.found, rgba[..., 3])
    else:
        rgba[..., 3] = 255
    return Pixels.from_array(rgba, Point(rect.x0, rect.y0))


def _add_group(record: Record, decoded: Decoded, source: Source, building: Building) -> None:
    children = building.levels.pop() if len(building.levels) > 1 else []
    group = Group(
        **_properties(record, decoded, source, building),
        children=tuple(children),
        open=quirks.divider_of(record) == OPEN,
    )
    building.warnings += quirks.warnings_of(record, Kind.PIXELS)
    _append(group, record, building)


def _add_layer(record: Record, decoded: Decoded, source: Source, building: Building) -> None:
    kind = quirks.kind_of(record)
    if kind is Kind.ADJUSTMENT:
        _add_adjustment(record, decoded, source, building)
        return
    note = _note(record, source)
    recipe = note.recipe if note is not None else None
    if recipe is None and b"shmd" in record.blocks:
        recipe = recipe_from_xmp(layer_xmp(record.blocks[b"shmd"]))
    layer = PixelLayer(
        **_properties(record, decoded, source, building), pixels=decoded.pixels, recipe=recipe
    )
    building.warnings += quirks.warnings_of(record, kind)
    if kind in (Kind.SHAPE, Kind.FILL) and not decoded.pixels.tiles:
        building.warnings.append(f"“{record.name}” is empty: the file holds no pixels for it.")
    _append(layer, record, building)


def _add_adjustment(record: Record, decoded: Decoded, source: Source, building: Building) -> None:
    adjustment = adjustment_of(record.blocks)
    if adjustment is None:
        building.warnings.append(f"“{record.name}” is an adjustment, which was left out.")
        return
    properties = _properties(record, decoded, source, building)
    lost = loses(record.blocks)
    if lost is not None:
        building.warnings.append(f"“{record.name}” {lost}.")
    building.warnings += quirks.warnings_of(record, Kind.PIXELS)
    _append(AdjustmentLayer(**properties, adjustment=adjustment), record, building)


def _append(layer: Layer, record: Record, building: Building) -> None:
    siblings = building.levels[-1]
    if quirks.clips_alone(record):
        building.clipping_alone.add(layer.id)
    base = next((each for each in reversed(siblings) if not each.clipped), None)
    if layer.clipped and base is not None and base.id in building.clipping_alone:
        building.warnings.append(f"“{layer.name}” is not clipped as a group in the file.")
    siblings.append(layer)


def _properties(
    record: Record, decoded: Decoded, source: Source, building: Building
) -> dict[str, Any]:  # the keywords of a layer, of many types
    building.warnings += decoded.mask.warnings
    note = _note(record, source)
    return {
        "id": _id(note, building),
        "name": record.name,
        "opacity": _opacity(record),
        "blend_mode": _mode(record, building),
        "visible": not record.flags & FLAG_HIDDEN,
        "locks": _locks(record),
        "clipped": bool(record.clipping),
        "mask": decoded.mask.mask,
        "label": _label(record.blocks.get(b"lclr", b"")),
        "model_visible": note.model_visible if note is not None else True,
    }


def _note(record: Record, source: Source) -> LayerNote | None:
    return source.note.layers.get(int.from_bytes(record.blocks.get(b"lyid", b"")[:4], "big"))


def _id(note: LayerNote | None, building: Building) -> LayerId:
    layer_id = new_layer_id() if note is None or note.id in building.taken else note.id
    building.taken.add(layer_id)
    return layer_id


def _mode(record: Record, building: Building) -> BlendMode:
    mode = quirks.mode_of(record)
    if mode is BlendMode.PASS_THROUGH and not quirks.divider_of(record):
        mode = None
    if mode is None:
        building.warnings.append(f"“{record.name}” has an unknown blend mode: it is Normal now.")
        return BlendMode.NORMAL
    return mode


def _opacity(record: Record) -> float:
    """Return opacity times fill opacity, where these are the same thing, in steps of 1/255."""
    opacity = record.opacity
    if quirks.folds_fill(record):
        opacity = round(opacity * quirks.fill_opacity(record) / 255)
    return opacity / 255


def _locks(record: Record) -> Locks:
    block = record.blocks.get(b"lspf", b"")
    if len(block) < 4:
        return Locks(alpha=bool(record.flags & FLAG_LOCKED_ALPHA))
    bits = int.from_bytes(block[:4], "big")
    everything = bool(bits & LOCK_ALL)
    return Locks(
        alpha=everything or bool(bits & LOCK_ALPHA),
        pixels=everything or bool(bits & LOCK_PIXELS),
        position=everything or bool(bits & LOCK_POSITION),
    )


def _label(block: bytes) -> Label:
    index = int.from_bytes(block[:2], "big")
    return LABELS[index] if index < len(LABELS) else Label.NONE
