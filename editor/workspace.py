"""The one mutable thing: the document that is shown, its history, and what the user works with.

Every change is announced as a pair of documents. A gesture is many previews and one commit; what
arrives from outside while a preview is open waits for its end.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from editor.document.document import Document
from editor.document.layer import LayerId
from editor.edits.edit import Edit
from editor.history import History
from editor.tools.tool import Target

Colour = tuple[int, int, int]  # sRGB, 0 to 255


class Workspace(QObject):
    """One open document and its session; lives in the window's thread."""

    document_changed = Signal(object, object)  # before, after: Document
    active_changed = Signal()
    history_changed = Signal()
    saved_changed = Signal()
    colours_changed = Signal()
    target_changed = Signal()
    shown_instead = Signal(object)  # Document to look at while a dialog is open, or None
    mask_view_changed = Signal(object)  # LayerId of the mask that is looked at, or None

    def __init__(
        self,
        document: Document,
        label: str = "New",
        path: Path | None = None,
        *,
        is_saved: bool = True,
    ) -> None:
        """Show a document; `label` names the first step of its history.

        Without `is_saved` it counts as modified from the start.
        """
        super().__init__()
        self._history = History.started(document, label)
        self._shown = document
        self._saved = document if is_saved else None
        self._previewing = False
        self._waiting: list[Callable[[], None]] = []
        self._selected: tuple[LayerId, ...] = ()
        self._active: LayerId | None = None
        self._foreground: Colour = (0, 0, 0)
        self._background: Colour = (255, 255, 255)
        self._target = Target.PIXELS
        self._shows_mask = False
        self.path = path
        self._settle_active()

    @property
    def document(self) -> Document:
        """What is shown, previews included."""
        return self._shown

    @property
    def history(self) -> History:
        """The steps, with the one that is shown."""
        return self._history

    @property
    def is_previewing(self) -> bool:
        """Whether a gesture is open."""
        return self._previewing

    def preview(self, edit: Edit) -> None:
        """Apply an edit on top of what is shown, without a step; raises `EditError`."""
        document = edit.apply(self._shown)
        self._previewing = True
        self._show(document)

    def commit(self, label: str) -> None:
        """Keep what is shown as one step, if it differs from the last one."""
        self._previewing = False
        if self._shown is not self._history.document:
            self._history = self._history.pushed(self._shown, label)
            self._announce_history()
        self._run_waiting()

    def cancel(self) -> None:
        """Go back to the last step, as if the gesture had not begun."""
        self._previewing = False
        self._show(self._history.document)
        self._run_waiting()

    def do(self, edit: Edit, label: str) -> None:
        """Apply an edit as one step; an open gesture is kept as a step of its own first."""
        if self._previewing:
            self.commit("Edit")
        document = edit.apply(self._shown)
        self._show(document)
        self.commit(label)

    def do_when_idle(self, action: Callable[[], None]) -> None:
        """Call now, or when the open gesture has ended: for jobs, which end at any moment."""
        if self._previewing:
            self._waiting.append(action)
        else:
            action()

    def undo(self) -> None:
        """Show the step before, or take an open gesture back."""
        if self._previewing:
            self.cancel()
        elif self._history.can_undo:
            self.go_to(self._history.cursor - 1)

    def redo(self) -> None:
        """Show the step after, where there is one."""
        if not self._previewing and self._history.can_redo:
            self.go_to(self._history.cursor + 1)

    def go_to(self, cursor: int) -> None:
        """Show the step at an index of the history."""
        if self._previewing:
            self.cancel()
        self._history = self._history.at(cursor)
        self._show(self._history.document)
        self._announce_history()

    def set_undo_budget(self, size_bytes: int) -> None:
        """Let the steps hold so much memory; the oldest go where that is less than they hold."""
        history = self._history.within(size_bytes)
        if history is not self._history:
            self._history = history
            self._announce_history()

    @property
    def active(self) -> LayerId | None:
        """The layer that tools work on, None only when there is no layer."""
        return self._active

    @property
    def selected(self) -> tuple[LayerId, ...]:
        """The layers that are selected in the list; the active one is among them."""
        return self._selected

    def select(self, layers: tuple[LayerId, ...], active: LayerId | None = None) -> None:
        """Select layers; the active one is the last of them unless named."""
        there = {layer.id for layer in self._shown.walk()}
        selected = tuple(layer for layer in layers if layer in there)
        if active not in selected:
            active = selected[-1] if selected else None
        if (selected, active) != (self._selected, self._active):
            other = active != self._active
            self._selected, self._active = selected, active
            self.active_changed.emit()
            if other and self._target is Target.MASK:
                self.set_target(Target.PIXELS)

    @property
    def foreground(self) -> Colour:
        """The colour that brushes paint with."""
        return self._foreground

    @property
    def background(self) -> Colour:
        """The second colour."""
        return self._background

    def set_colours(self, foreground: Colour, background: Colour) -> None:
        """Set both colours."""
        if (foreground, background) != (self._foreground, self._background):
            self._foreground, self._background = foreground, background
            self.colours_changed.emit()

    @property
    def target(self) -> Target:
        """What painting changes: pixels or mask of the active layer, or the selection."""
        return self._target

    def set_target(self, target: Target) -> None:
        """Paint on something else; a mask only where the active layer has one."""
        if target is Target.MASK and not self._has_mask():
            target = Target.PIXELS
        if target is not self._target:
            self._target = target
            self.target_changed.emit()
        if target is not Target.MASK:
            self.set_shows_mask(shown=False)

    @property
    def shows_mask(self) -> bool:
        """Whether the mask that is painted on is looked at, rather than what it does."""
        return self._shows_mask

    def set_shows_mask(self, *, shown: bool) -> None:
        """Look at the active layer's mask, which is then also painted on, or at the picture."""
        if shown:
            self.set_target(Target.MASK)
            shown = self._target is Target.MASK
        if shown != self._shows_mask:
            self._shows_mask = shown
            self.mask_view_changed.emit(self._active if shown else None)

    @property
    def is_modified(self) -> bool:
        """Whether what is shown is not what was last saved or opened."""
        return self._history.document is not self._saved

    def mark_saved(self, document: Document, path: Path) -> None:
        """Say that a document, perhaps an earlier one than is shown, is now in a file."""
        self._saved = document
        self.path = path
        self.saved_changed.emit()

    def _show(self, document: Document) -> None:
        before, self._shown = self._shown, document
        if document is not before:
            self.document_changed.emit(before, document)
            self._settle_active()

    def _announce_history(self) -> None:
        self.history_changed.emit()
        self.saved_changed.emit()

    def _run_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            action()

    def _settle_active(self) -> None:
        """Keep the selection to layers that exist; with none left, the topmost is active."""
        there = {layer.id for layer in self._shown.walk()}
        selected = tuple(layer for layer in self._selected if layer in there)
        if not selected and self._shown.layers:
            selected = (self._shown.layers[-1].id,)
        active = self._active if self._active in selected else None
        self.select(selected, active)
        self.set_target(self._target)

    def _has_mask(self) -> bool:
        layer = None if self._active is None else self._shown.find(self._active)
        return layer is not None and layer.mask is not None
