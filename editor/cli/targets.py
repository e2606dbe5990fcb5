"""Where results go, checked before anything is made: one file, or a folder of pictures."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from editor.cli.output import UsageError
from editor.document.document import Document
from editor.document.layer import BlendMode, PixelLayer, Variant
from editor.formats import FormatError, check_target, format_for, write
from editor.formats.image import ImageFormat
from editor.generation import layer_name

SLUG_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Target:
    """One file, or a folder that gets a PNG for each variant of each layer."""

    path: Path
    is_folder: bool

    @property
    def is_flat(self) -> bool:
        """Whether it holds one picture and no layers."""
        return not self.is_folder and isinstance(format_for(self.path), ImageFormat)


def target_of(output: str, is_on_document: bool) -> Target:
    """Return where to write, once it is sure that this can be done.

    Raises `FormatError`, or `UsageError` for a folder where a document is to be written.
    """
    path = Path(output)
    if output.endswith(("/", os.sep)) or path.is_dir() or not path.suffix:
        check_folder(path)
        if is_on_document:
            raise UsageError("With --on, OUT is a file: the document with the new layer.")
        return Target(path, is_folder=True)
    check_target(path)
    format_for(path)
    return Target(path, is_folder=False)


def check_folder(path: Path) -> None:
    """Raise `FormatError` where a folder is not there and cannot be made, or is not writable."""
    if path.exists() and not path.is_dir():
        raise FormatError(f"{path} is a file, not a folder.")
    check_target((path if path.is_dir() else path.parent) / ".acetate-target.png")


def written_file(document: Document, path: Path) -> tuple[list[Path], list[str]]:
    """Write a document; returns the file and what it could not hold."""
    return [path], list(write(document, path))


def written_folder(
    document: Document, layers: Sequence[PixelLayer], folder: Path
) -> tuple[list[Path], list[str]]:
    """Write every variant of the layers as a PNG of the canvas; the first layer's need no role."""
    folder.mkdir(exist_ok=True)
    files: list[Path] = []
    warnings: list[str] = []
    for path, layer in _variant_files(layers, folder):
        warnings += write(replace(document, layers=(layer,)), path)
        files.append(path)
    return files, warnings


def alone(layer: PixelLayer, variant: Variant | None = None) -> PixelLayer:
    """Return a layer as it is exported by itself: shown, plain, with one of its variants."""
    chosen = variant or Variant(layer.pixels, layer.offset, layer.recipe)
    return replace(
        layer,
        visible=True,
        opacity=1.0,
        blend_mode=BlendMode.NORMAL,
        clipped=False,
        mask=None,
        pixels=chosen.pixels,
        offset=chosen.offset,
        recipe=chosen.recipe,
        variants=(chosen,),
        variant=0,
    )


def slug(name: str) -> str:
    """Return a name that every file system takes, made of the letters and digits of a text."""
    kept = "".join(each if each.isalnum() else " " for each in layer_name(name))
    return "-".join(kept.split())[:SLUG_LENGTH].strip("-") or "layer"


def free_names(names: Iterable[str]) -> Iterator[str]:
    """Yield names, those that were there before with a number behind."""
    taken: set[str] = set()
    for name in names:
        number, chosen = 2, name
        while chosen.casefold() in taken:
            number, chosen = number + 1, f"{name}-{number}"
        taken.add(chosen.casefold())
        yield chosen


def _variant_files(layers: Sequence[PixelLayer], folder: Path) -> Iterator[tuple[Path, PixelLayer]]:
    shown = [
        (_stem(layers[0], layer, variant), alone(layer, variant))
        for layer in layers
        for variant in layer.variants
        if not variant.pixels.content.is_empty
    ]
    for name, (_, layer) in zip(free_names(stem for stem, _ in shown), shown, strict=True):
        yield folder / f"{name}.png", layer


def _stem(main: PixelLayer, layer: PixelLayer, variant: Variant) -> str:
    recipe = variant.recipe
    seed = "" if recipe is None else f"-{recipe.seed}"
    role = "" if layer is main or recipe is None else f"-{recipe.role}"
    return f"{slug(main.name)}{role}{seed}"
