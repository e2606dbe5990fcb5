"""Lines to align to, and how far what is moved has to go to lie on one: numbers alone.

The lines are guides, the canvas's edges and middle, and those of the other layers that are shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from editor.document.document import Document, Guide, Orientation
from editor.document.geometry import Rect
from editor.document.layer import Layer, LayerId

MOST_LAYERS = 400  # of a document with more, only its guides and its canvas count


@dataclass(frozen=True, slots=True)
class Lines:
    """Distances from the left and from the top edge, in document pixels, each once."""

    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Snap:
    """How far to go in document pixels, and the lines that are then met."""

    dx: float = 0.0
    dy: float = 0.0
    met: tuple[Guide, ...] = ()


NONE = Snap()


def lines_of(
    document: Document, without: frozenset[LayerId] = frozenset(), *, guides: bool = True
) -> Lines:
    """Return what there is to align to, except the layers that are moved themselves."""
    xs, ys = places(document.rect)
    others = list(_shown(document.layers, without))
    for layer in others if len(others) <= MOST_LAYERS else ():
        if not layer.rect.is_empty:
            more_xs, more_ys = places(layer.rect)
            xs, ys = xs + more_xs, ys + more_ys
    for orientation, position in document.guides if guides else ():
        if orientation is Orientation.VERTICAL:
            xs += (position,)
        else:
            ys += (position,)
    return Lines(tuple(dict.fromkeys(xs)), tuple(dict.fromkeys(ys)))


def snapped(xs: Iterable[float], ys: Iterable[float], lines: Lines, reach: float) -> Snap:
    """Return the shift that brings one of some places onto a line, if one is within reach.

    `xs` and `ys` are places of what is moved: edges and middle, or the pointer alone.
    """
    xs, ys = tuple(xs), tuple(ys)
    dx, dy = _nearest(xs, lines.xs, reach), _nearest(ys, lines.ys, reach)
    met = []
    if dx is not None:
        met += [Guide(Orientation.VERTICAL, x) for x in lines.xs if _is_met(x, xs, dx)]
    if dy is not None:
        met += [Guide(Orientation.HORIZONTAL, y) for y in lines.ys if _is_met(y, ys, dy)]
    return Snap(dx or 0.0, dy or 0.0, tuple(met))


def places(rect: Rect) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the places of a rect that lie on lines: its edges and its middle, each way."""
    x0, y0, x1, y1 = (float(each) for each in rect)
    return (x0, (x0 + x1) / 2, x1), (y0, (y0 + y1) / 2, y1)


def _shown(layers: Iterable[Layer], without: frozenset[LayerId]) -> Iterator[Layer]:
    return (layer for layer in layers if layer.visible and layer.id not in without)


def _nearest(places: tuple[float, ...], lines: tuple[float, ...], reach: float) -> float | None:
    distances = [line - place for place in places for line in lines]
    least = min(distances, key=abs, default=None)
    return None if least is None or abs(least) > reach else least


def _is_met(line: float, places: tuple[float, ...], by: float) -> bool:
    return any(abs(line - place - by) < 1e-6 for place in places)
