"""Where on the canvas widget the document lies: zoom and place, as a value."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

from editor.document.geometry import Rect, Size

LEAST = 1 / 64
MOST = 64.0
MARGIN = 36.0  # device-independent pixels around a document that is fitted
STEPS = (
    1 / 64, 1 / 48, 1 / 32, 1 / 24, 1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1.0,
    1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """`zoom` is device-independent pixels a document pixel; x and y are the document's corner."""

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_document(self, point: QPointF) -> tuple[float, float]:
        """Return a place of the widget in document pixels."""
        return (point.x() - self.x) / self.zoom, (point.y() - self.y) / self.zoom

    def place(self, x: float, y: float) -> QPointF:
        """Return a place of the document in the widget."""
        return QPointF(self.x + x * self.zoom, self.y + y * self.zoom)

    def to_widget(self, rect: Rect) -> QRectF:
        """Return a rect of the document in the widget."""
        corner = QPointF(self.x + rect.x0 * self.zoom, self.y + rect.y0 * self.zoom)
        return QRectF(corner, QSizeF(rect.width * self.zoom, rect.height * self.zoom))

    def scrolled(self, dx: float, dy: float) -> "View":
        """Return the view with the document shifted."""
        return replace(self, x=self.x + dx, y=self.y + dy)

    def zoomed(self, zoom: float, about: QPointF) -> "View":
        """Return the view at another zoom with the document still under a place."""
        zoom = min(MOST, max(LEAST, zoom))
        x, y = self.to_document(about)
        return View(zoom, about.x() - x * zoom, about.y() - y * zoom)

    def kept(self, size: Size, area: QSizeF) -> "View":
        """Return the view with some of the document in sight."""
        width, height = size.width * self.zoom, size.height * self.zoom
        least_x, least_y = min(width, 64.0), min(height, 64.0)
        return replace(
            self,
            x=min(area.width() - least_x, max(least_x - width, self.x)),
            y=min(area.height() - least_y, max(least_y - height, self.y)),
        )


def fitted(size: Size, area: QRectF, most: float = MOST) -> View:
    """Return the view that shows a whole document in the middle of an area of the widget."""
    space = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    zoom = min(max(1.0, space.width()) / size.width, max(1.0, space.height()) / size.height)
    return centred(size, area, min(most, max(LEAST, zoom)))


def centred(size: Size, area: QRectF, zoom: float) -> View:
    """Return the view at a zoom with the document in the middle of an area."""
    x = area.center().x() - size.width * zoom / 2
    y = area.center().y() - size.height * zoom / 2
    return View(zoom, float(round(x)), float(round(y)))


def next_step(zoom: float, *, larger: bool) -> float:
    """Return the next of the usual zooms."""
    if larger:
        return next((step for step in STEPS if step > zoom * 1.001), MOST)
    return next((step for step in reversed(STEPS) if step < zoom * 0.999), LEAST)
