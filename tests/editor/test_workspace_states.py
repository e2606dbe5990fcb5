"""Any sequence of edits, previews, undos and redos keeps the workspace's promises."""

import io
import pickle

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from numpy.typing import NDArray

from editor.document.changes import same
from editor.document.document import Document, Place
from editor.document.geometry import Point, Size
from editor.document.layer import (
    BlendMode,
    Group,
    LayerId,
    Mask,
    PixelLayer,
    new_layer_id,
)
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import Edit, EditError
from editor.edits.layers import (
    AddLayers,
    GroupLayers,
    MoveLayers,
    OffsetLayers,
    RemoveLayers,
    Ungroup,
    duplicate,
)
from editor.edits.pixels import PaintPixels
from editor.edits.properties import (
    SetBlendMode,
    SetClipped,
    SetMask,
    SetName,
    SetOpacity,
    SetVisible,
)
from editor.workspace import Workspace

picks = st.integers(0, 1 << 16)


def new_layer(value: int) -> PixelLayer:
    array = np.full((50, 50, 4), value % 256, np.uint8)
    return PixelLayer(id=new_layer_id(), name=str(value), pixels=Pixels.from_array(array))


class Feed:
    """What a journal would write: each document announced, with the tiles that are new in it.

    It reads what it wrote and nothing else, so that a change that is not announced shows.
    """

    def __init__(self, document: Document) -> None:
        self.numbers: dict[int, tuple[int, object]] = {}  # by identity, and what keeps it alive
        self.tiles: list[tuple[tuple[int, ...], bytes]] = []
        self.last = document
        self.record = self.written(document)

    def follow(self, before: Document, after: Document) -> None:
        assert before is self.last, "a change was not announced"
        self.last = after
        self.record = self.written(after)

    def written(self, document: Document) -> bytes:
        stream = io.BytesIO()
        pickler = pickle.Pickler(stream)
        pickler.persistent_id = self.number  # type: ignore[method-assign]
        pickler.dump(document)
        return stream.getvalue()

    def number(self, value: object) -> int | None:
        if not isinstance(value, np.ndarray):
            return None
        if id(value) not in self.numbers:
            self.numbers[id(value)] = (len(self.tiles), value)
            self.tiles.append((value.shape, value.tobytes()))
        return self.numbers[id(value)][0]

    def replayed(self) -> Document:
        reader = pickle.Unpickler(io.BytesIO(self.record))
        reader.persistent_load = self.tile  # type: ignore[method-assign]
        document = reader.load()
        assert isinstance(document, Document)
        return document

    def tile(self, number: int) -> NDArray[np.uint8]:
        shape, data = self.tiles[number]
        return np.frombuffer(data, np.uint8).reshape(shape)


class WorkspaceStates(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        document = Document(size=Size(300, 200), layers=(new_layer(9), new_layer(99)))
        self.workspace = Workspace(document)
        self.steps = [document]  # what the history must hold
        self.cursor = 0
        self.shown, self.kept = Feed(document), Feed(document)
        self.workspace.document_changed.connect(self.shown.follow)
        self.workspace.history_changed.connect(self.follow_step)

    def follow_step(self) -> None:
        """What a journal does that writes steps and leaves gestures out."""
        self.kept.follow(self.kept.last, self.workspace.history.document)

    def pick(self, number: int) -> LayerId:
        ids = [layer.id for layer in self.workspace.document.walk()]
        return ids[number % len(ids)] if ids else new_layer_id()

    def do(self, edit: Edit) -> None:
        if self.workspace.is_previewing:
            self.workspace.cancel()
        before = self.workspace.document
        try:
            self.workspace.do(edit, "step")
        except EditError:
            assert self.workspace.document is before
            return
        if self.workspace.document is not before:
            self.cursor += 1
            self.steps = [*self.steps[: self.cursor], self.workspace.document]

    @rule(value=picks)
    def add(self, value: int) -> None:
        self.do(AddLayers((new_layer(value),), Place(None, value % 5)))

    @rule(number=picks)
    def remove(self, number: int) -> None:
        self.do(RemoveLayers((self.pick(number),)))

    @rule(number=picks, other=picks, index=st.integers(0, 6))
    def move_in_tree(self, number: int, other: int, index: int) -> None:
        parent = self.workspace.document.find(self.pick(other))
        place = Place(parent.id if isinstance(parent, Group) else None, index)
        self.do(MoveLayers((self.pick(number),), place))

    @rule(first=picks, second=picks)
    def group(self, first: int, second: int) -> None:
        group = Group(id=new_layer_id(), name="group")
        self.do(GroupLayers((self.pick(first), self.pick(second)), group))

    @rule(number=picks)
    def ungroup(self, number: int) -> None:
        if self.workspace.document.layers:
            self.do(Ungroup(self.pick(number)))

    @rule(number=picks)
    def copy(self, number: int) -> None:
        edit, _ = duplicate(self.workspace.document, (self.pick(number),))
        self.do(edit)

    @rule(number=picks, value=picks)
    def set_something(self, number: int, value: int) -> None:
        layer = self.pick(number)
        mask = Mask(Coverage.from_array(np.full((20, 20), value % 256, np.uint8)))
        edits: tuple[Edit, ...] = (
            SetName(layer, f"name {value}"),
            SetOpacity(layer, value % 256 / 255),
            SetVisible(layer, value % 2 == 0),
            SetClipped(layer, value % 2 == 0),
            SetMask(layer, mask),
            SetBlendMode(layer, list(BlendMode)[value % 28]),
        )
        self.do(edits[value % len(edits)])

    @rule(number=picks, dx=st.integers(-200, 200), dy=st.integers(-200, 200))
    def shift(self, number: int, dx: int, dy: int) -> None:
        self.do(OffsetLayers((self.pick(number),), dx, dy))

    @rule(number=picks, x=st.integers(-50, 320), y=st.integers(-50, 220))
    def preview_a_dab(self, number: int, x: int, y: int) -> None:
        dab = np.full((30, 30, 4), (x % 256, 0, 0, 255), np.uint8)
        try:
            self.workspace.preview(PaintPixels(self.pick(number), Point(x, y), dab))
        except EditError:
            return

    @precondition(lambda self: self.workspace.is_previewing)
    @rule()
    def commit(self) -> None:
        shown = self.workspace.document
        self.workspace.commit("Brush")
        if shown is not self.steps[self.cursor]:
            self.cursor += 1
            self.steps = [*self.steps[: self.cursor], shown]

    @rule()
    def undo(self) -> None:
        previewing = self.workspace.is_previewing
        self.workspace.undo()
        if not previewing:
            self.cursor = max(0, self.cursor - 1)

    @rule()
    def redo(self) -> None:
        if not self.workspace.is_previewing:
            self.cursor = min(len(self.steps) - 1, self.cursor + 1)
        self.workspace.redo()

    @invariant()
    def shows_the_step(self) -> None:
        if not self.workspace.is_previewing:
            assert self.workspace.document is self.steps[self.cursor]
        assert [step.document for step in self.workspace.history.steps] == self.steps

    @invariant()
    def the_feed_replayed_is_the_document(self) -> None:
        assert same(self.shown.replayed(), self.workspace.document)
        assert same(self.kept.replayed(), self.workspace.history.document)

    @invariant()
    def every_id_is_there_once_and_the_active_layer_exists(self) -> None:
        ids = [layer.id for layer in self.workspace.document.walk()]
        assert len(ids) == len(set(ids))
        assert (self.workspace.active in ids) == bool(ids)
        assert set(self.workspace.selected) <= set(ids)


def test_a_feed_writes_a_tile_once() -> None:
    workspace = Workspace(Document(size=Size(512, 512), layers=(new_layer(9),)))
    feed = Feed(workspace.document)
    workspace.document_changed.connect(feed.follow)
    layer = workspace.document.layers[0].id
    before = len(feed.tiles)
    workspace.do(PaintPixels(layer, Point(300, 300), np.full((9, 9, 4), 77, np.uint8)), "Brush")
    assert len(feed.tiles) == before + 1
    workspace.do(OffsetLayers((layer,), 40, 7), "Move")
    workspace.undo()
    workspace.undo()
    workspace.redo()
    assert len(feed.tiles) == before + 1
    assert same(feed.replayed(), workspace.document)


def test_the_workspace_keeps_its_promises() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        WorkspaceStates, settings=settings(max_examples=40, stateful_step_count=40, deadline=None)
    )
