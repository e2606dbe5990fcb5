"""PSD and PSB to documents: layers are decoded on all cores, the file is never held in memory.

Never a wrong picture in silence: what a document cannot hold is named in a warning. If the layers
cannot be understood, the merged picture is what arrives; if that is not there either, nothing is.
"""

import logging
import mmap
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path

from editor.document.document import MAX_SIDE, Document, Guide
from editor.document.geometry import Size
from editor.document.layer import Layer, PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.formats.format import MAX_PICTURE_PIXELS, MAX_TOTAL_PIXELS, FormatError
from editor.formats.psd import parse, resources
from editor.formats.psd.channels import is_merged_whole
from editor.formats.psd.metadata import document_note
from editor.formats.psd.modes import converter, merged_rgba
from editor.formats.psd.parse import DamagedError, Layers, Structure
from editor.formats.psd.tree import Source, tree
from editor.formats.room import check_room

log = logging.getLogger(__name__)

_THREADS = 4  # each holds one layer's planes beside the document
_ONLY_MERGED = "The layers of the file are damaged: only its merged picture was opened."


def read(path: Path) -> tuple[Document, tuple[str, ...]]:
    """Return the document and what arrived changed; raises `FormatError`."""
    with path.open("rb") as file:
        buffer = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    try:
        found = parse.structure(buffer)
    except DamagedError as error:
        raise _damaged(path) from error
    _check(path, found)
    if not is_merged_whole(buffer, found):
        raise FormatError(f"{path.name} is incomplete: its end is missing.")
    how, said = converter(found)
    note = document_note(found.resources.get(resources.XMP))
    source = Source(buffer, found, how, note)
    try:
        layers, more = _layers(path, source)
    except DamagedError as error:
        raise _damaged(path) from error
    document = Document(
        size=Size(found.header.width, found.header.height),
        layers=layers,
        dpi=_dpi(found, note.dpi),
        icc=how.icc_after,
        guides=_guides(source),
    )
    return document, (*said, *more)


def _damaged(path: Path) -> FormatError:
    return FormatError(f"{path.name} is damaged or incomplete, so it was not opened.")


def _check(path: Path, found: Structure) -> None:
    header = found.header
    if header.width < 1 or header.height < 1 or not 1 <= header.channels <= 56:
        raise FormatError(f"{path.name} is damaged: its header makes no sense.")
    if header.depth not in (1, 8, 16, 32) or (header.depth == 1) != (header.mode == 0):
        raise FormatError(f"{path.name} is damaged: its header makes no sense.")
    if max(header.width, header.height) > MAX_SIDE:
        raise FormatError(
            f"{path.name} is too large to open: {header.width} x {header.height} pixels."
        )


def _layers(path: Path, source: Source) -> tuple[tuple[Layer, ...], list[str]]:
    """Return the layers, or the merged picture as one where there are none to be had."""
    try:
        listed = parse.layers(source.buffer, source.found)
        _check_layers(path, listed)
        if listed.records:
            threads = min(_THREADS, cpu_count() or 1)
            with ThreadPoolExecutor(threads) as pool:
                layers, said = tree(listed.records, source, pool)
            return layers, [*said, *_saved_channels(source, listed)]
    except DamagedError:
        log.info("the layers of %s cannot be read", path, exc_info=True)
        return _merged(path, source, Layers()), [_ONLY_MERGED]
    return _merged(path, source, listed), _saved_channels(source, listed)


def _check_layers(path: Path, listed: Layers) -> None:
    """Refuse what would not fit into memory, before anything is decoded."""
    total = 0
    for record in listed.records:
        rects = [record.rect] + ([] if record.mask is None else [record.mask.rect])
        for rect in rects:
            pixels = rect.width * rect.height
            total += pixels
            if pixels > MAX_PICTURE_PIXELS or total > MAX_TOTAL_PIXELS:
                raise FormatError(f"{path.name} holds more pixels than can be opened.")
    check_room(total, path.name)


def _merged(path: Path, source: Source, listed: Layers) -> tuple[Layer, ...]:
    """Return the merged picture as one layer, or nothing if it is transparent throughout."""
    header = source.found.header
    if header.width * header.height > MAX_PICTURE_PIXELS:
        raise FormatError(f"{path.name} holds more pixels than can be opened.")
    check_room(header.width * header.height, path.name)
    has_alpha = _has_alpha(source, listed)
    rgba = merged_rgba(source.buffer, source.found, source.how, has_alpha=has_alpha)
    if not rgba[..., 3].any():
        return ()
    name = path.stem if has_alpha else "Background"
    return (PixelLayer(id=new_layer_id(), name=name, pixels=Pixels.from_array(rgba)),)


def _has_alpha(source: Source, listed: Layers) -> bool:
    """Whether the channel after the colours is the merged picture's alpha."""
    if source.found.header.channels <= source.how.count:
        return False
    return listed.merged_alpha or resources.has_transparency(source.found.resources)


def _saved_channels(source: Source, listed: Layers) -> list[str]:
    extra = source.found.header.channels - source.how.count - _has_alpha(source, listed)
    if extra <= 0:
        return []
    return [f"Saved selections in the file, {extra} of them, were left out."]


def _dpi(found: Structure, exact: float | None) -> float:
    """Return the resolution; ours, to the last digit, unless another program changed it."""
    stored = resources.dpi(found.resources)
    return exact if exact is not None and abs(exact - stored) < 1e-4 else stored


def _guides(source: Source) -> tuple[Guide, ...]:
    """Return the guides; ours, to the last digit, unless another program changed them."""
    stored, exact = resources.guides(source.found.resources), source.note.guides
    near = len(stored) == len(exact) and all(
        a.orientation == b.orientation and abs(a.position - b.position) <= 1 / 32
        for a, b in zip(stored, exact, strict=True)
    )
    return exact if near else stored
