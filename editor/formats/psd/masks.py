"""The masks of a PSD's layer, of pixels and of paths, as the one mask that our layers have."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

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
_RENDERED = 8
_USER_DENSITY, _USER_FEATHER, _PATH_DENSITY, _PATH_FEATHER = 1, 2, 4, 8


@dataclass(frozen=True, slots=True, eq=False)
class FoundMask:
    """A mask, or none, and what the user should know of it."""

    mask: Mask | None = None
    warnings: tuple[str, ...] = ()


def mask_of(record: Record, kind: Kind, buffer: Buffer, found: Structure) -> FoundMask:
    """Return a layer's mask in document coordinates; raises `DamagedError`.

    Where a path takes part, Photoshop stores what it rendered from mask and path, without their
    densities; the pixels of shapes and fills have their path in their alpha already.
    """
    stored, path = record.mask, _active_path(record)
    in_pixels = kind in (Kind.SHAPE, Kind.FILL) and not record.rect.is_empty
    user = _mask(record, _users(stored), buffer, found)
    density = _densities(stored)
    said = list(_feather(record))
    if user is not None and density.user < 255:
        user = _thinned(user, density.user, record.rect.united(_canvas(found)))
    if path is None or in_pixels:
        return FoundMask(user, tuple(said))
    said.append(f"The vector mask of “{record.name}” arrived as pixels.")
    if stored is not None and stored.flags & _RENDERED and density == Densities():
        return FoundMask(_mask(record, Part(_USER, stored), buffer, found), tuple(said))
    drawn = vector.rasterised(path, Size(found.header.width, found.header.height))
    if drawn is None:
        return FoundMask(user, (*said, f"That of “{record.name}” is too large to draw."))
    shape = Mask(drawn)
    if density.path < 255:
        shape = _thinned(shape, density.path, record.rect.united(_canvas(found)))
    return FoundMask(_crossed(user, shape), tuple(said))


class Part(NamedTuple):
    """A mask of a record and the channel that holds it."""

    channel: int
    mask: MaskRecord


class Densities(NamedTuple):
    """How much of what they hide the user's mask and the path really hide, 0 to 255."""

    user: int = 255
    path: int = 255


def _active_path(record: Record) -> bytes | None:
    path = vector_mask(record)
    return None if path is None or vector.is_disabled(path) else path


def _users(stored: MaskRecord | None) -> Part | None:
    """Return the mask that the user made, which is not the one that was rendered."""
    if stored is None:
        return None
    if stored.real is not None:
        return Part(_REAL, stored.real)
    return None if stored.flags & _RENDERED else Part(_USER, stored)


def _densities(stored: MaskRecord | None) -> Densities:
    """Return the densities among a mask's parameters: a byte of flags, then what they announce."""
    body = b"" if stored is None else stored.parameters
    given = body[0] if body else 0
    at, user, path = 1, 255, 255
    if given & _USER_DENSITY and at < len(body):
        user, at = body[at], at + 1
    if given & _USER_FEATHER:
        at += 8
    if given & _PATH_DENSITY and at < len(body):
        path = body[at]
    return Densities(user, path)


def _feather(record: Record) -> Iterator[str]:
    body = b"" if record.mask is None else record.mask.parameters
    if body and body[0] & (_USER_FEATHER | _PATH_FEATHER):
        yield f"The mask of “{record.name}” has a feather, which is not shown."


def _mask(record: Record, chosen: Part | None, buffer: Buffer, found: Structure) -> Mask | None:
    if chosen is None:
        return None
    part = chosen.mask
    place = next((each for each in record.channels if each.number == chosen.channel), None)
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


def _thinned(mask: Mask, density: int, rect: Rect) -> Mask:
    """Return a mask that hides less; what is outside it can only be 0 or 255, so it grows."""
    rect = rect.united(mask.rect)
    levels = _levels(mask, rect).astype(np.uint16)
    hidden = ((255 - levels) * density + 127) // 255
    coverage = Coverage.from_array((255 - hidden).astype(np.uint8), Point(0, 0), outside=0)
    return replace(mask, coverage=coverage, offset=Point(rect.x0, rect.y0))


def _crossed(user: Mask | None, shape: Mask) -> Mask:
    """Return a path's coverage times the user's mask."""
    if user is None or not user.enabled:
        return shape
    rect = shape.rect
    product = _levels(user, rect).astype(np.uint16) * _levels(shape, rect)
    coverage = Coverage.from_array(((product + 127) // 255).astype(np.uint8))
    return replace(user, coverage=coverage, offset=Point(rect.x0, rect.y0))


def _levels(mask: Mask, rect: Rect) -> Grey8:
    return mask.coverage.read(rect.moved(-mask.offset.x, -mask.offset.y))


def _canvas(found: Structure) -> Rect:
    return Rect(0, 0, found.header.width, found.header.height)
