"""Text: a click makes a text layer or takes up the one that is there; it stays text."""

from dataclasses import replace
from typing import ClassVar

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.document.text import Alignment, Text
from editor.edits.edit import Edit, EditError
from editor.edits.layers import AddLayers, RemoveLayers, place_above
from editor.edits.text import SetText, name_of
from editor.edits.transform import Instead
from editor.tools.box import outline
from editor.tools.picking import text_at
from editor.tools.tool import (
    Choice,
    Cursor,
    Option,
    Options,
    Pick,
    PointerEvent,
    Sketch,
    ToolContext,
)

WORDS = {
    Alignment.LEFT.value: "Left",
    Alignment.CENTER.value: "Centre",
    Alignment.RIGHT.value: "Right",
}


class TextTool:
    """Types into one text layer at a time, in the foreground colour."""

    id: ClassVar[str] = "text"
    title: ClassVar[str] = "Text"
    cursor: ClassVar[Cursor] = Cursor.TEXT

    def __init__(self) -> None:
        """Begin with nothing to type into."""
        self.options = Options(
            numbers={"size": Option("Size", 64, 4, 2000, "px")},
            switches={"bold": Choice("Bold", value=False), "italic": Choice("Italic", value=False)},
            picks={"alignment": Pick("Alignment", Alignment.LEFT.value, WORDS)},
            font="",
        )
        self._base: Document | None = None
        self._layer: PixelLayer | None = None  # as it is shown
        self._is_new = False

    @property
    def is_open(self) -> bool:
        """Whether there is a text being typed."""
        return self._layer is not None

    @property
    def sketch(self) -> Sketch | None:
        """A box around the text, and its anchor."""
        if self._layer is None:
            return None
        x, y = self._layer.offset
        rect = self._layer.rect
        lines = () if rect.is_empty else (outline(rect.grown(3)),)
        return Sketch(lines, ((x, y),))

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Take up the text under the pointer, or begin one there; the last one is kept."""
        self.leave(context)
        found = text_at(context.document, event.x, event.y)
        if found is not None and found.locks.pixels:
            raise EditError(f"The pixels of “{found.name}” are locked.")
        self._base, self._is_new = context.document, found is None
        if found is None:
            text = self._as_set(Text("", colour=context.foreground))
            at = Point(round(event.x), round(event.y))
            self._layer = PixelLayer(
                id=new_layer_id(), name=name_of(text), pixels=Pixels.empty(), offset=at, text=text
            )
        else:
            self._layer = found
            context.select(found.id)
            self._show_options(found, context)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Nothing follows the pointer."""

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Now the keyboard types."""
        if self._layer is not None and self._layer.text is not None:
            context.begin_typing(self._layer.text.content)

    def hover(self, event: PointerEvent, context: ToolContext) -> None:
        """Nothing follows the pointer."""

    def double_press(self, event: PointerEvent, context: ToolContext) -> None:
        """Go on typing."""
        self.release(event, context)

    def typed(self, content: str, context: ToolContext) -> None:
        """Show what is typed."""
        if self._layer is not None and self._layer.text is not None:
            self._show(replace(self._layer.text, content=content), context)

    def adjust(self, context: ToolContext) -> None:
        """Show it as it is set now."""
        if self._layer is not None and self._layer.text is not None:
            text = self._as_set(replace(self._layer.text, colour=context.foreground))
            if text != self._layer.text:
                self._show(text, context)

    def apply(self, context: ToolContext) -> None:
        """Keep the text."""
        self.leave(context)

    def leave(self, context: ToolContext) -> None:
        """Keep the text as one step; one without letters takes its layer along."""
        (layer, self._layer), (base, self._base) = (self._layer, None), (self._base, None)
        if layer is None or base is None or layer.text is None:
            return
        if not layer.text.content.strip():
            gone: Edit = RemoveLayers(() if self._is_new else (layer.id,))
            context.preview(Instead(base, gone))
        context.commit("Text")
        if context.document.find(layer.id) is not None:
            context.select(layer.id)
        context.end_typing()

    def cancel(self, context: ToolContext) -> None:
        """Leave all as it was."""
        if self._layer is not None:
            self._layer = self._base = None
            context.cancel()
            context.end_typing()

    def _show(self, text: Text, context: ToolContext) -> None:
        assert self._layer is not None
        assert self._base is not None
        pixels, layer = context.drawn(text), self._layer
        self._layer = replace(layer, text=text, pixels=pixels, name=name_of(text))
        edit: Edit = SetText(layer.id, text, pixels, layer.offset)
        if self._is_new:
            edit = AddLayers((self._layer,), place_above(self._base, context.active))
        context.preview(Instead(self._base, edit))

    def _as_set(self, text: Text) -> Text:
        options = self.options
        return replace(
            text,
            font=options.font or "",
            size=options.numbers["size"].value,
            alignment=Alignment(options.picks["alignment"].value),
            bold=options.switches["bold"].value,
            italic=options.switches["italic"].value,
        )

    def _show_options(self, layer: PixelLayer, context: ToolContext) -> None:
        """Set the options, and the foreground colour, to what the text has."""
        text = layer.text
        assert text is not None
        self.options.font = text.font
        self.options.numbers["size"].value = text.size
        self.options.picks["alignment"].value = text.alignment.value
        self.options.switches["bold"].value = text.bold
        self.options.switches["italic"].value = text.italic
        context.pick(text.colour, background=False)
        context.refresh_options()
