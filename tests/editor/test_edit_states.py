"""Every edit there is, in any order: undone and redone it is the same, drawn on it is as anew.

A cache of composited tiles follows the document as the window's does, from change to change. After
each step it must hold what compositing everything from the start gives, byte for byte.
"""

from math import cos, sin

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from editor.document.adjustment import (
    BrightnessContrast,
    ColorBalance,
    Curves,
    HueSaturation,
    Invert,
    LevelRange,
    Levels,
)
from editor.document.changes import changes, same
from editor.document.document import Document, Place
from editor.document.geometry import Point, Rect, Size, cells
from editor.document.layer import (
    BlendMode,
    Group,
    LayerId,
    Locks,
    Mask,
    PixelLayer,
    Variant,
    new_layer_id,
)
from editor.document.pixels import TILE, Coverage, Pixels
from editor.document.recipe import Recipe
from editor.document.text import Text
from editor.edits import aligning, masks, merging
from editor.edits.adjustment import AddAdjustment, AdjustPixels, SetAdjustment
from editor.edits.canvas import Crop, ResizeCanvas
from editor.edits.edit import Edit, EditError
from editor.edits.fill import ClearPixels, FillMask, FillPixels, FillSelection
from editor.edits.filters import BlurMask, BlurPixels, DefringePixels, SharpenPixels
from editor.edits.image import (
    CropToSelection,
    FlipImage,
    ResizeImage,
    RotateImage,
    TrimImage,
    TurnImage,
)
from editor.edits.layers import (
    AddLayers,
    GroupLayers,
    MoveLayers,
    OffsetLayers,
    RemoveLayers,
    Ungroup,
    duplicate,
)
from editor.edits.pixels import (
    AddVariants,
    PaintPixels,
    SetMaskTiles,
    SetPixels,
    SetTiles,
    ShowVariant,
)
from editor.edits.properties import (
    SetBlendMode,
    SetClipped,
    SetLocks,
    SetMask,
    SetOpacity,
    SetVisible,
)
from editor.edits.selection import (
    BorderSelection,
    CombineSelection,
    FeatherSelection,
    GrowSelection,
    InvertSelection,
    MaskFromSelection,
    MoveSelection,
    SelectAll,
    SetSelection,
)
from editor.edits.text import SetText, TextToPixels
from editor.edits.transform import TransformLayers, TransformSelected
from editor.history import History
from editor.render import native
from editor.render.cache import TileCache
from editor.render.composite import composite_tiles
from editor.render.fills import Gradient, GradientKind, Plain
from editor.render.outlines import ellipse
from editor.render.regions import Combine
from editor.render.transforming import Interpolation

picks = st.integers(0, 1 << 16)
steps = st.integers(-90, 90)
ADJUSTMENTS = (
    Invert(),
    BrightnessContrast(20, -30),
    Levels(rgb=LevelRange(30, 220, 1.4)),
    Curves(red=((0, 40), (255, 200))),
    HueSaturation(90, 30, 10),
    ColorBalance(midtones=(40, -20, 0)),
)
FILLS = (
    Plain((200, 10, 90, 255)),
    Plain((0, 0, 0, 120)),
    Gradient(GradientKind.LINEAR, (10, 10), (150, 120), (0, 0, 0, 255), (255, 9, 9, 0)),
    Gradient(GradientKind.RADIAL, (90, 60), (150, 60), (255, 255, 255, 255), (0, 0, 99, 255)),
)


def layer(number: int, *, text: Text | None = None) -> PixelLayer:
    array = np.random.default_rng(number).integers(0, 256, (70, 90, 4), np.uint8)
    return PixelLayer(
        id=new_layer_id(),
        name=str(number),
        pixels=Pixels.from_array(array),
        offset=Point(number % 120 - 20, number % 77 - 20),
        text=text,
    )


def region(number: int, canvas: Rect) -> Coverage:
    x, y = number % 150, number % 97
    rect = Rect(x, y, x + 20 + number % 80, y + 20 + number % 60)
    return ellipse(rect, canvas) if number % 2 else Coverage.of_rect(rect.met(canvas))


class EditStates(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        start = Document(size=Size(200, 150), layers=(layer(7), layer(150), layer(1111)))
        self.history = History.started(start, "New")
        self.kept = [start]
        self.cache = TileCache(start)

    @property
    def document(self) -> Document:
        return self.history.document

    def pick(self, number: int) -> LayerId:
        ids = [each.id for each in self.document.walk()]
        return ids[number % len(ids)] if ids else new_layer_id()

    def do(self, edit: Edit) -> None:
        before = self.document
        try:
            after = edit.apply(before)
        except EditError:
            return
        assert same(edit.apply(before), after)  # the same in gives the same out
        if after is not before:
            self.history = self.history.pushed(after, "step")
            self.kept = [*self.kept[: self.history.cursor], after]
            self.follow(before)

    def follow(self, before: Document) -> None:
        self.cache.update(self.document, changes(before, self.document))

    @rule(number=picks, value=picks)
    def select(self, number: int, value: int) -> None:
        edits: tuple[Edit, ...] = (
            CombineSelection(region(value, self.document.rect), list(Combine)[number % 4]),
            SelectAll(),
            SetSelection(None),
            InvertSelection(),
            GrowSelection(number % 9 - 4 or 2),
            FeatherSelection(number % 5 + 1),
            BorderSelection(number % 5 + 1),
            MoveSelection(number % 61 - 30, value % 61 - 30),
            FillSelection(FILLS[value % 4]),
        )
        self.do(edits[number % len(edits)])

    @rule(number=picks, value=picks)
    def paint(self, number: int, value: int) -> None:
        one, other = self.pick(number), self.pick(value)
        array = np.random.default_rng(value).integers(0, 256, (40, 50, 4), np.uint8)
        tile = np.full((TILE, TILE, 4), value % 256, np.uint8)
        tile.flags.writeable = False
        within = region(value, self.document.rect) if value % 2 else None
        edits: tuple[Edit, ...] = (
            PaintPixels(one, Point(value % 190, number % 140), array),
            SetTiles(one, {(value % 2, number % 2): tile}),
            SetPixels(one, Pixels.from_array(array), Point(value % 99, 3)),
            FillPixels(one, FILLS[value % 4], within),
            ClearPixels((one, other)),
            TextToPixels((one, other)),
        )
        self.do(edits[(number + value) % len(edits)])

    @rule(number=picks, value=picks)
    def mask(self, number: int, value: int) -> None:
        one = self.pick(number)
        tile = np.full((TILE, TILE), value % 256, np.uint8)
        tile.flags.writeable = False
        grey = np.full((30, 40), value % 256, np.uint8)
        edits: tuple[Edit, ...] = (
            SetMask(one, Mask(Coverage.from_array(grey, outside=255 * (value % 2)), Point(9, 5))),
            MaskFromSelection(one, value % 2 == 0),
            FillMask(one, FILLS[value % 4]),
            SetMaskTiles(one, {(0, value % 2): tile}),
            masks.AddMask(one, value % 2 == 0),
            masks.EnableMask(one, value % 2 == 0),
            masks.LinkMask(one, value % 2 == 0),
            masks.InvertMask(one),
            masks.ApplyMask(one),
            masks.RemoveMask(one),
        )
        self.do(edits[(number + value) % len(edits)])

    @rule(number=picks, dx=steps, dy=steps)
    def transform(self, number: int, dx: int, dy: int) -> None:
        one, other = self.pick(number), self.pick(number // 7)
        how = list(Interpolation)[number % 3]
        scale = 0.4 + (number % 13) / 10
        c, s = cos(dx / 30) * scale, sin(dx / 30) * scale
        affine = (c, -s, float(dx), s, c, float(dy))
        edits: tuple[Edit, ...] = (
            OffsetLayers((one, other), dx, dy),
            TransformLayers((one, other), affine, how),
            TransformSelected(one, affine, how),
            aligning.AlignLayers((one, other), list(aligning.Edge)[number % 6]),
        )
        self.do(edits[(number + dx) % len(edits)])

    @rule(number=picks, value=picks, index=st.integers(0, 5))
    def arrange(self, number: int, value: int, index: int) -> None:
        one, other = self.pick(number), self.pick(value)
        parent = self.document.find(other)
        place = Place(parent.id if isinstance(parent, Group) else None, index)
        edits: list[Edit] = [
            AddLayers((layer(value),), place),
            MoveLayers((one,), place),
            GroupLayers((one, other), Group(id=new_layer_id(), name="group")),
            RemoveLayers((one,)) if value % 3 == 0 else duplicate(self.document, (one,))[0],
        ]
        if isinstance(parent, Group):
            edits.append(Ungroup(other))
        self.do(edits[(number + index) % len(edits)])

    @rule(number=picks, value=picks)
    def merge(self, number: int, value: int) -> None:
        one, other, new = self.pick(number), self.pick(value), new_layer_id()
        edits: tuple[Edit, ...] = (
            merging.MergeLayers((one, other), new),
            merging.MergeDown(one, new),
            merging.StampVisible(one, new, "stamp"),
            merging.Rasterise(one, new),
        )
        self.do(edits[(number + value) % len(edits)])

    @rule(number=picks, value=picks)
    def set_something(self, number: int, value: int) -> None:
        one = self.pick(number)
        edits: tuple[Edit, ...] = (
            SetOpacity(one, value % 256 / 255),
            SetVisible(one, value % 2 == 0),
            SetClipped(one, value % 2 == 0),
            SetBlendMode(one, list(BlendMode)[value % 28]),
            SetLocks(one, Locks(alpha=value % 5 == 0, position=value % 7 == 0)),
        )
        self.do(edits[(number + value) % len(edits)])

    @rule(number=picks, value=picks)
    def generate_or_write(self, number: int, value: int) -> None:
        one, made = self.pick(number), layer(value)
        variant = Variant(made.pixels, made.offset, Recipe("layer", "ball", value, "pocket"))
        text = Text(f"text {value}")
        edits: tuple[Edit, ...] = (
            AddVariants(one, (variant,)),
            ShowVariant(one, value % 2),
            AddLayers((layer(value, text=text),), Place(None, 9)),
            SetText(one, text, made.pixels, made.offset),
        )
        self.do(edits[(number + value) % len(edits)])

    @rule(number=picks, value=picks)
    def adjust(self, number: int, value: int) -> None:
        one, adjustment = self.pick(number), ADJUSTMENTS[value % len(ADJUSTMENTS)]
        edits: tuple[Edit, ...] = (
            AddAdjustment(new_layer_id(), "adjustment", adjustment, one),
            SetAdjustment(one, adjustment),
            AdjustPixels(one, adjustment),
        )
        self.do(edits[(number + value) % len(edits)])

    @rule(number=picks, value=picks)
    def filter(self, number: int, value: int) -> None:
        one, radius = self.pick(number), 0.5 + value % 5
        edits: tuple[Edit, ...] = (
            BlurPixels(one, radius),
            SharpenPixels(one, 1.5, radius, value % 20),
            DefringePixels(one, value % 4 + 1),
            BlurMask(one, radius),
        )
        self.do(edits[(number + value) % len(edits)])

    @rule(number=picks, value=picks)
    def change_image(self, number: int, value: int) -> None:
        width, height = self.document.size
        size = Size(min(300, max(60, width + value % 41 - 20)), min(250, max(60, height)))
        edits: tuple[Edit, ...] = (
            ResizeImage(size, 72.0, list(Interpolation)[value % 3]),
            TurnImage(value % 3 + 1),
            FlipImage(value % 2 == 0),
            RotateImage(180.0 + value % 2),
            TrimImage(value % 2 == 0),
            CropToSelection(),
        )
        edit = edits[number % len(edits)]
        if max(edit.apply(self.document).size if number % 6 == 3 else (0, 0)) <= 400:
            self.do(edit)

    @rule(number=picks, dx=steps, dy=steps)
    def resize(self, number: int, dx: int, dy: int) -> None:
        width, height = self.document.size
        size = Size(min(400, max(60, width + dx)), min(300, max(60, height + dy)))
        edits: tuple[Edit, ...] = (
            ResizeCanvas(size, Point(dx, dy)),
            Crop(Rect(dx, dy, dx + size.width, dy + size.height), number % 2 == 0),
        )
        self.do(edits[number % 2])

    @rule(by=st.integers(-4, 4))
    def undo_or_redo(self, by: int) -> None:
        before = self.document
        cursor = min(len(self.history.steps) - 1, max(0, self.history.cursor + by))
        self.history = self.history.at(cursor)
        self.follow(before)

    @invariant()
    def every_step_is_as_it_was(self) -> None:
        assert [step.document for step in self.history.steps] == self.kept
        ids = [each.id for each in self.document.walk()]
        assert len(ids) == len(set(ids))

    @invariant()
    def what_follows_is_as_what_begins(self) -> None:
        document = self.document
        self.cache.composite_now(self.cache.missing(0, document.rect))
        anew = composite_tiles(document, cells(document.rect, TILE))
        for key, wanted in anew.items():
            np.testing.assert_array_equal(self.cache.tile(0, *key), wanted)

    def teardown(self) -> None:
        """Back to the start, on to the end: nothing was lost on the way."""
        first, last = self.kept[0], self.document
        before = self.history.cursor
        while self.history.can_undo:
            self.history = self.history.at(self.history.cursor - 1)
        assert same(self.document, first)
        while self.history.cursor < before:
            self.history = self.history.at(self.history.cursor + 1)
        assert self.document is last


def test_every_edit_in_any_order() -> None:
    native.prepare().join()
    run_state_machine_as_test(
        EditStates,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
