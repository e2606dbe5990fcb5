"""Guides pulled out of rulers, moved and thrown away, on one canvas."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from editor.document.document import Guide, Orientation
from editor.edits.guides import SetGuides
from editor.tools.snapping import Lines, lines_of, snapped
from editor.ui.ruler import THICKNESS

if TYPE_CHECKING:  # the canvas makes it
    from editor.ui.canvas import Canvas

REACH = 4.0  # device-independent pixels from a guide that still take hold of it


class Guiding:
    """One guide at a time follows the pointer; each that has moved is a step."""

    def __init__(self, canvas: "Canvas") -> None:
        """Begin with nothing held."""
        self._canvas = canvas
        self._rest: tuple[Guide, ...] = ()  # the other guides
        self._held: Orientation | None = None
        self._is_new = False
        self._lines = Lines()

    @property
    def is_held(self) -> bool:
        """Whether a guide follows the pointer."""
        return self._held is not None

    def found(self, at: QPointF) -> Guide | None:
        """Return the guide under a place of the widget that may be moved."""
        canvas = self._canvas
        if canvas.aids.has("locked") or not canvas.aids.has("guides"):
            return None
        x, y = canvas.view.to_document(at)
        reach = REACH / canvas.view.zoom
        for guide in reversed(canvas.workspace.document.guides):
            place = x if guide.orientation is Orientation.VERTICAL else y
            if abs(place - guide.position) <= reach:
                return guide
        return None

    def take(self, guide: Guide) -> None:
        """Take hold of a guide there is."""
        guides = self._canvas.workspace.document.guides
        self._hold(guide.orientation, tuple(each for each in guides if each != guide))
        self._is_new = False

    def begin(self, orientation: Orientation) -> None:
        """Take hold of a new guide; guides are then shown."""
        if not self._canvas.aids.has("guides"):
            self._canvas.aids.toggle("guides")
        self._hold(orientation, self._canvas.workspace.document.guides)
        self._is_new = True

    def move(self, at: QPointF) -> None:
        """Show the guide under the pointer."""
        if self._held is not None:
            guides = self._rest
            if not self._is_away(at):
                guides = (*guides, Guide(self._held, self._position(at, self._held)))
            self._canvas.workspace.preview(SetGuides(guides))

    def end(self, at: QPointF) -> None:
        """Leave it there; on a ruler or outside the canvas it is thrown away."""
        if self._held is None:
            return
        self.move(at)
        self._held = None
        away, tr = self._is_away(at), self._canvas.tr
        label = tr("New guide") if self._is_new else tr("Move guide")
        self._canvas.workspace.commit(tr("Delete guide") if away else label)

    def cancel(self) -> bool:
        """Put it back; False where nothing is held."""
        if self._held is None:
            return False
        self._held = None
        self._canvas.workspace.cancel()
        return True

    def _hold(self, orientation: Orientation, rest: tuple[Guide, ...]) -> None:
        self._held, self._rest = orientation, rest
        self._lines = lines_of(self._canvas.workspace.document, guides=False)

    def _position(self, at: QPointF, orientation: Orientation) -> float:
        """Return where the guide lies: on whole pixels, or on a line near by."""
        x, y = self._canvas.view.to_document(at)
        if self._canvas.aids.has("snap"):
            snap = snapped((x,), (y,), self._lines, REACH / self._canvas.view.zoom)
            x, y = x + snap.dx, y + snap.dy
        place = x if orientation is Orientation.VERTICAL else y
        return round(place * 2) / 2 if place % 1 == 0.5 else float(round(place))

    def _is_away(self, at: QPointF) -> bool:
        canvas = self._canvas
        edge = THICKNESS if canvas.aids.has("rulers") else 0
        return not (edge <= at.x() < canvas.width() and edge <= at.y() < canvas.height())
