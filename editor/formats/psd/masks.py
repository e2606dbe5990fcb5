"""The masks of a PSD's layer, of pixels and of paths, as the one mask that our layers have."""

from dataclasses import dataclass, replace

import numpy as np

from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Mask
from editor.document.pixels import Coverage, Grey8
from editor.formats.psd import vector
from editor.formats.psd.channels import decode
from editor.formats.psd.parse import Buffer, MaskRecord, Record, Structure
from editor.formats.psd.quirks import Kind, vector_mask
from editor.formats.psd.records import MASK_DISABLED, MASK_UNLINKED

_USER, _REAL = -2, -3
_RENDERED, _HAS_PARAMETERS = 8, 16
_USER_DENSITY, _USER_FEATHER = 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class FoundMask:
    """A mask, or none, and what the user should know of it."""

    mask: Mask | None = None
    warnings: tuple[str, ...] = ()


def mask_of(record: Record, kind: Kind, buffer: Buffer, found: Structure) -> FoundMask:
    """Return a layer's mask in document coordinates; raises `DamagedError`.

    Where a path takes part, Photoshop stores what it rendered from mask and path; the pixels of
    shapes and fills have their path in their alpha already.
    """
    user, path = record.mask, vector_mask(record)
    if path is not None and vector.is_disabled(path):
        path = None
    in_pixels = kind in (Kind.SHAPE, Kind.FILL) and not record.rect.is_empty
    if user is not None and user.real is not None:
        if in_pixels:
            return FoundMask(_mask(record, user.real, _REAL, buffer, found))
        return _said(record, _mask(record, user, _USER, buffer, found))
    if user is not None and user.flags & _RENDERED:
        if in_pixels:
            return FoundMask()
        return _said(record, _mask(record, user, _USER, buffer, found))
    mask = None if user is None else _mask(record, user, _USER, buffer, found)
    if path is None or in_pixels:
        return FoundMask(*_with_parameters(record, mask, found))
    drawn = vector.rasterised(path, Size(found.header.width, found.header.height))
    if drawn is None:
        return FoundMask(mask, (f"The vector mask of “{record.name}” is too large to draw.",))
    return _said(record, _crossed(mask, drawn, found))


def _said(record: Record, mask: Mask | None) -> FoundMask:
    return FoundMask(mask, (f"The vector mask of “{record.name}” arrived as pixels.",))


def _mask(
    record: Record, part: MaskRecord, number: int, buffer: Buffer, found: Structure
) -> Mask | None:
    place = next((each for each in record.channels if each.number == number), None)
    if place is None:
        return None
    outside = 255 if part.outside >= 128 else 0
    levels = np.empty((part.rect.height, part.rect.width), np.uint8)
    decode(buffer, place, found, levels)
    coverage = Coverage.full(outside)
    if levels.size:
        coverage = Coverage.from_array(levels, Point(0, 0), outside)
    return Mask(
        coverage,
        Point(part.rect.x0, part.rect.y0),
        enabled=not part.flags & MASK_DISABLED,
        linked=not part.flags & MASK_UNLINKED,
    )


def _with_parameters(
    record: Record, mask: Mask | None, found: Structure
) -> tuple[Mask | None, tuple[str, ...]]:
    """Return the mask with its density worked in; feather, which blurs it, is only told."""
    body = b"" if record.mask is None else record.mask.parameters
    if mask is None or not body:
        return mask, ()
    given, said = body[0], []
    if given & _USER_FEATHER:
        said.append(f"The mask of “{record.name}” has a feather, which is not shown.")
    if given & _USER_DENSITY and len(body) > 1 and body[1] < 255:
        mask = _thinned(mask, body[1], record.rect.united(_canvas(found)))
        said.append(f"The density of the mask of “{record.name}” was worked into it.")
    return mask, tuple(said)


def _thinned(mask: Mask, density: int, rect: Rect) -> Mask:
    """Return a mask that hides less; what is outside it can only be 0 or 255, so it grows."""
    rect = rect.united(mask.rect)
    levels = _levels(mask, rect).astype(np.uint16)
    hidden = ((255 - levels) * density + 127) // 255
    coverage = Coverage.from_array((255 - hidden).astype(np.uint8), Point(0, 0), outside=0)
    return replace(mask, coverage=coverage, offset=Point(rect.x0, rect.y0))


def _crossed(mask: Mask | None, drawn: Coverage, found: Structure) -> Mask:
    """Return a path's coverage times the user's mask."""
    if mask is None or not mask.enabled:
        return Mask(drawn)
    rect = _canvas(found)
    product = _levels(mask, rect).astype(np.uint16) * drawn.read(rect)
    return replace(
        mask,
        coverage=Coverage.from_array(((product + 127) // 255).astype(np.uint8)),
        offset=Point(0, 0),
    )


def _levels(mask: Mask, rect: Rect) -> Grey8:
    return mask.coverage.read(rect.moved(-mask.offset.x, -mask.offset.y))


def _canvas(found: Structure) -> Rect:
    return Rect(0, 0, found.header.width, found.header.height)
