"""Any sequence of edits, previews, undos and redos keeps the workspace's promises."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

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


class WorkspaceStates(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        document = Document(size=Size(300, 200), layers=(new_layer(9), new_layer(99)))
        self.workspace = Workspace(document)
        self.steps = [document]  # what the history must hold
        self.cursor = 0

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
    def every_id_is_there_once_and_the_active_layer_exists(self) -> None:
        ids = [layer.id for layer in self.workspace.document.walk()]
        assert len(ids) == len(set(ids))
        assert (self.workspace.active in ids) == bool(ids)
        assert set(self.workspace.selected) <= set(ids)


def test_the_workspace_keeps_its_promises() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        WorkspaceStates, settings=settings(max_examples=40, stateful_step_count=40, deadline=None)
    )
