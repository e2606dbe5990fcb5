"""The view as a value: places there and back, whatever the zoom and the angle."""

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from editor.document.geometry import Rect, Size
from editor.ui.view import View, centred, fitted

VIEWS = [View(zoom, 31.5, -12.25, angle) for zoom in (0.3, 1.0, 9.0) for angle in (0, 33, 90, -170)]


@pytest.mark.parametrize("view", VIEWS)
def test_places_there_and_back(view) -> None:
    assert view.to_document(view.place(123.5, -40.25)) == pytest.approx((123.5, -40.25))
    turned, place = view.turn.map(view.flat.place(17, 5)), view.place(17, 5)
    assert (turned.x(), turned.y()) == pytest.approx((place.x(), place.y()))


@pytest.mark.parametrize("view", VIEWS)
def test_zooming_and_turning_hold_what_is_under_the_pointer(view) -> None:
    at = QPointF(210, 77)
    for other in (view.zoomed(view.zoom * 1.7, at), view.turned(view.angle + 41, at)):
        assert other.to_document(at) == pytest.approx(view.to_document(at))


def test_an_angle_is_kept_within_half_a_turn() -> None:
    at = QPointF(0, 0)
    angles = [View().turned(angle, at).angle for angle in (190, -190, 360, 0.01, 180, 540)]
    assert angles == [-170, 170, 0, 0, 180, 180]


def test_quarters_of_a_turn_are_exact() -> None:
    place = View(2.0, 10.0, 20.0, 90.0).place(3, 4)
    assert (place.x(), place.y()) == (10.0 - 8.0, 20.0 + 6.0)


def test_a_turned_document_is_fitted_whole() -> None:
    area = QRectF(0, 0, 800, 500)
    for angle in (0.0, 30.0, 90.0, -135.0):
        view = fitted(Size(1000, 400), area, angle=angle)
        assert area.contains(view.to_widget(Rect(0, 0, 1000, 400)))
        assert view.angle == angle


def test_what_is_around_a_part_of_the_widget() -> None:
    view = centred(Size(100, 100), QRectF(0, 0, 100, 100), 1.0, 45.0)
    x0, y0, x1, y1 = view.around(QRectF(0, 0, 100, 100))
    assert (x1 - x0, y1 - y0) == pytest.approx((141.42, 141.42), abs=0.01)


def test_some_of_the_document_stays_in_sight() -> None:
    area = QSizeF(300, 300)
    for angle in (0.0, 60.0):
        view = View(1.0, 9000, 9000, angle).kept(Size(100, 100), area)
        box = view.to_widget(Rect(0, 0, 100, 100)).intersected(QRectF(0, 0, 300, 300))
        assert box.width() == pytest.approx(64)
        assert box.height() == pytest.approx(64)
