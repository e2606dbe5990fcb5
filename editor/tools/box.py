"""A box pulled up by the pointer: Shift makes it square, Alt pulls from its middle."""

from dataclasses import dataclass

from editor.document.geometry import EMPTY, Rect
from editor.tools.tool import Modifier, Place, PointerEvent


@dataclass(slots=True)
class Box:
    """From the press to where the pointer is now.

    A key that is held at the press means something else; it has its meaning here once it has been
    up, as in other editors.
    """

    pressed: PointerEvent
    held: Modifier  # at the press, and ever since
    rect: Rect = EMPTY

    @staticmethod
    def begun(event: PointerEvent) -> "Box":
        """Return the empty box at a press."""
        return Box(event, event.modifiers)

    def pull(self, event: PointerEvent) -> None:
        """Pull to where the pointer is."""
        self.held &= event.modifiers
        keys = event.modifiers & ~self.held
        dx, dy = event.x - self.pressed.x, event.y - self.pressed.y
        if Modifier.SHIFT in keys:
            side = max(abs(dx), abs(dy))
            dx, dy = (side if dx >= 0 else -side), (side if dy >= 0 else -side)
        x0, y0 = self.pressed.x, self.pressed.y
        if Modifier.ALT in keys:
            x0, y0, dx, dy = x0 - dx, y0 - dy, 2 * dx, 2 * dy
        xs, ys = sorted((round(x0), round(x0 + dx))), sorted((round(y0), round(y0 + dy)))
        self.rect = Rect(xs[0], ys[0], xs[1], ys[1])


def outline(rect: Rect) -> tuple[Place, ...]:
    """Return a rect as a closed line."""
    x0, y0, x1, y1 = rect
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
