"""Stale layers are made again from the bottom up, and locked ones not at all."""

from dataclasses import replace

import numpy as np

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import Locks, PixelLayer
from editor.edits.pixels import PaintPixels
from editor.generation import Asked, Refresh, order_for, placed, stale_layers
from generator.backends.drawn import drawn
from generator.request import GeneratedLayer, GenerationResult, Task

DAB = np.full((9, 9, 4), 255, np.uint8)


def result_of(order) -> GenerationResult:
    request = order.request
    layers = tuple(
        GeneratedLayer(role, each, request.seed) for role, each in drawn(request, request.seed)
    )
    return GenerationResult(request.job, layers, request.model, "abc", 8, 3.0, 0.1)


def stacked(document: Document) -> tuple[Document, list]:
    """Three foregrounds, each on all that was there before."""
    ids = []
    for seed in (1, 2, 3):
        order = order_for(document, (), Asked(f"cup {seed}", seed, Task.FOREGROUND))
        done = placed(order, result_of(order))
        document = done.edit.apply(document)
        ids.append(done.layer)
    return document, ids


def refreshed(document: Document) -> tuple[Refresh, list]:
    refresh, order_made = Refresh(document), []
    while (layer := refresh.next_layer()) is not None:
        order = refresh.order(layer)
        refresh = refresh.with_result(layer, order, result_of(order))
        order_made.append(layer)
    return refresh, order_made


def test_all_that_followed_from_a_change_is_made_again_bottom_up(document) -> None:
    whole, ids = stacked(document)
    painted = PaintPixels("ground", Point(3, 3), DAB).apply(whole)
    assert stale_layers(painted) == set(ids)
    refresh, made = refreshed(painted)
    assert made == ids
    assert stale_layers(refresh.document) == frozenset()
    after = refresh.edit.apply(painted)
    assert [layer.id for layer in after.layers] == [layer.id for layer in whole.layers]
    for layer_id in ids:
        layer = after.find(layer_id)
        assert isinstance(layer, PixelLayer)
        assert len(layer.variants) == 2
    assert after.find("ground") is painted.find("ground")


def test_the_order_is_that_of_what_was_made_from_what_not_of_the_stack(document) -> None:
    whole, ids = stacked(document)
    low, high = whole.find(ids[0]), whole.find(ids[1])
    swapped = replace(
        whole, layers=tuple({low.id: high, high.id: low}.get(x.id, x) for x in whole.layers)
    )
    painted = PaintPixels("ground", Point(3, 3), DAB).apply(swapped)
    _, made = refreshed(painted)
    assert made == ids


def test_a_locked_layer_is_never_touched_and_the_others_are_made(document) -> None:
    whole, ids = stacked(document)
    locked = whole.replaced(ids[1], lambda each: replace(each, locks=Locks(position=True)))
    painted = PaintPixels("ground", Point(3, 3), DAB).apply(locked)
    refresh, made = refreshed(painted)
    assert made == [ids[0], ids[2]]
    assert refresh.document.find(ids[1]) is locked.find(ids[1])


def test_what_is_left_out_is_not_asked_for_again(document) -> None:
    whole, ids = stacked(document)
    painted = PaintPixels("ground", Point(3, 3), DAB).apply(whole)
    refresh = Refresh(painted)
    first = refresh.next_layer()
    assert first == ids[0]
    assert refresh.without(first).next_layer() == ids[1]


def test_nothing_stale_is_nothing_to_do(document) -> None:
    assert Refresh(stacked(document)[0]).next_layer() is None
