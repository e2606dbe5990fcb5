"""From the options of `generate` to a document and what is asked of it."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from editor.cli.combinations import PICTURES
from editor.cli.output import NotDoneError, UsageError
from editor.cli.pictures import document_from, opened, picture, with_mask
from editor.cli.values import ControlFile, LoraFile
from editor.document.document import Document
from editor.document.geometry import Rect, Size
from editor.document.layer import LayerId, PixelLayer
from editor.generation import Asked, Given
from generator.models.store import loras
from generator.request import CastShadow, Lora, Role, Task

ABOUT_ONE_LAYER: Final = frozenset({Task.VARY, Task.REPAINT, Task.UPSCALE, Task.SHADOW})
SUBJECTS: Final = ("image", "foreground", "blended")  # what a result is laid beside


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """The document to work on, the layers that it is about, and what is asked."""

    document: Document
    active: tuple[LayerId, ...]
    asked: Asked
    is_bare: bool = False  # made from words alone: without a size it has the model's own


def start_from(options: argparse.Namespace) -> Start:
    """Read the files and return where to start; raises `UsageError`, `FormatError`."""
    asked = _asked(options)
    if options.on is not None:
        return _on_document(options, asked, opened(options.on))
    given = [
        (name, getattr(options, name)) for name in PICTURES if getattr(options, name) is not None
    ]
    if not given:
        size = options.size or Size(1, 1)
        document = Document(size=size)
        asked = replace(asked, box=options.box or document.rect)
        return Start(document, (), asked, is_bare=options.size is None)
    document, ids = document_from(given)
    if "blended" in ids:
        document = document.replaced(ids["blended"], lambda layer: replace(layer, visible=False))
    if options.mask is not None:
        document = with_mask(document, options.mask)
    pictures = tuple(Given(Role(name), (layer,)) for name, layer in ids.items())
    active = tuple(ids[name] for name in SUBJECTS if name in ids)
    box = options.box or document.rect
    return Start(document, active, replace(asked, box=box, given=(*pictures, *asked.given)))


def at_native_size(start: Start, native: Size) -> Start:
    """Return a start from words alone on a canvas of the model's own size."""
    document = Document(size=native)
    has_box = start.asked.box is not None and start.asked.box != start.document.rect
    box = start.asked.box if has_box else document.rect
    return replace(start, document=document, asked=replace(start.asked, box=box), is_bare=False)


def layer_named(document: Document, name: str) -> PixelLayer:
    """Return the layer with pixels of that name or id; raises `UsageError`."""
    layers = [layer for layer in document.walk() if isinstance(layer, PixelLayer)]
    found = [layer for layer in layers if layer.id == name] or [
        layer for layer in layers if layer.name == name
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        names = ", ".join(f"“{layer.name}”" for layer in layers) or "none"
        raise UsageError(f"There is no layer “{name}” with pixels; there are: {names}.")
    ids = ", ".join(layer.id for layer in found)
    raise UsageError(f"{len(found)} layers are called “{name}”; give the id of one: {ids}.")


def loras_from(files: Iterable[LoraFile] | None) -> tuple[Lora, ...]:
    """Return LoRAs by file or by the name under which they were added; raises `NotDoneError`."""
    known = {each.name for each in loras()}
    return tuple(_lora(each, known) for each in files or ())


def guides_from(
    controls: Iterable[ControlFile] | None, styles: Iterable[Path] | None
) -> tuple[Given, ...]:
    """Return controls and styles from their files; raises `FormatError`."""
    return (
        *(
            Given(Role.CONTROL, pixels=picture(each.path), kind=each.kind)
            for each in controls or ()
        ),
        *(Given(Role.STYLE, pixels=picture(each)) for each in styles or ()),
    )


def _lora(file: LoraFile, known: set[str]) -> Lora:
    if file.source in known:
        return Lora(file.source, file.weight)
    path = Path(file.source)
    if not path.is_file():
        raise NotDoneError(f"There is no LoRA {file.source}, neither as a file nor by that name.")
    return Lora(path.stem, file.weight, str(path.resolve()))


def _asked(options: argparse.Namespace) -> Asked:
    usual = CastShadow()
    return Asked(
        prompt=options.prompt,
        seed=options.seed,
        task=options.task,
        model=options.model,
        negative_prompt=options.negative or "",
        steps=options.steps,
        guidance=options.guidance,
        strength=options.strength,
        count=options.count,
        box=options.box,
        foreground_prompt=options.foreground_prompt or "",
        background_prompt=options.background_prompt or "",
        patch_weight=_or(options.weight, 1.0),
        stop_at=options.stop_at,
        scale=2 if options.scale is None else options.scale,
        loras=loras_from(options.lora),
        given=guides_from(options.control, options.style),
        cast=CastShadow(
            _or(options.direction, usual.direction),
            _or(options.length, usual.length),
            _or(options.softness, usual.softness),
            _or(options.contact, usual.contact),
            _or(options.opacity, usual.opacity),
        ),
        is_draft=options.draft,
    )


def _or(value: float | None, usual: float) -> float:
    return usual if value is None else value


def _on_document(options: argparse.Namespace, asked: Asked, document: Document) -> Start:
    if options.mask is not None:
        document = with_mask(document, options.mask)
    if options.task is Task.REPAINT and document.selection is None:
        raise UsageError(f"Nothing is selected in {options.on.name}: give --mask FILE.")
    if options.size is not None:
        asked = replace(asked, box=_centred(document.size, options.size))
    files = tuple(
        Given(Role(name), pixels=picture(getattr(options, name)))
        for name in PICTURES
        if getattr(options, name) is not None
    )
    active = tuple(layer_named(document, name).id for name in options.layer or ())
    if not active:
        active = _usual_layers(options, document)
    return Start(document, active, replace(asked, given=(*files, *asked.given)))


def _usual_layers(options: argparse.Namespace, document: Document) -> tuple[LayerId, ...]:
    """Return the layers that a task is about where nobody says so: the visible composite."""
    if options.task is Task.BACKGROUND and options.foreground is None:
        return tuple(layer.id for layer in document.layers if layer.visible)
    if options.task is Task.EXTRACT and None in (options.background, options.blended):
        raise UsageError("Give --background and --blended, or --layer NAME for each of them.")
    if options.task not in ABOUT_ONE_LAYER:
        return ()
    layers = [layer for layer in document.walk() if isinstance(layer, PixelLayer)]
    if len(layers) == 1:
        return (layers[0].id,)
    names = ", ".join(f"“{layer.name}”" for layer in layers) or "none"
    raise UsageError(f"Say which layer of {options.on.name} by --layer NAME; there are: {names}.")


def _centred(canvas: Size, size: Size) -> Rect:
    x, y = (canvas.width - size.width) // 2, (canvas.height - size.height) // 2
    return Rect(x, y, x + size.width, y + size.height)
