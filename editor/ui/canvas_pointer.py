"""The pointer over one canvas: where it is, what a press there would do, and what it looks like."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt

from editor.document.document import Guide, Orientation
from editor.tools.tool import Cursor
from editor.ui.tool_box import ToolBox

if TYPE_CHECKING:  # the canvas makes it
    from editor.ui.canvas import Canvas

CURSORS = {
    Cursor.ARROW: Qt.CursorShape.ArrowCursor,
    Cursor.MOVE: Qt.CursorShape.ArrowCursor,
    Cursor.CROSS: Qt.CursorShape.CrossCursor,
    Cursor.OPEN_HAND: Qt.CursorShape.OpenHandCursor,
    Cursor.CIRCLE: Qt.CursorShape.BlankCursor,
    Cursor.ZOOM: Qt.CursorShape.CrossCursor,
    Cursor.TEXT: Qt.CursorShape.IBeamCursor,
}
SMALL_RING = 6.0  # device-independent pixels; below it a cross is easier to see


class Pointer:
    """One canvas's; a brush is a ring of its size, which the canvas paints."""

    def __init__(self, canvas: "Canvas", tools: ToolBox) -> None:
        """Begin with the pointer elsewhere."""
        self._canvas = canvas
        self._tools = tools
        self.at: QPointF | None = None  # in the widget
        self._hovered: Guide | None = None  # that a press would take hold of

    def follow(self, at: QPointF | None) -> None:
        """Go where the pointer is, None outside; ring, rulers and the colour told go along."""
        before, self.at = self.at, at
        ring = self.ring_radius()
        if ring is not None:
            for place in (before, at):
                if place is not None:
                    self._canvas.update(_square(place, ring + 3))
        self._canvas.show_place(at)

    def guide_at(self, at: QPointF) -> Guide | None:
        """Return the guide that a press would take hold of."""
        return self._canvas.guiding.found(at) if self._tools.current.id == "move" else None

    def hover(self, at: QPointF, *, pressed: bool) -> None:
        """Show by the cursor that a guide can be taken hold of."""
        guide = None if pressed else self.guide_at(at)
        if guide != self._hovered:
            self._hovered = guide
            self._canvas.show_cursor()

    def ring_radius(self) -> float | None:
        """The radius of the brush on the widget, None where it is not shown as a ring."""
        tool = self._tools.current
        if tool.cursor is not Cursor.CIRCLE:
            return None
        radius = tool.options.numbers["size"].value * self._canvas.view.zoom / 2
        return radius if radius * 2 >= SMALL_RING else None

    def show_cursor(self, *, turns: bool) -> None:
        """Show what a press would do; `turns` is whether it would turn the view."""
        cursor = self._tools.current.cursor
        shape = CURSORS[cursor]
        if turns:
            shape = Qt.CursorShape.SizeAllCursor
        elif self._hovered is not None:
            is_across = self._hovered.orientation is Orientation.HORIZONTAL
            shape = Qt.CursorShape.SplitVCursor if is_across else Qt.CursorShape.SplitHCursor
        elif cursor is Cursor.CIRCLE and self.ring_radius() is None:
            shape = Qt.CursorShape.CrossCursor
        self._canvas.setCursor(shape)


def _square(middle: QPointF, radius: float) -> QRect:
    return QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius).toAlignedRect()
