"""Brush: paints the foreground colour; a brush of its own for each stroke's settings."""

from typing import ClassVar

from editor.document.layer import LayerId
from editor.edits.edit import EditError, found_pixels
from editor.tools.stroke import Paint, Stroke, Tip, over
from editor.tools.tool import Cursor, Option, Options, PointerEvent, ToolContext


def brush_options(size: float, hardness: float) -> Options:
    """Return the settings that brush and eraser share; sizes in pixels, the others in per cent."""
    return Options(
        numbers={
            "size": Option("Size", size, 1, 2000, "px"),
            "hardness": Option("Hardness", hardness, 0, 100, "%"),
            "opacity": Option("Opacity", 100, 1, 100, "%"),
            "flow": Option("Flow", 100, 1, 100, "%"),
        }
    )


class Brush:
    """Lays the foreground colour over the active layer; pressure scales the size."""

    id: ClassVar[str] = "brush"
    title: ClassVar[str] = "Brush"
    cursor: ClassVar[Cursor] = Cursor.CIRCLE

    def __init__(self) -> None:
        """Begin with a soft brush of 40 pixels."""
        self.options = brush_options(40, 60)
        self._gesture = StrokeGesture(self.title)

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Set the first dab; raises `EditError` where the layer cannot be painted on."""
        active = required_active(context)
        layer = found_pixels(context.document, active)
        opacity = self.options.numbers["opacity"].value / 100
        paint = over(context.foreground, opacity, keep_alpha=layer.locks.alpha)
        self._gesture.press(event, context, self.options, paint)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Go on with the stroke."""
        self._gesture.move(event, context)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Keep the stroke as one step."""
        self._gesture.release(context)

    def cancel(self, context: ToolContext) -> None:
        """Take the stroke back."""
        self._gesture.cancel(context)


class StrokeGesture:
    """What brush and eraser have in common: a stroke from press to release."""

    def __init__(self, label: str) -> None:
        """Name the steps that its strokes become."""
        self._label = label
        self._stroke: Stroke | None = None

    def press(
        self, event: PointerEvent, context: ToolContext, options: Options, paint: Paint
    ) -> None:
        """Begin a stroke on the active layer."""
        numbers = options.numbers
        tip = Tip(
            numbers["size"].value,
            numbers["hardness"].value / 100,
            numbers["flow"].value / 100,
        )
        self._stroke = Stroke(context.document, required_active(context), tip, paint)
        self.move(event, context)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Draw the stroke on to here."""
        if self._stroke is not None:
            edit = self._stroke.to(event.x, event.y, event.pressure)
            if edit is not None:
                context.preview(edit)

    def release(self, context: ToolContext) -> None:
        """Keep the stroke."""
        if self._stroke is not None:
            context.commit(self._label)
        self._stroke = None

    def cancel(self, context: ToolContext) -> None:
        """Drop the stroke."""
        if self._stroke is not None:
            context.cancel()
        self._stroke = None


def required_active(context: ToolContext) -> LayerId:
    """Return the active layer's id; raises `EditError` in a document without layers."""
    if context.active is None:
        raise EditError("There is no layer to paint on: add one first.")
    return context.active
