"""Where on the canvas widget the document lies: zoom, place and angle, as a value.

A *flat* view is the same one not turned: what is painted in it, under `turn`, lies as it must.
"""

from dataclasses import dataclass, replace
from math import cos, radians, sin

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPolygonF, QTransform

from editor.document.geometry import Rect, Size, rect_of

LEAST = 1 / 64
MOST = 64.0
LEAST_ANGLE = 0.05  # degrees; less is not turned at all
QUARTERS = {90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), -90.0: (0.0, -1.0)}
MARGIN = 36.0  # device-independent pixels around a document that is fitted
STEPS = (
    1 / 64, 1 / 48, 1 / 32, 1 / 24, 1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1.0,
    1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """`zoom` is device-independent pixels a document pixel; x and y are the document's corner.

    `angle` is in degrees, clockwise, about that corner: above -180, up to 180.
    """

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    angle: float = 0.0

    def to_document(self, point: QPointF) -> tuple[float, float]:
        """Return a place of the widget in document pixels."""
        dx, dy = (point.x() - self.x) / self.zoom, (point.y() - self.y) / self.zoom
        if not self.angle:
            return dx, dy
        c, s = _cos_sin(self.angle)
        return dx * c + dy * s, dy * c - dx * s

    def place(self, x: float, y: float) -> QPointF:
        """Return a place of the document in the widget."""
        if not self.angle:
            return QPointF(self.x + x * self.zoom, self.y + y * self.zoom)
        c, s = _cos_sin(self.angle)
        return QPointF(self.x + (x * c - y * s) * self.zoom, self.y + (x * s + y * c) * self.zoom)

    def to_widget(self, rect: Rect) -> QRectF:
        """Return a rect of the document in the widget, or of a turned one the rect around it."""
        if self.angle:
            return self.polygon(rect).boundingRect()
        corner = QPointF(self.x + rect.x0 * self.zoom, self.y + rect.y0 * self.zoom)
        return QRectF(corner, QSizeF(rect.width * self.zoom, rect.height * self.zoom))

    def polygon(self, rect: Rect) -> QPolygonF:
        """Return the four corners of a rect of the document in the widget."""
        x0, y0, x1, y1 = rect
        return QPolygonF([self.place(*each) for each in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))])

    def around(self, area: QRectF) -> tuple[float, float, float, float]:
        """Return x0, y0, x1, y1 of the document around a part of the widget."""
        corners = (area.topLeft(), area.topRight(), area.bottomLeft(), area.bottomRight())
        xs, ys = zip(*map(self.to_document, corners), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def flat(self) -> "View":
        """The view not turned."""
        return replace(self, angle=0.0)

    @property
    def turn(self) -> QTransform:
        """What makes places of the flat view places of the widget."""
        if not self.angle:
            return QTransform()
        return QTransform().translate(self.x, self.y).rotate(self.angle).translate(-self.x, -self.y)

    def scrolled(self, dx: float, dy: float) -> "View":
        """Return the view with the document shifted."""
        return replace(self, x=self.x + dx, y=self.y + dy)

    def zoomed(self, zoom: float, about: QPointF) -> "View":
        """Return the view at another zoom with the document still under a place."""
        return self._holding(replace(self, zoom=min(MOST, max(LEAST, zoom))), about)

    def turned(self, angle: float, about: QPointF) -> "View":
        """Return the view at another angle with the document still under a place."""
        angle = angle % 360.0
        angle = angle - 360.0 if angle > 180.0 else angle
        return self._holding(replace(self, angle=0.0 if abs(angle) < LEAST_ANGLE else angle), about)

    def kept(self, size: Size, area: QSizeF) -> "View":
        """Return the view with some of the document in sight."""
        box = self.to_widget(rect_of(size))
        least_x, least_y = min(box.width(), 64.0), min(box.height(), 64.0)
        left = min(area.width() - least_x, max(least_x - box.width(), box.left()))
        top = min(area.height() - least_y, max(least_y - box.height(), box.top()))
        return self.scrolled(left - box.left(), top - box.top())

    def _holding(self, other: "View", about: QPointF) -> "View":
        """Return another view shifted so that what is under a place of this one is there too."""
        there = other.place(*self.to_document(about))
        return other.scrolled(about.x() - there.x(), about.y() - there.y())


def fitted(size: Size, area: QRectF, most: float = MOST, angle: float = 0.0) -> View:
    """Return the view that shows a whole document in the middle of an area of the widget."""
    space = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    box = View(angle=angle).to_widget(rect_of(size))
    zoom = min(max(1.0, space.width()) / box.width(), max(1.0, space.height()) / box.height())
    return centred(size, area, min(most, max(LEAST, zoom)), angle)


def centred(size: Size, area: QRectF, zoom: float, angle: float = 0.0) -> View:
    """Return the view at a zoom with the document in the middle of an area."""
    middle = View(zoom, angle=angle).place(size.width / 2, size.height / 2)
    at = area.center() - middle
    return View(zoom, float(round(at.x())), float(round(at.y())), angle)


def _cos_sin(angle: float) -> tuple[float, float]:
    """Return both; exact at quarters of a turn, so that such a view stays as sharp."""
    if angle in QUARTERS:
        return QUARTERS[angle]
    return cos(radians(angle)), sin(radians(angle))


def next_step(zoom: float, *, larger: bool) -> float:
    """Return the next of the usual zooms."""
    if larger:
        return next((step for step in STEPS if step > zoom * 1.001), MOST)
    return next((step for step in reversed(STEPS) if step < zoom * 0.999), LEAST)
