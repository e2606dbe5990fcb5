"""What brush and eraser have in common: their settings, and a stroke from press to release."""

from editor.render.painting import Paint
from editor.tools.stroke import Stroke, Tip
from editor.tools.surface import surface_of
from editor.tools.tool import Choice, Modifier, Option, Options, Place, PointerEvent, ToolContext

MOST_LAG = 0.94  # of the way to the pointer that full smoothing leaves at each movement


def brush_options(size: float, hardness: float) -> Options:
    """Return the settings that brush and eraser share; sizes in pixels, the others in per cent."""
    return Options(
        numbers={
            "size": Option("Size", size, 1, 2000, "px"),
            "hardness": Option("Hardness", hardness, 0, 100, "%"),
            "opacity": Option("Opacity", 100, 1, 100, "%"),
            "flow": Option("Flow", 100, 1, 100, "%"),
            "spacing": Option("Spacing", 12, 1, 200, "%"),
            "smoothing": Option("Smoothing", 0, 0, 100, "%"),
        },
        switches={
            "pressure_sizes": Choice("Pressure: size", value=True),
            "pressure_fades": Choice("Pressure: flow", value=False),
        },
    )


class Painter:
    """Draws strokes; with Shift a straight line goes on from where the last stroke ended."""

    def __init__(self, options: Options, label: str) -> None:
        """Name the steps that its strokes become."""
        self._options = options
        self._label = label
        self._stroke: Stroke | None = None
        self._at: Place = (0.0, 0.0)  # of the brush, which smoothing keeps behind the pointer
        self._ended: Place | None = None

    def press(self, event: PointerEvent, context: ToolContext, paint: Paint) -> None:
        """Set the first dab; raises `EditError` where nothing can be painted."""
        paint = paint._replace(opacity=self._options.numbers["opacity"].value / 100)
        self._stroke = Stroke(surface_of(context, paint), self._tip())
        if Modifier.SHIFT in event.modifiers and self._ended is not None:
            self._go(*self._ended, event.pressure, context)
        self._at = (event.x, event.y)
        self._go(*self._at, event.pressure, context)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Go on with the stroke."""
        if self._stroke is None:
            return
        share = 1 - MOST_LAG * self._options.numbers["smoothing"].value / 100
        x, y = self._at
        self._at = x + (event.x - x) * share, y + (event.y - y) * share
        self._go(*self._at, event.pressure, context)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Go on to where the pointer is, and keep the stroke as one step."""
        if self._stroke is not None:
            if self._at != (event.x, event.y):
                self._go(event.x, event.y, event.pressure, context)
            context.commit(self._label)
            self._ended = (event.x, event.y)
        self._stroke = None

    def cancel(self, context: ToolContext) -> None:
        """Take the stroke back."""
        if self._stroke is not None:
            context.cancel()
        self._stroke = None

    def _go(self, x: float, y: float, pressure: float, context: ToolContext) -> None:
        assert self._stroke is not None
        edit = self._stroke.to(x, y, pressure)
        if edit is not None:
            context.preview(edit)

    def _tip(self) -> Tip:
        numbers, switches = self._options.numbers, self._options.switches
        return Tip(
            numbers["size"].value,
            numbers["hardness"].value / 100,
            numbers["flow"].value / 100,
            numbers["spacing"].value / 100,
            switches["pressure_sizes"].value,
            switches["pressure_fades"].value,
        )
