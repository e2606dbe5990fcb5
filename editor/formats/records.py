"""What `project.json` holds, field by field: plain records between a document and its JSON.

Pictures are named by their files in the zip and never held here.
"""

from dataclasses import dataclass, field
from typing import Literal

from editor.document.document import Guide
from editor.document.geometry import Point, Size
from editor.document.layer import BlendMode, Label, LayerId, Locks, Verdict
from editor.document.recipe import Recipe
from editor.document.text import Text
from editor.formats.adjustments import Record

VERSION = 1
ORIGIN = Point(0, 0)


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """A PNG in the zip and where its first pixel lies; no file means that nothing is set."""

    file: str | None = None
    at: Point = ORIGIN


@dataclass(frozen=True, slots=True)
class CoverageRecord:
    """A grey PNG in the zip, where its first value lies, and the value everywhere else."""

    picture: PictureRecord
    outside: int


@dataclass(frozen=True, slots=True)
class MaskRecord:
    """A mask."""

    coverage: CoverageRecord
    offset: Point
    enabled: bool
    linked: bool


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """A variant of a generated layer."""

    pixels: PictureRecord
    offset: Point
    recipe: Recipe | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class LayerRecord:
    """A layer: the first fields for every kind, those after `kind` for the kind that has them."""

    id: LayerId
    name: str
    opacity: float
    blend_mode: BlendMode
    visible: bool
    locks: Locks
    clipped: bool
    mask: MaskRecord | None
    label: Label
    model_visible: bool
    kind: Literal["pixel", "group", "adjustment"]
    pixels: PictureRecord = PictureRecord()
    offset: Point = ORIGIN
    recipe: Recipe | None = None
    variants: tuple[VariantRecord, ...] = ()
    variant: int = 0
    text: Text | None = None
    adjustment: Record | None = None
    children: "tuple[LayerRecord, ...]" = ()
    open: bool = True


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """The document."""

    version: int
    size: Size
    dpi: float
    icc: str | None  # the profile's file in the zip
    guides: tuple[Guide, ...] = ()
    selection: CoverageRecord | None = None
    layers: tuple[LayerRecord, ...] = field(default=())
