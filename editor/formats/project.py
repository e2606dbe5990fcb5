"""Our own file, `.acetate`: a zip shaped like OpenRaster that holds all of a document.

Programs that know OpenRaster show it from `stack.xml`; we read `acetate/project.json` and the
pictures that it names, and the stack only of a file that other programs wrote.
"""

import zipfile
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import BinaryIO

import msgspec

from editor.document.document import MAX_SIDE, Document
from editor.document.layer import (
    AdjustmentLayer,
    Group,
    Layer,
    LayerProperties,
    Mask,
    PixelLayer,
    Variant,
)
from editor.formats import stack
from editor.formats.adjustments import adjustment_from, adjustment_record
from editor.formats.archive import MAX_JSON_BYTES, MIMETYPE, Reader, Writer
from editor.formats.flatten import Thumbnail, bands
from editor.formats.format import FormatError, Loaded
from editor.formats.openraster import document_from_stack
from editor.formats.png import encoded
from editor.formats.records import (
    VERSION,
    LayerRecord,
    MaskRecord,
    ProjectRecord,
    VariantRecord,
)

_PROJECT = "acetate/project.json"
_THUMBNAIL = 256  # OpenRaster 0.0.5: at most 256 pixels a side
_MAX_PROFILE_BYTES = 1 << 26
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, SyntaxError, ValueError, NotImplementedError)
_SHARED = tuple(each.name for each in fields(LayerProperties) if each.name != "mask")


@dataclass(frozen=True, slots=True)
class ProjectFormat:
    """The format of `.acetate`."""

    name: str = "acetate"
    title: str = "Acetate project"
    suffixes: tuple[str, ...] = (".acetate",)
    writable: bool = True

    def recognises(self, head: bytes) -> bool:
        """Whether it is a zip whose first entry says OpenRaster."""
        return head.startswith(b"PK\x03\x04") and head[30:54] == b"mimetype" + MIMETYPE

    def read(self, path: Path) -> Loaded:
        """Read the document back as it was."""
        try:
            with zipfile.ZipFile(path) as archive:
                reader = Reader(archive, path.name)
                if not reader.has(_PROJECT) and reader.has("stack.xml"):
                    return Loaded(*document_from_stack(reader), "openraster")
                reader.check_room()
                return Loaded(_document(reader), (), self.name)
        except (FormatError, FileNotFoundError, PermissionError):
            raise
        except (*_DAMAGED, OSError) as error:  # Pillow reports broken pictures as OSError
            raise FormatError(f"{path.name} is damaged, so it was not opened.") from error

    def write(self, document: Document, file: BinaryIO) -> tuple[str, ...]:
        """Write everything; there is nothing it cannot hold."""
        writer = Writer.open(file)
        with writer.archive:
            layers = tuple(_layer_record(layer, writer) for layer in document.layers)
            writer.store_packed("stack.xml", stack.xml(document, layers))
            _store_previews(document, writer)
            writer.store_packed(_PROJECT, msgspec.json.encode(_record(document, layers, writer)))
        return ()


def _store_previews(document: Document, writer: Writer) -> None:
    thumbnail = Thumbnail(document.size, _THUMBNAIL)
    writer.store("mergedimage.png", encoded(thumbnail.watched(bands(document)), document.size))
    small = thumbnail.picture()
    writer.store("Thumbnails/thumbnail.png", encoded([small], (small.shape[1], small.shape[0])))


def _record(document: Document, layers: tuple[LayerRecord, ...], writer: Writer) -> ProjectRecord:
    icc, selection = document.icc, document.selection
    return ProjectRecord(
        version=VERSION,
        size=document.size,
        dpi=document.dpi,
        icc=None if icc is None else writer.store_hashed("acetate/icc", ".icc", icc),
        guides=document.guides,
        selection=None if selection is None else writer.coverage(selection),
        layers=layers,
    )


def _layer_record(layer: Layer, writer: Writer) -> LayerRecord:
    mask = None
    if layer.mask is not None:
        coverage = writer.coverage(layer.mask.coverage)
        mask = MaskRecord(coverage, layer.mask.offset, layer.mask.enabled, layer.mask.linked)
    shared = {name: getattr(layer, name) for name in _SHARED}
    if isinstance(layer, Group):
        children = tuple(_layer_record(child, writer) for child in layer.children)
        return LayerRecord(**shared, mask=mask, kind="group", children=children, open=layer.open)
    if isinstance(layer, AdjustmentLayer):
        adjustment = adjustment_record(layer.adjustment)
        return LayerRecord(**shared, mask=mask, kind="adjustment", adjustment=adjustment)
    variants = tuple(
        VariantRecord(writer.pixels(each.pixels), each.offset, each.recipe, each.verdict)
        for each in layer.variants
    )
    return LayerRecord(
        **shared,
        mask=mask,
        kind="pixel",
        pixels=writer.pixels(layer.pixels),
        offset=layer.offset,
        recipe=layer.recipe,
        variants=variants,
        variant=layer.variant,
        text=layer.text,
    )


def _document(reader: Reader) -> Document:
    body = reader.entry(_PROJECT, MAX_JSON_BYTES)
    version = msgspec.json.decode(body, type=dict[str, msgspec.Raw]).get("version", msgspec.Raw())
    if bytes(version).isdigit() and int(bytes(version)) > VERSION:
        raise FormatError(f"{reader.name} was saved by a newer version of Acetate.")
    record = msgspec.json.decode(body, type=ProjectRecord)
    width, height = record.size
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise FormatError(f"{reader.name} has an impossible size: {width} x {height} pixels.")
    return Document(
        size=record.size,
        layers=tuple(_layer(each, reader) for each in record.layers),
        dpi=record.dpi,
        icc=None if record.icc is None else reader.entry(record.icc, _MAX_PROFILE_BYTES),
        guides=record.guides,
        selection=None if record.selection is None else reader.coverage(record.selection),
    )


def _layer(record: LayerRecord, reader: Reader) -> Layer:
    mask = None
    if record.mask is not None:
        coverage = reader.coverage(record.mask.coverage)
        mask = Mask(coverage, record.mask.offset, record.mask.enabled, record.mask.linked)
    shared = {name: getattr(record, name) for name in _SHARED}
    if record.kind == "group":
        children = tuple(_layer(each, reader) for each in record.children)
        return Group(**shared, mask=mask, children=children, open=record.open)
    if record.kind == "adjustment":
        made = adjustment_from(record.adjustment or {})
        return AdjustmentLayer(**shared, mask=mask, adjustment=made)
    variants = tuple(
        Variant(reader.pixels(each.pixels), each.offset, each.recipe, each.verdict)
        for each in record.variants
    )
    return PixelLayer(
        **shared,
        mask=mask,
        pixels=reader.pixels(record.pixels),
        offset=record.offset,
        recipe=record.recipe,
        variants=variants,
        variant=record.variant,
        text=record.text,
    )
