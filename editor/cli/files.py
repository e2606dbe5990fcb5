"""`convert` and `info`: files read, written and described."""

import argparse
from collections.abc import Collection

from editor.cli.output import answer, answer_json, say
from editor.document.layer import Group, Layer, LayerId, PixelLayer
from editor.formats import check_target, format_for, read, write
from editor.formats.format import Loaded
from editor.formats.info import info as described
from editor.formats.info import profile_name
from editor.generation import stale_layers


def convert(options: argparse.Namespace) -> None:
    """Read one file and write it as another, by the suffix; raises `FormatError`."""
    format_for(options.target)
    check_target(options.target)
    loaded = read(options.source)
    warnings = [*loaded.warnings, *write(loaded.document, options.target)]
    for warning in warnings:
        say(warning)
    if options.json:
        answer_json({"files": [str(options.target)], "warnings": warnings})
    else:
        answer([str(options.target)])


def info(options: argparse.Namespace) -> None:
    """Say what is in a file; raises `FormatError`."""
    loaded = read(options.file)
    if options.json:
        answer_json(described(loaded, stale_layers(loaded.document)))
        return
    for warning in loaded.warnings:
        say(warning)
    stale = stale_layers(loaded.document)
    answer([_heading(loaded), *_rows(loaded.document.layers, "  ", stale)])


def _heading(loaded: Loaded) -> str:
    document = loaded.document
    icc = "sRGB" if document.icc is None else profile_name(document.icc)
    width, height = document.size
    return f"{loaded.format}, {width} x {height} px, {document.dpi:g} dpi, {icc}"


def _rows(layers: tuple[Layer, ...], indent: str, stale: Collection[LayerId]) -> list[str]:
    """Return a line a layer, the front one first, as the layer panel shows them."""
    rows = []
    for layer in reversed(layers):
        words = [*_words(layer), *(["stale"] if layer.id in stale else [])]
        rows.append(f"{indent}{layer.name}: {', '.join(words)}")
        if isinstance(layer, Group):
            rows += _rows(layer.children, indent + "  ", stale)
    return rows


def _words(layer: Layer) -> list[str]:
    x0, y0, x1, y1 = layer.rect
    words = ["group" if isinstance(layer, Group) else "layer", f"{x0},{y0} to {x1},{y1}"]
    words.append(layer.blend_mode.value.replace("_", " "))
    if layer.opacity < 1:
        words.append(f"{layer.opacity:.0%}")
    for is_so, word in (
        (not layer.visible, "hidden"),
        (layer.clipped, "clipped"),
        (layer.mask is not None, "masked"),
        (layer.locks.any, "locked"),
        (isinstance(layer, PixelLayer) and layer.recipe is not None, "generated"),
    ):
        if is_so:
            words.append(word)
    return words
