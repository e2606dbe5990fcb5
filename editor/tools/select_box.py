"""Select by a box: what the rectangle and the ellipse have in common."""

from collections.abc import Callable

from editor.document.geometry import Rect
from editor.document.pixels import Coverage
from editor.edits.selection import SetSelection
from editor.render.regions import Combine
from editor.tools.box import Box
from editor.tools.selecting import SelectionDrag, drag_of, select, way
from editor.tools.tool import Options, PointerEvent, ToolContext

Shape = Callable[[Rect, Rect], Coverage]  # of the box, on the canvas


class BoxSelecting:
    """A gesture that selects a shape in a box, or moves the selection that it began in."""

    def __init__(self, options: Options, shape: Shape, label: str) -> None:
        """Name the steps that its boxes become."""
        self._options = options
        self._shape = shape
        self._label = label
        self._how = Combine.NEW
        self._drag: SelectionDrag | None = None
        self.box: Box | None = None

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Begin a box, or take hold of the selection."""
        self._how = way(self._options, event.modifiers)
        self._drag = drag_of(event, self._how, context)
        self.box = Box.begun(event) if self._drag is None else None

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Pull the box or the selection."""
        if self._drag is not None:
            self._drag.move(event, context)
        elif self.box is not None:
            self.box.pull(event)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Select what is in the box; a click outside the selection ends it."""
        drag, box, self._drag, self.box = self._drag, self.box, None, None
        if drag is not None:
            drag.release(context)
        elif box is not None and not box.rect.is_empty:
            shape, rect = self._shape, box.rect
            select(
                context,
                lambda document: shape(rect, document.rect),
                self._how,
                self._options,
                self._label,
            )
        elif box is not None and self._how is Combine.NEW:
            context.preview(SetSelection(None))
            context.commit("Deselect")

    def cancel(self, context: ToolContext) -> None:
        """Leave the selection as it was."""
        if self._drag is not None:
            context.cancel()
        self._drag = self.box = None
