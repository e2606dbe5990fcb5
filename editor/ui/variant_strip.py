"""The results of a generated layer, side by side at its upper edge while it is active."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from editor.document.geometry import Rect
from editor.document.layer import PixelLayer
from editor.ui.desk import Desk
from editor.ui.floating_bar import FloatingBar
from editor.ui.icons import set_icon
from editor.ui.theme import current_theme
from editor.ui.thumbnails import Thumbnails, checkerboard

SIDE = 46
SHOWN = 6  # around the one that is shown


class VariantStrip(FloatingBar):
    """Visible while the active layer has more than one variant."""

    chosen = Signal(int)  # index
    stepped = Signal(int)  # -1 or 1
    changed = Signal()  # it must be placed again

    def __init__(self, desk: Desk, thumbnails: Thumbnails) -> None:
        """Follow the active layer."""
        super().__init__(None, padding=6)
        self._desk = desk
        self._thumbnails = thumbnails
        self._line = QHBoxLayout()
        self._line.setSpacing(6)
        self._tiles: list[VariantTile] = []
        self._shown: tuple[object, ...] = ()
        self._previous = self._arrow("previous", self.tr("Previous variant (Left)"), -1)
        self._next = self._arrow("next", self.tr("Next variant (Right)"), 1)
        self._line.addWidget(self._previous)
        self._line.addWidget(self._next)
        self.body.addLayout(self._line)
        desk.switched.connect(self.follow)
        desk.active_changed.connect(self.follow)
        desk.document_changed.connect(self.follow)
        thumbnails.ready.connect(self._on_thumbnail)

    @property
    def layer_rect(self) -> Rect | None:
        """Where the layer is whose variants are shown, None where there is none."""
        layer = self._layer()
        return None if layer is None else layer.rect

    @Slot()
    def follow(self) -> None:
        """Show the active layer's variants."""
        layer = self._layer()
        shown: tuple[object, ...] = ()
        if layer is not None:
            shown = (layer.id, layer.variants, layer.variant, layer.offset)
        if shown == self._shown:
            return
        self._shown = shown
        self._rebuild(layer)
        self.changed.emit()

    def _layer(self) -> PixelLayer | None:
        layer = self._desk.active_layer
        if not isinstance(layer, PixelLayer) or len(layer.variants) < 2 or not layer.visible:
            return None
        return layer

    def _rebuild(self, layer: PixelLayer | None) -> None:
        for tile in self._tiles:
            self._line.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._tiles = []
        if layer is None:
            return
        first = min(max(0, layer.variant - SHOWN // 2), max(0, len(layer.variants) - SHOWN))
        for index in range(first, min(len(layer.variants), first + SHOWN)):
            tile = VariantTile(layer, index, self._thumbnails)
            tile.chosen.connect(self.chosen)
            self._tiles.append(tile)
            self._line.insertWidget(len(self._tiles), tile)
            tile.show()
        # Else tiles in the inner layout would count a moment later only, after the bar was placed.
        self.body.invalidate()

    def _arrow(self, name: str, words: str, by: int) -> QToolButton:
        button = QToolButton()
        set_icon(button, name, 14)
        button.setIconSize(QSize(14, 14))
        button.setFixedSize(18, SIDE)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setProperty("by", by)
        button.clicked.connect(self._on_arrow)
        return button

    @Slot()
    def _on_arrow(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.stepped.emit(int(sender.property("by")))

    @Slot(str)
    def _on_thumbnail(self, layer_id: str) -> None:
        for tile in self._tiles:
            tile.update()


class VariantTile(QWidget):
    """One variant's picture; the one that is shown has a frame."""

    chosen = Signal(int)

    def __init__(self, layer: PixelLayer, index: int, thumbnails: Thumbnails) -> None:
        """Show a variant of a layer."""
        super().__init__()
        self._layer = layer
        self._index = index
        self._thumbnails = thumbnails
        self.setFixedSize(SIDE, SIDE)
        self.setToolTip(self.tr("Variant {0}").format(index + 1))
        self.setAccessibleName(self.toolTip())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture on the checkerboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = self.rect().adjusted(2, 2, -2, -2)
        painter.fillRect(inner, checkerboard(6))
        pixels = self._layer.variants[self._index].pixels
        picture = self._thumbnails.of_pixels(pixels, self._layer.id, self.devicePixelRatioF())
        if picture is not None:
            size = picture.deviceIndependentSize().toSize()
            painter.drawPixmap(
                inner.center().x() - size.width() // 2 + 1,
                inner.center().y() - size.height() // 2 + 1,
                picture,
            )
        if self._index == self._layer.variant:
            painter.setPen(QPen(current_theme().color("accent"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        self.chosen.emit(self._index)
