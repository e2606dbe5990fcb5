"""One sheet of a document: pixels, a group or an adjustment, with all that can be set on it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType
from uuid import uuid4

from editor.document.adjustment import Adjustment
from editor.document.geometry import EMPTY, Point, Rect, union
from editor.document.pixels import Coverage, Pixels
from editor.document.recipe import Recipe
from editor.document.text import Text

LayerId = NewType("LayerId", str)


def new_layer_id() -> LayerId:
    """Return an id that no other layer has."""
    return LayerId(uuid4().hex)


class BlendMode(StrEnum):
    """How a layer meets its backdrop; in the order of Photoshop's menu."""

    PASS_THROUGH = "pass_through"
    NORMAL = "normal"
    DISSOLVE = "dissolve"
    DARKEN = "darken"
    MULTIPLY = "multiply"
    COLOR_BURN = "color_burn"
    LINEAR_BURN = "linear_burn"
    DARKER_COLOR = "darker_color"
    LIGHTEN = "lighten"
    SCREEN = "screen"
    COLOR_DODGE = "color_dodge"
    LINEAR_DODGE = "linear_dodge"
    LIGHTER_COLOR = "lighter_color"
    OVERLAY = "overlay"
    SOFT_LIGHT = "soft_light"
    HARD_LIGHT = "hard_light"
    VIVID_LIGHT = "vivid_light"
    LINEAR_LIGHT = "linear_light"
    PIN_LIGHT = "pin_light"
    HARD_MIX = "hard_mix"
    DIFFERENCE = "difference"
    EXCLUSION = "exclusion"
    SUBTRACT = "subtract"
    DIVIDE = "divide"
    HUE = "hue"
    SATURATION = "saturation"
    COLOR = "color"
    LUMINOSITY = "luminosity"


class Label(StrEnum):
    """The colour a row is marked with."""

    NONE = "none"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    VIOLET = "violet"
    GRAY = "gray"


class Verdict(StrEnum):
    """What the user decided about a variant."""

    NONE = "none"
    KEPT = "kept"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Locks:
    """What may not be changed by hand or by a job."""

    alpha: bool = False
    pixels: bool = False
    position: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is locked."""
        return self.alpha or self.pixels or self.position


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """Coverage that hides parts of its layer, in document coordinates after `offset`."""

    coverage: Coverage
    offset: Point = Point(0, 0)
    enabled: bool = True
    linked: bool = True  # moves with its layer

    @property
    def rect(self) -> Rect:
        """Where the mask differs from its outside value, in the document."""
        return self.coverage.content.moved(*self.offset)


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """One picture of a layer that can be shown in its place.

    Without a recipe it is what the layer held before anything was generated into it.
    """

    pixels: Pixels
    offset: Point
    recipe: Recipe | None
    verdict: Verdict = Verdict.NONE


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LayerProperties:
    """What pixel layers and groups have in common; never made by itself.

    Opacity is kept in steps of 1/255, so that every file format can hold it exactly.
    """

    id: LayerId
    name: str
    opacity: float = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL
    visible: bool = True
    locks: Locks = Locks()
    clipped: bool = False  # shown only where the layer it is clipped to has alpha
    mask: Mask | None = None
    label: Label = Label.NONE
    model_visible: bool = True  # whether generation may see it


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PixelLayer(LayerProperties):
    """A layer of pixels; `offset` is where pixel (0, 0) of its picture lies in the document.

    The variant at `variant` is the one whose pixels are shown; a layer that was not generated has
    no recipe and no variants. The pixels of a text layer are drawn from its text.
    """

    pixels: Pixels
    offset: Point = Point(0, 0)
    recipe: Recipe | None = None
    variants: tuple[Variant, ...] = ()
    variant: int = 0
    text: Text | None = None

    @property
    def rect(self) -> Rect:
        """The smallest rect around its visible pixels, in the document."""
        return self.pixels.content.moved(*self.offset)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Group(LayerProperties):
    """A layer whose picture is its children composited, bottom first."""

    blend_mode: BlendMode = BlendMode.PASS_THROUGH
    children: tuple["Layer", ...] = ()
    open: bool = True

    @property
    def rect(self) -> Rect:
        """The smallest rect around its children."""
        return union(child.rect for child in self.children)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class AdjustmentLayer(LayerProperties):
    """A layer without pixels that changes the colours below it, where its mask shows it."""

    adjustment: Adjustment

    @property
    def rect(self) -> Rect:
        """Nothing: it has no pixels of its own, however far it reaches."""
        return EMPTY


Layer = PixelLayer | Group | AdjustmentLayer


def quantized_opacity(opacity: float) -> float:
    """Return the nearest opacity in steps of 1/255 between 0 and 1."""
    return round(min(1.0, max(0.0, opacity)) * 255) / 255


def moved(layer: Layer, dx: int, dy: int, *, unlinked_too: bool = False) -> Layer:
    """Return the layer, its children and their linked masks shifted; no pixel is copied.

    With `unlinked_too` every mask goes along: when the whole picture is shifted.
    """
    mask = layer.mask
    if mask is not None and (mask.linked or unlinked_too):
        mask = replace(mask, offset=Point(mask.offset.x + dx, mask.offset.y + dy))
    if isinstance(layer, Group):
        children = tuple(
            moved(child, dx, dy, unlinked_too=unlinked_too) for child in layer.children
        )
        return replace(layer, mask=mask, children=children)
    if isinstance(layer, AdjustmentLayer):
        return replace(layer, mask=mask)
    variants = tuple(
        replace(each, offset=Point(each.offset.x + dx, each.offset.y + dy))
        for each in layer.variants
    )
    offset = Point(layer.offset.x + dx, layer.offset.y + dy)
    return replace(layer, mask=mask, offset=offset, variants=variants)
