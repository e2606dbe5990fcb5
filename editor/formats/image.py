"""Flat pictures: a picture becomes a document of one pixel layer, a document becomes one picture.

PNG is written by our own encoder, everything else by Pillow. Layers do not survive here, which the
warnings say.
"""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageOps

from editor.document.document import MAX_SIDE, Document
from editor.document.geometry import Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import RGBA8, Pixels
from editor.document.recipe import Recipe
from editor.formats.colour import to_rgba
from editor.formats.flatten import bands, flattened, on_white, plain_layer
from editor.formats.format import MAX_PICTURE_PIXELS, FormatError, Loaded
from editor.formats.png import RECIPE_KEYWORD, SIGNATURE, png_bytes
from editor.formats.recipes import recipe_from_json
from editor.formats.room import check_room

# Pillow's own limit warns or raises by size alone; ours is checked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None

Writer = Callable[[Document, BinaryIO], tuple[str, ...]]

_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError)
_DAMAGED = (*_BROKEN, struct.error, zlib.error, OverflowError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """One kind of flat picture; without a writer it is only read."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    magic: tuple[tuple[int, bytes], ...]  # each an offset and the bytes there; any of them will do
    writer: Writer | None = None

    @property
    def writable(self) -> bool:
        """Whether it can be written."""
        return self.writer is not None

    def recognises(self, head: bytes) -> bool:
        """Whether the bytes begin such a picture."""
        return any(head[at : at + len(mark)] == mark for at, mark in self.magic)

    def read(self, path: Path) -> Loaded:
        """Read the picture into a document of one layer named after the file."""
        with path.open("rb") as file:
            picture = decoded(file, path.name)
        layer = PixelLayer(
            id=new_layer_id(),
            name=path.stem,
            pixels=Pixels.from_array(picture.rgba),
            recipe=picture.recipe,
        )
        height, width = picture.rgba.shape[:2]
        document = Document(
            size=Size(width, height), layers=(layer,), dpi=picture.dpi, icc=picture.icc
        )
        return Loaded(document, picture.warnings, self.name)

    def write(self, document: Document, file: BinaryIO) -> tuple[str, ...]:
        """Write the composite."""
        assert self.writer is not None, self.name
        return (*self.writer(document, file), *_layers_lost(document))


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded flat picture, straight RGBA8."""

    rgba: RGBA8
    dpi: float
    icc: bytes | None
    recipe: Recipe | None
    warnings: tuple[str, ...]


def decoded(file: BinaryIO, name: str) -> Picture:
    """Decode a picture from an open file; `name` is for the sentence of the `FormatError`."""
    try:
        head = file.read(32)
        file.seek(0)
        with Image.open(file) as image:
            _check_size(image.size, name)
            return _picture(image, _is_deep(image, head))
    except FormatError:
        raise
    except _DAMAGED as error:
        raise FormatError(f"{name} is damaged or incomplete, so it was not opened.") from error


def _picture(image: Image.Image, deep: bool) -> Picture:
    warnings = []
    if getattr(image, "n_frames", 1) > 1:
        warnings.append("The file holds several pictures; only the first was opened.")
    if deep:
        warnings.append("The picture was reduced from 16 to 8 bits a channel.")
    image.load()
    dpi = _dpi(image.info.get("dpi"))
    icc = image.info.get("icc_profile") or None
    text = image.info.get(RECIPE_KEYWORD)
    upright = ImageOps.exif_transpose(image)
    rgba, icc, said = to_rgba(upright, icc)
    recipe = recipe_from_json(str(text)) if isinstance(text, str) else None
    return Picture(rgba, dpi, icc, recipe, (*warnings, *said))


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise FormatError(f"{name} has no pixels.")
    if max(size) > MAX_SIDE or width * height > MAX_PICTURE_PIXELS:
        raise FormatError(f"{name} is too large to open: {width} x {height} pixels.")
    check_room(width * height, name)


def _is_deep(image: Image.Image, head: bytes) -> bool:
    """Whether a channel has more than 8 bits; Pillow itself reduces some files without a word."""
    if head.startswith(SIGNATURE):
        return head[24] > 8
    bits = getattr(image, "tag_v2", {}).get(258, (8,))  # TIFF's BitsPerSample
    return image.mode.startswith(("I", "F")) or max(bits) > 8


def _dpi(value: Any) -> float:  # whatever the file says: numbers, fractions, nonsense
    try:
        dpi = float(value[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 72.0
    if not 1.0 <= dpi <= 100_000.0:
        return 72.0
    # PNG keeps whole pixels per metre, so that 300 comes back as 299.9994.
    return float(round(dpi)) if abs(dpi - round(dpi)) < 0.02 else dpi


def _layers_lost(document: Document) -> tuple[str, ...]:
    count = sum(1 for _ in document.walk())
    if count < 2:
        return ()
    return (f"The file holds one flat picture: the {count} layers were merged in it.",)


def _write_png(document: Document, file: BinaryIO) -> tuple[str, ...]:
    layer = plain_layer(document)
    recipe = layer.recipe if layer is not None else None
    file.write(png_bytes(flattened(document), dpi=document.dpi, icc=document.icc, recipe=recipe))
    return ()


def _write_jpeg(document: Document, file: BinaryIO) -> tuple[str, ...]:
    _check_side(document, 65500, "JPEG")
    warnings: tuple[str, ...] = ()
    rows = []
    for band in bands(document):
        if not warnings and band[..., 3].min() < 255:
            warnings = ("JPEG has no transparency: what was transparent is white.",)
        rows.append(on_white(band))
    image = Image.fromarray(np.concatenate(rows))
    image.save(file, "JPEG", quality=92, subsampling=0, **_carried(document))
    return warnings


def _write_webp(document: Document, file: BinaryIO) -> tuple[str, ...]:
    _check_side(document, 16383, "WebP")
    icc = {} if document.icc is None else {"icc_profile": document.icc}
    image = Image.fromarray(flattened(document))
    image.save(file, "WEBP", lossless=True, exact=True, method=2, **icc)
    return ()


def _write_tiff(document: Document, file: BinaryIO) -> tuple[str, ...]:
    held = io.BytesIO()  # libtiff writes through a file handle of its own where it gets one
    image = Image.fromarray(flattened(document))
    image.save(held, "TIFF", compression="tiff_adobe_deflate", **_carried(document))
    file.write(held.getbuffer())
    return ()


def _carried(document: Document) -> dict[str, Any]:  # Pillow's save() takes any keywords
    kept: dict[str, Any] = {"dpi": (document.dpi, document.dpi)}
    if document.icc is not None:
        kept["icc_profile"] = document.icc
    return kept


def _check_side(document: Document, limit: int, title: str) -> None:
    if max(document.size) > limit:
        raise FormatError(f"{title} holds at most {limit} pixels a side; choose another format.")


IMAGE_FORMATS = (
    ImageFormat("png", "PNG", (".png",), ((0, SIGNATURE),), _write_png),
    ImageFormat("jpeg", "JPEG", (".jpg", ".jpeg"), ((0, b"\xff\xd8\xff"),), _write_jpeg),
    ImageFormat("webp", "WebP", (".webp",), ((8, b"WEBP"),), _write_webp),
    ImageFormat("tiff", "TIFF", (".tif", ".tiff"), ((0, b"II*\0"), (0, b"MM\0*")), _write_tiff),
    ImageFormat("bmp", "BMP", (".bmp",), ((0, b"BM"),)),
    ImageFormat("gif", "GIF", (".gif",), ((0, b"GIF8"),)),
    ImageFormat("avif", "AVIF", (".avif",), ((4, b"ftypavif"),)),
)
