"""Free transform: scales, turns, slants, mirrors and moves layers, or the selected pixels.

All that was done is one affine from what was there when it began, so that nothing is resampled
twice however often it is pulled.
"""

from math import atan2, cos, degrees, hypot, pi, radians, sin, tan
from typing import ClassVar

from editor.document.document import Document
from editor.document.geometry import Rect, union
from editor.document.layer import LayerId, PixelLayer
from editor.document.recipe import IDENTITY, Affine
from editor.edits.edit import EditError, Together
from editor.edits.text import SetText
from editor.edits.transform import Instead, TransformLayers, TransformSelected, transformable
from editor.render.fills import lifted_content
from editor.render.transforming import Interpolation, applied, inverse, is_quick, times
from editor.tools.handles import SPOTS, nearest, spots_of
from editor.tools.selecting import step_of
from editor.tools.tool import (
    Cursor,
    Key,
    Modifier,
    Option,
    Options,
    Pick,
    Place,
    PointerEvent,
    Sketch,
    Target,
    ToolContext,
)

COARSE_PIXELS = 400_000  # with more, pixels are picked rather than mixed while the pointer moves
ROTATION_STEP = pi / 12
LEAST_SCALE = 1e-3
WORDS = {
    Interpolation.SMOOTH.value: "Smooth",
    Interpolation.CUBIC.value: "Sharp",
    Interpolation.NEAREST.value: "Pixels",
}


class Transform:
    """Works from the moment it is chosen until Enter, Escape or another tool."""

    id: ClassVar[str] = "transform"
    title: ClassVar[str] = "Free transform"
    cursor: ClassVar[Cursor] = Cursor.ARROW

    def __init__(self) -> None:
        """Begin with nothing to transform."""
        self.options = Options(
            numbers={
                "x": Option("X", 0, -99999, 99999, "px"),
                "y": Option("Y", 0, -99999, 99999, "px"),
                "width": Option("W", 100, -9999, 9999, "%"),
                "height": Option("H", 100, -9999, 9999, "%"),
                "angle": Option("Angle", 0, -360, 360, "°"),
                "slant": Option("Slant", 0, -80, 80, "°"),
            },
            picks={"how": Pick("Interpolation", Interpolation.CUBIC.value, WORDS)},
        )
        self._base: Document | None = None
        self._kept: Document | None = None  # the last step when it began
        self._layers: tuple[LayerId, ...] = ()
        self._selected = False  # pixels of one layer, rather than layers
        self._shown_how = Interpolation.CUBIC
        self._box = Rect(0, 0, 0, 0)
        self._affine = IDENTITY
        self._pressed: PointerEvent | None = None
        self._at_press = IDENTITY
        self._handle: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is being transformed."""
        return self._base is not None

    @property
    def sketch(self) -> Sketch | None:
        """The box as it is now."""
        if self._base is None:
            return None
        places = self._places()
        corners = places[::2]
        return Sketch(((*corners, corners[0]),), places)

    def enter(self, context: ToolContext) -> None:
        """Take hold of the selected layers, or of what is selected of the active one."""
        document = context.document
        layer = None if context.active is None else document.find(context.active)
        selection = document.selection
        self._selected = (
            selection is not None
            and isinstance(layer, PixelLayer)
            and context.target is not Target.SELECTION
        )
        if self._selected and isinstance(layer, PixelLayer) and selection is not None:
            self._layers = (layer.id,)
            content = lifted_content(layer.pixels, layer.offset, selection)
            self._box = content.moved(*layer.offset)
        else:
            self._layers = context.selected
            self._box = union(each.rect for each in transformable(document, self._layers))
        if self._box.is_empty:
            raise EditError("There is nothing to transform: the layer is empty here.")
        self._edit(IDENTITY, Interpolation.NEAREST).check(document)  # what is locked says so now
        self._base, self._kept, self._affine = document, context.kept, IDENTITY
        self._preview(context, self._how)
        self._show_numbers(context)

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Take hold of a handle, of the box, or turn from outside of it."""
        self._go_on(context)
        self._pressed, self._at_press = event, self._affine
        self._handle = nearest(self._places(), event.x, event.y, context.zoom)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Show what it comes to."""
        if self._pressed is None:
            return
        affine = self._pulled(event)
        try:
            inverse(affine)
        except ValueError:
            return  # thinner than can be: wait for the pointer to go on
        self._affine = affine
        coarse = self._box.width * self._box.height > COARSE_PIXELS or not is_quick()
        self._preview(context, Interpolation.NEAREST if coarse else Interpolation.SMOOTH)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Show it as it will be kept."""
        if self._pressed is not None and self._affine != self._at_press:
            self._preview(context, self._how)
        self._pressed = None
        self._show_numbers(context)

    def hover(self, event: PointerEvent, context: ToolContext) -> None:
        """Nothing follows the pointer."""

    def double_press(self, event: PointerEvent, context: ToolContext) -> None:
        """Apply."""
        self.apply(context)

    def apply(self, context: ToolContext) -> None:
        """Keep it, and go back to the tool before."""
        self.leave(context)
        context.put_away()

    def leave(self, context: ToolContext) -> None:
        """Keep it."""
        if self._base is not None:
            self._draw_letters(context)
            context.commit("Free transform")
        self._base = self._kept = self._pressed = None

    def _draw_letters(self, context: ToolContext) -> None:
        """Draw text anew through what was done to it: sharper than its pixels resampled."""
        if self._affine == IDENTITY or self._selected:
            return
        assert self._base is not None
        if all(layer.text is None for layer in transformable(self._base, self._layers)):
            return
        document = self._edit(self._affine, self._how).apply(self._base)
        context.preview(Instead(document, Together(())))
        for layer in transformable(document, self._layers):
            if layer.text is not None and context.has_font(layer.text.font):
                pixels = context.drawn(layer.text)
                context.preview(SetText(layer.id, layer.text, pixels, layer.offset))

    def cancel(self, context: ToolContext) -> None:
        """Put all back, and go back to the tool before."""
        if self._base is not None:
            self._base = self._kept = self._pressed = None
            context.cancel()
            context.put_away()

    def adjust(self, context: ToolContext) -> None:
        """Follow the numbers."""
        if self._pressed is not None or self._base is None:
            return
        numbers = {name: round(option.value) for name, option in self.options.numbers.items()}
        if numbers != self._numbers():
            self._go_on(context)
            self._affine = self._from_numbers()
        elif self._how is self._shown_how:
            return
        self._preview(context, self._how)

    def key(self, key: Key, modifiers: Modifier, context: ToolContext) -> bool:
        """Arrows move by a pixel, with Shift by ten."""
        step = step_of(key, modifiers)
        if step is None or self._base is None:
            return False
        self._go_on(context)
        self._affine = times((1, 0, step[0], 0, 1, step[1]), self._affine)
        self._preview(context, self._how)
        self._show_numbers(context)
        return True

    def _go_on(self, context: ToolContext) -> None:
        """Begin anew where something else has changed the document meanwhile."""
        if self._base is None or context.kept is not self._kept:
            self.enter(context)

    @property
    def _how(self) -> Interpolation:
        return Interpolation(self.options.picks["how"].value)

    def _edit(self, affine: Affine, how: Interpolation) -> TransformLayers | TransformSelected:
        if self._selected:
            return TransformSelected(self._layers[0], affine, how)
        return TransformLayers(self._layers, affine, how)

    def _preview(self, context: ToolContext, how: Interpolation) -> None:
        assert self._base is not None
        if self._affine == IDENTITY:
            context.preview(Instead(self._base, Together(())))
        else:
            context.preview(Instead(self._base, self._edit(self._affine, how)))
        self._shown_how = how

    def _places(self) -> tuple[Place, ...]:
        return tuple(applied(self._affine, x, y) for x, y in spots_of(self._box))

    # What the pointer does

    def _pulled(self, event: PointerEvent) -> Affine:
        assert self._pressed is not None
        dx, dy = event.x - self._pressed.x, event.y - self._pressed.y
        if self._handle is None and not self._holds(self._pressed):
            return self._turned(event)
        if self._handle is None:
            if Modifier.SHIFT in event.modifiers:
                dx, dy = (dx, 0) if abs(dx) >= abs(dy) else (0, dy)
            return times((1, 0, round(dx), 0, 1, round(dy)), self._at_press)
        here = applied(inverse(self._at_press), event.x, event.y)
        if Modifier.CONTROL in event.modifiers and self._handle % 2:
            return times(self._at_press, self._slanted(here, self._handle))
        return times(self._at_press, self._scaled(here, self._handle, event.modifiers))

    def _holds(self, event: PointerEvent) -> bool:
        x, y = applied(inverse(self._at_press), event.x, event.y)
        return self._box.holds(x, y)

    def _turned(self, event: PointerEvent) -> Affine:
        """Turn about the middle; Shift keeps to steps of 15 degrees."""
        assert self._pressed is not None
        x, y = applied(self._at_press, *_middle(self._box))
        before = atan2(self._pressed.y - y, self._pressed.x - x)
        angle = atan2(event.y - y, event.x - x) - before
        if Modifier.SHIFT in event.modifiers:
            angle = round(angle / ROTATION_STEP) * ROTATION_STEP
        c, s = cos(angle), sin(angle)
        return times((c, -s, x - c * x + s * y, s, c, y - s * x - c * y), self._at_press)

    def _scaled(self, here: Place, handle: int, keys: Modifier) -> Affine:
        """Scale in the box's own coordinates: corners keep proportions, with Shift they are free.

        About the opposite handle, with Alt about the middle.
        """
        start = spots_of(self._box)[handle]
        fixed = _middle(self._box) if Modifier.ALT in keys else _opposite(self._box, handle)
        across, down = start[0] - fixed[0], start[1] - fixed[1]
        to_x, to_y = here[0] - fixed[0], here[1] - fixed[1]
        scale_x = to_x / across if across and SPOTS[handle][0] != 0.5 else 1.0
        scale_y = to_y / down if down and SPOTS[handle][1] != 0.5 else 1.0
        if handle % 2 == 0 and Modifier.SHIFT not in keys:
            scale_x = scale_y = (to_x * across + to_y * down) / (across**2 + down**2)
        scale_x, scale_y = _not_flat(scale_x), _not_flat(scale_y)
        x, y = fixed
        return (scale_x, 0, x - scale_x * x, 0, scale_y, y - scale_y * y)

    def _slanted(self, here: Place, handle: int) -> Affine:
        """Slide one side along itself; the opposite one stays."""
        start, fixed = spots_of(self._box)[handle], _opposite(self._box, handle)
        if SPOTS[handle][0] == 0.5:
            share = (here[0] - start[0]) / (start[1] - fixed[1])
            return (1, share, -share * fixed[1], 0, 1, 0)
        share = (here[1] - start[1]) / (start[0] - fixed[0])
        return (1, 0, 0, share, 1, -share * fixed[0])

    # What the fields say

    def _show_numbers(self, context: ToolContext) -> None:
        for name, value in self._numbers().items():
            self.options.numbers[name].value = value
        context.refresh_options()

    def _numbers(self) -> dict[str, int]:
        """Take the affine apart: turned by the angle after slanted after scaled."""
        a, b, _, d, e, _ = self._affine
        x, y = applied(self._affine, *_middle(self._box))
        width = max(1e-9, hypot(a, d))
        height = (a * e - b * d) / width
        slant = atan2((a * b + d * e) / width, abs(height))
        values = (x, y, width * 100, height * 100, degrees(atan2(d, a)), degrees(slant))
        return {name: round(each) for name, each in zip(self.options.numbers, values, strict=True)}

    def _from_numbers(self) -> Affine:
        """Put the affine together from the fields."""
        numbers = {name: option.value for name, option in self.options.numbers.items()}
        width, height = _not_flat(numbers["width"] / 100), _not_flat(numbers["height"] / 100)
        angle, slant = radians(numbers["angle"]), tan(radians(numbers["slant"])) * abs(height)
        c, s = cos(angle), sin(angle)
        x, y = _middle(self._box)
        linear = (c * width, c * slant - s * height, 0.0, s * width, s * slant + c * height, 0.0)
        centred = times(linear, (1, 0, -x, 0, 1, -y))
        return times((1, 0, numbers["x"], 0, 1, numbers["y"]), centred)


def _middle(rect: Rect) -> Place:
    return (rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2


def _opposite(rect: Rect, handle: int) -> Place:
    return spots_of(rect)[(handle + 4) % 8]


def _not_flat(scale: float) -> float:
    if abs(scale) < LEAST_SCALE:
        return LEAST_SCALE if scale >= 0 else -LEAST_SCALE
    return scale
