"""The one mutable thing: the document that is shown, its history, and what the user works with.

Every change is announced as a pair of documents. A gesture is many previews and one commit; what
arrives from outside while a preview is open waits for its end. An edit that takes long is worked
out off this thread, and comes into the document of the moment when it is there.
"""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from editor.document.document import Document
from editor.document.layer import LayerId
from editor.edits.edit import Edit, EditError, is_large, takes_long
from editor.history import History
from editor.tools.tool import Target
from editor.works import Behind, Newest, Works

log = logging.getLogger(__name__)

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
    working_changed = Signal(str)  # what is being worked out, "" when nothing is
    refused = Signal(str)  # one sentence: why what was worked out came to nothing

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
        self._works: Works | None = None
        self._newest: Newest | None = None  # preview that takes long
        self._ending: str | None = None  # label of the step that waits for such a preview
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

    def work_behind(self, behind: Behind) -> None:
        """Let edits that take long be worked out elsewhere; without that, all is done at once."""
        self._works, self._newest = Works(behind, self.working_changed.emit), Newest(behind)

    @property
    def is_ending(self) -> bool:
        """Whether a gesture has ended whose result is not there yet; no other may begin."""
        return self._ending is not None

    @property
    def work(self) -> str:
        """The label of what is being worked out, "" where nothing is."""
        if self._ending is not None:
            return self._ending
        return "" if self._works is None else self._works.label

    @property
    def is_working(self) -> bool:
        """Whether something is being worked out that changes the document when it is there."""
        return self.is_ending or (self._works is not None and self._works.is_busy)

    def preview(self, edit: Edit) -> None:
        """Apply an edit on top of what is shown, without a step; raises `EditError`.

        One that takes long is shown when it is there, unless there is a newer one by then.
        """
        if self._newest is not None and takes_long(edit, self._shown):
            self._previewing = True
            self._newest.ask(
                partial(edit.apply, self._shown), self._on_preview, self._on_no_preview
            )
            return
        document = edit.apply(self._shown)
        self._forget_newest()
        self._previewing = True
        self._show(document)

    def commit(self, label: str) -> None:
        """Keep what is shown as one step, if it differs from the last one."""
        if self._newest is not None and self._newest.is_busy:
            self._ending = label
            self.working_changed.emit(label)
            return
        self._previewing = False
        if self._shown is not self._history.document:
            self._history = self._history.pushed(self._shown, label)
            self._announce_history()
        self._run_waiting()

    def cancel(self) -> None:
        """Go back to the last step, as if the gesture had not begun."""
        self._forget_newest()
        self._previewing = False
        self._show(self._history.document)
        self._run_waiting()

    def do(self, edit: Edit, label: str, then: Callable[[], None] = lambda: None) -> None:
        """Apply an edit as one step; an open gesture is kept as a step of its own first.

        One that takes long is worked out elsewhere, after those that were asked for before it, and
        may be refused by signal. `then` is called when the step is there.
        """
        if self.is_ending:
            self._waiting.append(partial(self._do_later, edit, label, then))
            return
        if self._previewing:
            self._forget_newest()
            self.commit("Edit")
        if self._works is not None and takes_long(edit, self._shown):
            self._works.take_turn(partial(self._begin, edit, label, then))
            return
        document = edit.apply(self._shown)
        self._show(document)
        self.commit(label)
        then()

    def work_out(self, label: str, work: Callable[[], object], done: Callable[..., None]) -> None:
        """Call `done` with what comes of work that takes long, in its turn among such edits."""
        if self._works is None or not is_large(self._shown):
            done(work())
        else:
            self._works.take_turn(partial(self._begin_work, label, work, done))

    def give_up_work(self) -> bool:
        """Forget what is being worked out and what waits for it; False where there is nothing."""
        if not self.is_working:
            return False
        if self._ending is not None:
            self.cancel()
        if self._works is not None:
            self._works.give_up()
        return True

    def do_when_idle(self, action: Callable[[], None]) -> None:
        """Call now, or when the open gesture has ended: for jobs, which end at any moment."""
        if self._previewing:
            self._waiting.append(action)
        else:
            action()

    def do_when_worked_out(self, action: Callable[[], None]) -> None:
        """Call now, or when all that is being worked out has come into the document."""
        if self._works is None:
            action()
        else:
            self._works.take_turn(action)

    def undo(self) -> None:
        """Show the step before, or take back what is open or being worked out."""
        if self._previewing:
            self.cancel()
        elif self.give_up_work():
            return
        elif self._history.can_undo:
            self.go_to(self._history.cursor - 1)

    def redo(self) -> None:
        """Show the step after, where there is one."""
        if not self._previewing and not self.is_working and self._history.can_redo:
            self.go_to(self._history.cursor + 1)

    def go_to(self, cursor: int) -> None:
        """Show the step at an index of the history; what is being worked out is given up."""
        self.give_up_work()
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

    # What is worked out elsewhere

    def _begin(self, edit: Edit, label: str, then: Callable[[], None]) -> None:
        base = self._history.document
        take = partial(self._on_worked_out, edit, label, then, base)
        assert self._works is not None
        self._works.run(label, partial(edit.apply, base), take, self._on_failed)

    def _on_worked_out(
        self, edit: Edit, label: str, then: Callable[[], None], base: Document, document: Document
    ) -> None:
        """Keep it; work it out again where the document is another one by now."""
        assert self._works is not None
        if self._previewing:
            again = partial(self._on_worked_out, edit, label, then, base, document)
            self._waiting.append(self._works.unless_given_up(again))
        elif self._shown is not base:
            self._begin(edit, label, then)
        else:
            self._show(document)
            self.commit(label)
            then()
            self._works.end()

    def _begin_work(
        self, label: str, work: Callable[[], object], done: Callable[..., None]
    ) -> None:
        assert self._works is not None
        end = self._works.end

        def take(result: object) -> None:
            done(result)
            end()

        self._works.run(label, work, take, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        assert self._works is not None
        self._works.end()
        self.refused.emit(_sentence(error))

    def _on_preview(self, document: Document) -> None:
        self._show(document)
        self._end_gesture()

    def _on_no_preview(self, error: Exception) -> None:
        self.refused.emit(_sentence(error))
        self._end_gesture()

    def _end_gesture(self) -> None:
        """Make the step that waited for its preview."""
        assert self._newest is not None
        if self._ending is not None and not self._newest.is_busy:
            label, self._ending = self._ending, None
            self.commit(label)
            self.working_changed.emit("")

    def _do_later(self, edit: Edit, label: str, then: Callable[[], None]) -> None:
        try:
            self.do(edit, label, then)
        except EditError as error:
            self.refused.emit(str(error))

    def _forget_newest(self) -> None:
        if self._newest is not None:
            self._newest.forget()
        if self._ending is not None:
            self._ending = None
            self.working_changed.emit("")

    # What is announced

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


def _sentence(error: Exception) -> str:
    """Return what to say of work that failed; what nobody foresaw goes to the log too."""
    if isinstance(error, EditError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory for that."
    log.error("an edit was not worked out", exc_info=error)
    return "That did not work; nothing was lost. The log has the details."
