"""Points, sizes and rectangles in whole pixels; rectangles are half-open: x0 <= x < x1."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Point(NamedTuple):
    """A place, x to the right and y down."""

    x: int
    y: int


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


class Rect(NamedTuple):
    """Half-open rectangle. One with no pixels is empty; empty rects unite and meet sensibly."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Pixels across, never negative."""
        return max(0, self.x1 - self.x0)

    @property
    def height(self) -> int:
        """Pixels down, never negative."""
        return max(0, self.y1 - self.y0)

    @property
    def size(self) -> Size:
        """Width and height."""
        return Size(self.width, self.height)

    @property
    def is_empty(self) -> bool:
        """Whether there is no pixel inside."""
        return self.x1 <= self.x0 or self.y1 <= self.y0

    def moved(self, dx: int, dy: int) -> "Rect":
        """Return the rect shifted by whole pixels."""
        return Rect(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def grown(self, by: int) -> "Rect":
        """Return the rect with `by` pixels more on every side."""
        return Rect(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def met(self, other: "Rect") -> "Rect":
        """Return what both have in common, `EMPTY` where that is nothing."""
        rect = Rect(
            max(self.x0, other.x0),
            max(self.y0, other.y0),
            min(self.x1, other.x1),
            min(self.y1, other.y1),
        )
        return EMPTY if rect.is_empty else rect

    def united(self, other: "Rect") -> "Rect":
        """Return the smallest rect around both."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        return Rect(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether the place is inside."""
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1


EMPTY = Rect(0, 0, 0, 0)


def rect_of(size: Size, at: Point = Point(0, 0)) -> Rect:
    """Return the rect of that size with its upper left corner at a point."""
    return Rect(at.x, at.y, at.x + size.width, at.y + size.height)


def union(rects: Iterable[Rect]) -> Rect:
    """Return the smallest rect around all, `EMPTY` for none."""
    result = EMPTY
    for rect in rects:
        result = result.united(rect)
    return result


def cells(rect: Rect, side: int) -> Iterator[tuple[int, int]]:
    """Yield (column, row) of every cell of a square grid that the rect touches, row by row."""
    if rect.is_empty:
        return
    for row in range(rect.y0 // side, -(-rect.y1 // side)):
        for column in range(rect.x0 // side, -(-rect.x1 // side)):
            yield column, row
