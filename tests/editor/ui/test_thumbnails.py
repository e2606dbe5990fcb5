"""Thumbnails of pictures of any extent, from a few of their pixels."""

import tracemalloc

import numpy as np
import pytest

from editor.document.geometry import Point, Rect
from editor.document.pixels import Coverage, Pixels
from editor.ui import thumbnails
from editor.ui.background import Background
from editor.ui.thumbnails import Thumbnails, sampled


@pytest.mark.parametrize("at", [Point(0, 0), Point(-77, 53)])
@pytest.mark.parametrize("most", [13, 100, 5000])
def test_samples_are_every_nth_pixel(at: Point, most: int) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (301, 517, 4), np.uint8)
    pixels, rect = Pixels.from_array(noise, at), Rect(at.x, at.y, at.x + 517, at.y + 301)
    step = max(1, -(-517 // most))
    assert np.array_equal(sampled(pixels, rect, most), noise[::step, ::step])
    coverage = Coverage.from_array(noise[..., 0], at, 255)
    assert np.array_equal(sampled(coverage, rect, most), noise[::step, ::step, 0])
    wider = Rect(rect.x0 - 300, rect.y0, rect.x1, rect.y1)
    step = max(1, -(-817 // most))
    assert np.array_equal(sampled(coverage, wider, most), coverage.read(wider)[::step, ::step])


def test_two_dots_far_apart_take_no_memory() -> None:
    dot = np.full((600, 600, 4), 255, np.uint8)
    pixels = Pixels.from_array(dot).written(dot, Point(60_000, 40_000))
    tracemalloc.start()
    seen = sampled(pixels, pixels.content, 288)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen.shape[:2] <= (288, 288)
    assert seen[0, 0, 3] == 255
    assert seen[-1, -1, 3] == 255
    assert not seen[100, 100].any()
    assert most < 4 << 20


def test_what_was_shown_once_is_not_kept_for_ever(qtbot, dark, build, monkeypatch) -> None:
    monkeypatch.setattr(thumbnails, "MOST_LAST", 5)
    background = Background(1)
    made = Thumbnails(background)
    layers = [build.layer(f"layer {n}") for n in range(9)]
    for layer in layers:
        made.of_layer(layer)
    qtbot.waitUntil(lambda: made.of_layer(layers[-1]) is not None, timeout=20000)
    assert len(made._last) == 5
    background.wait()
