"""Layers lined up along an edge or a middle, and spread out evenly."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from editor.document.document import Document
from editor.document.geometry import Rect, union
from editor.document.layer import LayerId
from editor.edits.edit import EditError, found
from editor.edits.layers import OffsetLayers, outermost


class Edge(StrEnum):
    """What of the layers is to lie on one line."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


ACROSS = (Edge.LEFT, Edge.CENTRE, Edge.RIGHT)


@dataclass(frozen=True, slots=True)
class AlignLayers:
    """Line layers up: with the selection, else one with the canvas, several among themselves."""

    layers: tuple[LayerId, ...]
    edge: Edge
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layers moved by whole pixels; empty ones stay."""
        rects = _rects(document, self.layers)
        frame = document.rect if len(rects) == 1 else union(rects.values())
        if document.selection is not None:
            frame = document.selection.content
        for layer_id, rect in rects.items():
            by = _line(frame, self.edge) - _line(rect, self.edge)
            by = int(by // 1)
            across = self.edge in ACROSS
            move = OffsetLayers((layer_id,), by if across else 0, 0 if across else by)
            document = move.apply(document)
        return document


@dataclass(frozen=True, slots=True)
class DistributeLayers:
    """Move the layers between the two outermost so that their middles are evenly far apart."""

    layers: tuple[LayerId, ...]
    across: bool  # from left to right, else from top to bottom
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with three layers or more spread out."""
        rects = _rects(document, self.layers)
        if len(rects) < 3:
            raise EditError("Choose three layers or more to distribute.")
        edge = Edge.CENTRE if self.across else Edge.MIDDLE
        order = sorted(rects, key=lambda each: _line(rects[each], edge))
        first, last = _line(rects[order[0]], edge), _line(rects[order[-1]], edge)
        for index, layer_id in enumerate(order):
            place = first + (last - first) * index / (len(order) - 1)
            by = round(place - _line(rects[layer_id], edge))
            move = OffsetLayers((layer_id,), by if self.across else 0, 0 if self.across else by)
            document = move.apply(document) if by else document
        return document


def _rects(document: Document, layers: tuple[LayerId, ...]) -> dict[LayerId, Rect]:
    rects = {each: found(document, each).rect for each in outermost(document, layers)}
    rects = {each: rect for each, rect in rects.items() if not rect.is_empty}
    if not rects:
        raise EditError("The layers are empty.")
    return rects


def _line(rect: Rect, edge: Edge) -> float:
    match edge:
        case Edge.LEFT:
            return rect.x0
        case Edge.CENTRE:
            return (rect.x0 + rect.x1) / 2
        case Edge.RIGHT:
            return rect.x1
        case Edge.TOP:
            return rect.y0
        case Edge.MIDDLE:
            return (rect.y0 + rect.y1) / 2
        case Edge.BOTTOM:
            return rect.y1
