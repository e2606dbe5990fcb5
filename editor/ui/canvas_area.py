"""The middle of the window: canvases or the welcome page, with the floating bars over them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from editor.ui.floating_bar import SHADOW
from editor.ui.prompt_bar import PromptBar
from editor.ui.variant_strip import VariantStrip

if TYPE_CHECKING:  # a canvas is imported with the first document, after the first paint
    from editor.ui.canvas import Canvas

BELOW = 14  # device-independent pixels between the prompt bar and the lower edge


class CanvasArea(QWidget):
    """Places what floats; which canvas is in front is the window's."""

    resized = Signal()

    def __init__(self, welcome: QWidget, prompt: PromptBar, strip: VariantStrip) -> None:
        """Begin with the welcome page."""
        super().__init__()
        self.stack = QStackedWidget(self)
        self.stack.addWidget(welcome)
        self._welcome = welcome
        self._canvas: Canvas | None = None
        self._prompt = prompt
        self._strip = strip
        prompt.setParent(self)
        strip.setParent(self)
        strip.hide()
        prompt.resized.connect(self.place_bars)
        prompt.installEventFilter(self)

    @property
    def canvas(self) -> "Canvas | None":
        """The canvas in front, None on the welcome page."""
        return self._canvas

    def show_canvas(self, canvas: "Canvas | None") -> None:
        """Bring a canvas or the welcome page to the front."""
        if canvas is not None and self.stack.indexOf(canvas) < 0:
            self._cover(canvas)
            self.stack.addWidget(canvas)
        self._canvas = canvas
        self.stack.setCurrentWidget(canvas or self._welcome)
        if canvas is not None:
            canvas.setFocus()
        self.place_bars()

    def remove_canvas(self, canvas: "Canvas") -> None:
        """Forget a canvas."""
        self.stack.removeWidget(canvas)
        canvas.close_display()
        canvas.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep everything in its place."""
        self.stack.resize(event.size())
        self.place_bars()
        self.resized.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A prompt bar that is hidden or shown covers the canvas or does not."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self.place_bars()
        return False

    @Slot()
    def place_bars(self) -> None:
        """Put the prompt bar at the lower edge, in the middle; the strip by its layer."""
        prompt = self._prompt
        prompt.fit_width(self.width())
        prompt.adjustSize()
        x = (self.width() - prompt.width()) // 2
        prompt.move(x, self.height() - prompt.height() - BELOW + SHADOW)
        prompt.raise_()
        canvas = self.canvas
        if canvas is not None:
            self._cover(canvas)
        self.place_strip()

    @Slot()
    def place_strip(self) -> None:
        """Put the variant strip at its layer's upper edge, inside the canvas."""
        canvas, strip = self.canvas, self._strip
        rect = strip.layer_rect
        if canvas is None or rect is None:
            strip.hide()
            return
        strip.adjustSize()
        box = canvas.view.to_widget(rect)
        x = box.right() - strip.width() + SHADOW
        y = box.top() - strip.height() + SHADOW - 8
        lowest = self.height() - strip.height()
        if self._prompt.isVisibleTo(self):
            lowest = self._prompt.y() - strip.height() + SHADOW
        at = QPoint(
            round(min(max(0.0, x), self.width() - strip.width())), round(min(max(0.0, y), lowest))
        )
        strip.move(at)
        strip.show()
        strip.raise_()

    def _cover(self, canvas: "Canvas") -> None:
        shown = self._prompt.isVisibleTo(self)
        canvas.set_covered(self._prompt.collapsed_height if shown else 0)
