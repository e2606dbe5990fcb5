"""Pictures of one size in a grid: files, an atlas, its description and a layered sheet."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from editor.cli.output import UsageError
from editor.cli.targets import free_names, slug
from editor.document.document import Document
from editor.document.geometry import Rect, Size
from editor.document.layer import PixelLayer, moved
from editor.formats import write
from editor.formats.atomic import replacing
from editor.formats.png import png_bytes

MOST_SIDE = 16384
ATLAS, DESCRIPTION, SHEET = "atlas.png", "atlas.json", "sheet.psd"
GAP = 2  # pixels between the pictures of the atlas, so that filtering does not mix them


def check_atlas(size: Size, count: int) -> None:
    """Raise `UsageError` where so many pictures of a size make too large an atlas."""
    columns = _columns(count)
    side = max(columns * (size.width + GAP), -(-count // columns) * (size.height + GAP))
    if side > MOST_SIDE:
        raise UsageError(
            f"{count} pictures of {size.width} x {size.height} make an atlas of {side} pixels a "
            f"side; {MOST_SIDE} is the most."
        )


def written_sheet(
    layers: Sequence[PixelLayer], size: Size, folder: Path
) -> tuple[list[Path], list[str]]:
    """Write layers of one canvas into a folder; returns the files and what they could not hold."""
    folder.mkdir(exist_ok=True)
    files: list[Path] = []
    warnings: list[str] = []
    names = [f"{name}.png" for name in free_names(slug(layer.name) for layer in layers)]
    places = _places(size, len(layers))
    for name, layer in zip(names, layers, strict=True):
        warnings += write(Document(size=size, layers=(layer,)), folder / name)
        files.append(folder / name)
    whole = Size(max(rect.x1 for rect in places), max(rect.y1 for rect in places))
    atlas = np.zeros((whole.height, whole.width, 4), np.uint8)
    for layer, rect in zip(layers, places, strict=True):
        atlas[rect.y0 : rect.y1, rect.x0 : rect.x1] = layer.pixels.read(
            Rect(0, 0, *size).moved(-layer.offset.x, -layer.offset.y)
        )
    with replacing(folder / ATLAS) as file:
        file.write(png_bytes(atlas))
    with replacing(folder / DESCRIPTION) as file:
        file.write(_described(layers, names, places, whole).encode())
    spread = tuple(
        moved(layer, rect.x0, rect.y0) for layer, rect in zip(layers, places, strict=True)
    )
    warnings += write(Document(size=whole, layers=spread), folder / SHEET)
    return [*files, folder / ATLAS, folder / DESCRIPTION, folder / SHEET], warnings


def _columns(count: int) -> int:
    return math.isqrt(count - 1) + 1


def _places(size: Size, count: int) -> list[Rect]:
    columns = _columns(count)
    corners = (divmod(index, columns) for index in range(count))
    return [
        Rect(0, 0, *size).moved(column * (size.width + GAP), row * (size.height + GAP))
        for row, column in corners
    ]


def _described(
    layers: Sequence[PixelLayer], names: Sequence[str], places: Sequence[Rect], whole: Size
) -> str:
    sprites = [
        {
            "name": layer.name,
            "file": name,
            "rect": list(rect),
            "content": list(layer.rect.moved(rect.x0, rect.y0)),
            "prompt": layer.recipe.prompt if layer.recipe else "",
            "seed": layer.recipe.seed if layer.recipe else None,
        }
        for layer, name, rect in zip(layers, names, places, strict=True)
    ]
    value = {"image": ATLAS, "size": list(whole), "sprites": sprites}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
