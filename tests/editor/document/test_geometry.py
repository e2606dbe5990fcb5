from editor.document.geometry import EMPTY, Point, Rect, Size, cells, rect_of, union


def test_meeting_and_uniting() -> None:
    a, b = Rect(0, 0, 10, 10), Rect(5, -5, 20, 3)
    assert a.met(b) == Rect(5, 0, 10, 3)
    assert a.united(b) == Rect(0, -5, 20, 10)
    assert a.met(Rect(10, 0, 12, 5)) == EMPTY
    assert a.united(EMPTY) == EMPTY.united(a) == a
    assert union([]) == EMPTY


def test_rects_are_half_open() -> None:
    rect = rect_of(Size(2, 3), Point(-1, 4))
    assert rect == Rect(-1, 4, 1, 7)
    assert rect.holds(-1, 4)
    assert not rect.holds(1, 4)
    assert rect.grown(1).size == Size(4, 5)


def test_cells_cover_negative_places_too() -> None:
    assert list(cells(Rect(-1, 0, 129, 128), 128)) == [(-1, 0), (0, 0), (1, 0)]
    assert list(cells(EMPTY, 128)) == []
