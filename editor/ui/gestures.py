"""What reaches the tool in hand from one canvas: presses, moves, keys; and what it draws there."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from editor.edits.edit import EditError
from editor.tools.tool import (
    Entering,
    Key,
    Keyed,
    Lasting,
    Modifier,
    PointerEvent,
    Sketch,
    Sketching,
    Typing,
)
from editor.ui.canvas_context import CanvasContext
from editor.ui.sketches import bounds
from editor.ui.tool_box import ToolBox
from editor.ui.typing_field import TypingField

if TYPE_CHECKING:  # the canvas makes its gestures
    from editor.ui.canvas import Canvas


class Gestures(QObject):
    """One canvas's way to the tools, which all canvases share."""

    def __init__(self, canvas: "Canvas", tools: ToolBox) -> None:
        """Begin with nothing pressed."""
        super().__init__(canvas)
        self._canvas = canvas
        self._tools = tools
        self._typing = TypingField(canvas)
        self._typing.changed.connect(self._on_typed)
        self._typing.applied.connect(self.apply)
        self._typing.cancelled.connect(self.cancel)
        self._context = CanvasContext(canvas, tools, self._typing)
        self.is_pressed = False
        self.sketch: Sketch | None = None  # what the tool draws

    @property
    def lasting(self) -> Lasting | None:
        """The chosen tool, where its work is open."""
        tool = self._tools.chosen
        return tool if isinstance(tool, Lasting) and tool.is_open else None

    def press(self, event: PointerEvent) -> None:
        """Begin; a tool that cannot work here says why."""
        if self._canvas.workspace.is_ending:
            return
        self.is_pressed = True
        try:
            self._tools.current.press(self._seen(event), self._context)
        except EditError as error:
            self.is_pressed = False
            self._canvas.refused.emit(str(error))
        self.draw()

    def move(self, event: PointerEvent) -> None:
        """Go on, or follow the pointer where nothing is pressed."""
        lasting = self.lasting
        if not self.is_pressed and (lasting is None or self._tools.is_borrowed):
            return
        try:
            if self.is_pressed:
                self._tools.current.move(self._seen(event), self._context)
            elif lasting is not None:
                lasting.hover(event, self._context)
        except EditError as error:
            self.cancel()
            self._canvas.refused.emit(str(error))
        self.draw()

    def release(self, event: PointerEvent) -> None:
        """End; what cannot be kept is taken back."""
        self.is_pressed = False
        try:
            self._tools.current.release(self._seen(event), self._context)
        except EditError as error:
            self._tools.current.cancel(self._context)
            self._canvas.refused.emit(str(error))
        self.draw()

    def double_press(self, event: PointerEvent) -> bool:
        """End the work of a tool that goes on; False where there is none."""
        self.is_pressed = False
        return self._end(lambda lasting: lasting.double_press(event, self._context))

    @Slot()
    def apply(self) -> bool:
        """Keep what a tool that goes on has done; False where there is none."""
        self.is_pressed = False
        return self._end(lambda lasting: lasting.apply(self._context))

    def leave(self) -> None:
        """Another tool or document comes: what is open here ends as suits the tool."""
        if self.is_pressed:
            self.cancel()
        self._end(lambda lasting: lasting.leave(self._context))

    def enter(self) -> None:
        """Another tool is in hand: some begin at once."""
        tool = self._tools.chosen
        if isinstance(tool, Entering) and not self._tools.is_borrowed and self.lasting is None:
            try:
                tool.enter(self._context)
            except EditError as error:
                self._canvas.refused.emit(str(error))
                self._tools.put_away()
        self.draw()

    def adjust(self) -> None:
        """The tool's settings were changed."""
        self._end(lambda lasting: lasting.adjust(self._context))

    @Slot(str)
    def _on_typed(self, content: str) -> None:
        tool = self._tools.chosen
        if isinstance(tool, Typing):
            tool.typed(content, self._context)
        self.draw()

    @Slot()
    def cancel(self) -> bool:
        """Take back what the tool is doing; False where it does nothing."""
        lasting = self.lasting
        if self.is_pressed:
            self.is_pressed = False
            self._tools.current.cancel(self._context)
        elif lasting is not None:
            lasting.cancel(self._context)
        else:
            return False
        self.draw()
        return True

    def key(self, key: Key, modifiers: Modifier) -> bool:
        """Give a key to the tool; False where the tool has no use for it."""
        tool = self._tools.chosen
        if Modifier.CONTROL in modifiers and self.lasting is None:
            tool = self._tools.tools["move"]  # whatever is in hand
        if self.is_pressed or not isinstance(tool, Keyed):
            return False
        try:
            used = tool.key(key, modifiers, self._context)
        except EditError as error:
            self._canvas.refused.emit(str(error))
            return True
        self.draw()
        return used

    def draw(self) -> None:
        """Paint what the tool draws now, and no more of the canvas than that."""
        tool, canvas = self._tools.chosen, self._canvas
        self._tools.show_open(is_open=self.lasting is not None)
        before, self.sketch = self.sketch, tool.sketch if isinstance(tool, Sketching) else None
        if self.sketch is not None and self._typing.isVisible():
            self._typing.place_below(bounds(canvas.view, self.sketch, canvas.rect()))
        if before != self.sketch:
            for sketch in (before, self.sketch):
                if sketch is not None:
                    canvas.update(bounds(canvas.view, sketch, canvas.rect()))

    def _end(self, way: Callable[[Lasting], None]) -> bool:
        lasting = self.lasting
        if lasting is None:
            return False
        try:
            way(lasting)
        except EditError as error:
            lasting.cancel(self._context)
            self._canvas.refused.emit(str(error))
        self.draw()
        return True

    def _seen(self, event: PointerEvent) -> PointerEvent:
        """A key that borrowed the tool means nothing more to it."""
        if not self._tools.is_borrowed:
            return event
        return replace(event, modifiers=event.modifiers & ~Modifier.ALT)
