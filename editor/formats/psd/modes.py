"""Planes in a PSD's colour mode to straight RGBA8: those of a layer and of the merged picture."""

import struct
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.document.pixels import RGBA8
from editor.formats.colour import to_rgba
from editor.formats.format import FormatError
from editor.formats.psd.channels import Plane, merged_planes
from editor.formats.psd.parse import Buffer, Structure
from editor.formats.psd.resources import ICC, TRANSPARENT_INDEX


class ColourMode(IntEnum):
    """The colour models of Photoshop."""

    BITMAP = 0
    GREY = 1
    INDEXED = 2
    RGB = 3
    CMYK = 4
    MULTICHANNEL = 7
    DUOTONE = 8
    LAB = 9


COLOUR_CHANNELS = {
    ColourMode.BITMAP: 1,
    ColourMode.GREY: 1,
    ColourMode.INDEXED: 1,
    ColourMode.RGB: 3,
    ColourMode.CMYK: 4,
    ColourMode.DUOTONE: 1,
    ColourMode.LAB: 3,
}
_SAID = {
    ColourMode.BITMAP: "The picture was converted from black and white to RGB.",
    ColourMode.GREY: "The picture was converted from greyscale to RGB.",
    ColourMode.INDEXED: "The picture was converted from indexed colour to RGB.",
    ColourMode.CMYK: "The picture was converted from CMYK to RGB.",
    ColourMode.DUOTONE: "The picture was converted from duotone to RGB, without its inks.",
    ColourMode.LAB: "The picture was converted from Lab to RGB.",
}


@dataclass(frozen=True, slots=True)
class Converter:
    """How the planes of one file become RGBA."""

    mode: ColourMode
    icc: bytes | None  # of the file

    @property
    def count(self) -> int:
        """How many planes of colour there are."""
        return COLOUR_CHANNELS[self.mode]

    @property
    def icc_after(self) -> bytes | None:
        """The profile that the RGB is in."""
        return self.icc if self.mode is ColourMode.RGB else None

    def rgba(self, planes: list[Plane], alpha: Plane | None) -> RGBA8:
        """Return (h, w, 4) from the planes of colour and that of alpha, opaque without."""
        if self.mode is ColourMode.RGB:
            return np.dstack([*planes, np.full_like(planes[0], 255) if alpha is None else alpha])
        rgba = np.array(to_rgba(_picture(self.mode, planes), self.icc)[0])
        if alpha is not None:
            rgba[..., 3] = alpha
        return rgba


def converter(found: Structure) -> tuple[Converter, list[str]]:
    """Return the converter of a file and what the user should know; raises `FormatError`."""
    try:
        mode = ColourMode(found.header.mode)
    except ValueError as error:
        raise FormatError("The file is in a colour mode that is not known.") from error
    if mode is ColourMode.MULTICHANNEL:
        raise FormatError("The file is in multichannel mode, which cannot be opened.")
    said = [_SAID[mode]] if mode in _SAID else []
    if found.header.depth in (16, 32):
        said.append(f"The picture was reduced from {found.header.depth} to 8 bits a channel.")
    return Converter(mode, found.resources.get(ICC)), said


def merged_rgba(buffer: Buffer, found: Structure, how: Converter, *, has_alpha: bool) -> RGBA8:
    """Return the merged picture, freed of the white that it was laid on; raises `DamagedError`."""
    count = how.count + has_alpha
    planes = merged_planes(buffer, found, count)
    colours, alpha = planes[: how.count], planes[how.count] if has_alpha else None
    if how.mode is ColourMode.INDEXED:
        return _from_palette(colours[0], found)
    if alpha is not None:
        colours = [_unmatted(plane, alpha) for plane in colours]
    return how.rgba(colours, alpha)


def _picture(mode: ColourMode, planes: list[Plane]) -> Image.Image:
    if mode is ColourMode.CMYK:  # stored upside down: 255 is no ink
        planes = [255 - each for each in planes]
    bands = [Image.fromarray(np.ascontiguousarray(each)) for each in planes]
    return Image.merge(mode.name, bands) if len(bands) > 1 else bands[0]


def _unmatted(plane: Plane, alpha: Plane) -> Plane:
    """Return c of stored = c * a + 255 * (1 - a)."""
    share = alpha.astype(np.float32)
    colour = (plane.astype(np.float32) - (255 - share)) * 255 / np.maximum(share, 1)
    result: NDArray[np.uint8] = np.rint(np.clip(colour, 0, 255)).astype(np.uint8)
    return np.where(alpha > 0, result, 0).astype(np.uint8)


def _from_palette(indices: Plane, found: Structure) -> RGBA8:
    """Return the colours of an indexed picture; one index may be transparent."""
    table = np.zeros((256, 4), np.uint8)
    body = found.colours[:768].ljust(768, b"\0")
    table[:, :3] = np.frombuffer(body, np.uint8).reshape(3, 256).T
    table[:, 3] = 255
    block = found.resources.get(TRANSPARENT_INDEX, b"")
    if len(block) >= 2:
        (index,) = struct.unpack_from(">H", block)
        if index < 256:
            table[index] = 0
    return table[indices]
