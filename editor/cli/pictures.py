"""Pictures from files: as layers of a new document, as what the model is given, as a mask."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from editor.cli.output import UsageError, say
from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import RGBA8, Coverage, Pixels
from editor.formats import read
from editor.formats.flatten import flattened, plain_layer


def opened(path: Path) -> Document:
    """Read a file and say what it warns of; raises `FormatError`."""
    loaded = read(path)
    for warning in loaded.warnings:
        say(warning)
    return loaded.document


def picture(path: Path) -> RGBA8:
    """Return what a file shows, (h, w, 4), alpha kept; raises `FormatError`."""
    return flattened(opened(path))


def layer_from(path: Path, role: str) -> tuple[Document, PixelLayer]:
    """Return a file's document, and what it shows as one layer that is named after the file.

    The same file has the same id in each role, so that the same call makes the same recipe.
    """
    document = opened(path)
    rgba = flattened(document)
    plain = plain_layer(document)
    digest = hashlib.sha256(f"{role} {path.name} ".encode() + rgba.tobytes()).hexdigest()
    return document, PixelLayer(
        id=LayerId(digest[:32]),
        name=path.stem,
        pixels=Pixels.from_array(rgba),
        recipe=None if plain is None else plain.recipe,
    )


def document_from(pictures: Iterable[tuple[str, Path]]) -> tuple[Document, dict[str, LayerId]]:
    """Return a document of pictures by role, the first at the bottom, and their layers' ids.

    Raises `UsageError` where they differ in size.
    """
    whole: Document | None = None
    first = Path()
    ids: dict[str, LayerId] = {}
    for role, path in pictures:
        source, layer = layer_from(path, role)
        if whole is None:
            whole, first = replace(source, layers=(), guides=(), selection=None), path
        if source.size != whole.size:
            raise UsageError(
                f"{first.name} has {_words(whole.size)} pixels and {path.name} "
                f"{_words(source.size)}: pictures of one task have the same size."
            )
        whole = replace(whole, layers=(*whole.layers, layer))
        ids[role] = layer.id
    assert whole is not None, "called with pictures"
    return whole, ids


def with_mask(document: Document, path: Path) -> Document:
    """Return the document with what a mask shows selected; raises `UsageError`.

    Where the mask has transparency, that is the selection; else white is.
    """
    rgba = picture(path)
    size = Size(rgba.shape[1], rgba.shape[0])
    if size != document.size:
        raise UsageError(
            f"The mask {path.name} has {_words(size)} pixels and the picture "
            f"{_words(document.size)}: they must be the same."
        )
    alpha = rgba[..., 3]
    if alpha.min() == 255:
        alpha = np.rint(rgba[..., :3].mean(axis=2)).astype(np.uint8)
    if not alpha.any():
        raise UsageError(f"The mask {path.name} selects nothing: white is what is repainted.")
    return replace(document, selection=Coverage.from_array(alpha))


def _words(size: Size) -> str:
    return f"{size.width} x {size.height}"
