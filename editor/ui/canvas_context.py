"""What a tool may see and do on a canvas."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontDatabase

from editor.document.document import Document
from editor.document.layer import LayerId
from editor.document.pixels import Pixels
from editor.document.text import Text
from editor.edits.edit import Edit
from editor.tools.tool import Colour, Target
from editor.ui.tool_box import ToolBox
from editor.ui.typing_field import TypingField

if TYPE_CHECKING:  # the canvas makes its context
    from editor.ui.canvas import Canvas


class CanvasContext:
    """The `ToolContext` of one canvas."""

    def __init__(self, canvas: "Canvas", tools: ToolBox, typing: TypingField) -> None:
        """Act on a canvas and its workspace; what is typed goes into `typing`."""
        self.typing = typing
        self._tools = tools
        self._canvas = canvas
        self._workspace = canvas.workspace

    @property
    def document(self) -> Document:
        """What is shown."""
        return self._workspace.document

    @property
    def kept(self) -> Document:
        """The document of the last step, without what is previewed."""
        return self._workspace.history.document

    @property
    def active(self) -> LayerId | None:
        """The layer to work on."""
        return self._workspace.active

    @property
    def selected(self) -> tuple[LayerId, ...]:
        """The layers that are selected."""
        return self._workspace.selected

    @property
    def target(self) -> Target:
        """What painting changes."""
        return self._workspace.target

    @property
    def foreground(self) -> Colour:
        """The colour to paint with."""
        return self._workspace.foreground

    @property
    def background(self) -> Colour:
        """The second colour."""
        return self._workspace.background

    @property
    def zoom(self) -> float:
        """Pixels of the widget a document pixel."""
        return self._canvas.view.zoom

    def preview(self, edit: Edit) -> None:
        """Apply on top of what is shown."""
        self._workspace.preview(edit)

    def commit(self, label: str) -> None:
        """Keep what is shown as one step."""
        self._workspace.commit(self._canvas.tr(label))

    def do(self, edit: Edit, label: str) -> None:
        """Apply as one step, as soon as it has been worked out."""
        self._workspace.do(edit, self._canvas.tr(label))

    def cancel(self) -> None:
        """Go back to the last step."""
        self._workspace.cancel()

    def select(self, layer: LayerId) -> None:
        """Make a layer the active one."""
        self._workspace.select((layer,))

    def pick(self, colour: Colour, *, background: bool) -> None:
        """Set the foreground or the background colour."""
        workspace = self._workspace
        if background:
            workspace.set_colours(workspace.foreground, colour)
        else:
            workspace.set_colours(colour, workspace.background)

    def refresh_options(self) -> None:
        """Show the tool's settings again: the tool has changed them itself."""
        self._tools.options_changed.emit()

    def put_away(self) -> None:
        """Take the tool in hand that was there before this one."""
        self._tools.put_away()

    def drawn(self, text: Text) -> Pixels:
        """Return the pixels that show a text, with its anchor at (0, 0)."""
        from editor.ui.lettering import drawn  # when it is first needed

        return drawn(text)

    def has_font(self, family: str) -> bool:
        """Whether text in a font would look as it was meant here."""
        return not family or QFontDatabase.hasFamily(family)

    def begin_typing(self, content: str) -> None:
        """Let the user type."""
        self.typing.begin(content)

    def end_typing(self) -> None:
        """No more."""
        self.typing.end()

    def scroll_by(self, dx: float, dy: float) -> None:
        """Shift the view by pixels of the widget."""
        self._canvas.show_view(self._canvas.view.scrolled(dx, dy))

    def zoom_by(self, factor: float, view_x: float, view_y: float) -> None:
        """Enlarge about a place of the widget."""
        view = self._canvas.view
        self._canvas.show_view(view.zoomed(view.zoom * factor, QPointF(view_x, view_y)))
