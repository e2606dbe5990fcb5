"""What the screen was last told to show, once all is quiet, is what a fresh look shows.

A widget's `grab` paints everything anew, and so hides a part that nobody asked to be painted again:
here the window's own memory is looked at.
"""

import random
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from editor.document.geometry import Point
from editor.document.layer import BlendMode
from editor.document.pixels import Pixels
from editor.edits.layers import OffsetLayers
from editor.edits.pixels import PaintPixels
from editor.edits.properties import SetBlendMode, SetOpacity, SetVisible
from editor.ui.canvas import Canvas
from editor.ui.display import Display
from editor.ui.qimage import rgba_from_image

VIEWS = [(0.33, 0.0), (0.67, 0.0), (1.0, 0.0), (8.0, 0.0), (0.67, 24.0), (1.0, 90.0)]


def on_screen(widget: QWidget) -> np.ndarray:
    """What is in the window's memory where a widget is; nothing is painted for it."""
    window = widget.window()
    image = window.backingStore().paintDevice()
    assert isinstance(image, QImage)
    at = widget.mapTo(window, QPoint(0, 0))
    return rgba_from_image(image.copy(QRect(at, widget.size())))


def clouds(side: int, seed: int) -> Pixels:
    """Soft colours without an edge."""
    few = np.random.default_rng(seed).integers(0, 256, (12, 12, 4), np.uint8)
    soft = Image.fromarray(few).resize((side, side), Image.Resampling.BILINEAR)
    return Pixels.from_array(np.array(soft))


@pytest.fixture
def workspace(opened, build, window):
    layers = [
        replace(build.layer(name, at=(70 * index, 50 * index)), pixels=clouds(230, index))
        for index, name in enumerate("abc")
    ]
    made = opened(*layers, size=(400, 340))
    window.tools.choose("hand")  # no frame lies over the picture
    window.show_prompt(shown=False)  # nor the bar
    return made


def settle(window, qtbot) -> None:
    qtbot.waitUntil(lambda: not window.background.is_busy, timeout=20000)
    for _ in range(3):
        QApplication.processEvents()


def fresh(window, workspace, qtbot) -> np.ndarray:
    display = Display(workspace.document, window.background, window)
    canvas = Canvas(workspace, window.tools, display, window.aids)
    canvas.resize(window.canvas.size())
    canvas.grab()  # places it a first time
    canvas.show_view(window.canvas.view)
    settle(window, qtbot)
    shown = rgba_from_image(canvas.grab().toImage())
    canvas.close_display()
    canvas.deleteLater()  # else it hears of the next edits without a display
    return shown


def edit_of(chosen: random.Random, workspace):
    layer = chosen.choice(workspace.document.layers).id
    dab = np.full((40, 40, 4), chosen.randrange(256), np.uint8)
    return chosen.choice(
        (
            SetOpacity(layer, chosen.randrange(1, 256) / 255),
            SetBlendMode(layer, chosen.choice((BlendMode.NORMAL, BlendMode.MULTIPLY))),
            SetVisible(layer, chosen.random() < 0.7),
            OffsetLayers((layer,), chosen.randrange(-30, 30), chosen.randrange(-30, 30)),
            PaintPixels(layer, Point(chosen.randrange(350), chosen.randrange(300)), dab),
        )
    )


def act(chosen: random.Random, window, workspace, zoom: float) -> None:
    """Do one thing, as the hand of one who does not wait."""
    canvas = window.canvas
    match chosen.randrange(6):
        case 0:
            canvas.show_view(canvas.view.scrolled(chosen.randrange(-90, 90), 40))
        case 1:
            canvas.zoom_to(zoom * chosen.choice((0.5, 2.0)))
            QApplication.processEvents()
            canvas.zoom_to(zoom)
        case 2 if workspace.history.can_undo:
            workspace.undo()
        case _:
            workspace.do(edit_of(chosen, workspace), "Edit")
    if chosen.random() < 0.6:
        QApplication.processEvents()


@pytest.mark.parametrize(("zoom", "angle"), VIEWS)
def test_the_screen_shows_the_document_when_all_is_quiet(
    window, workspace, qtbot, zoom, angle
) -> None:
    chosen = random.Random(f"{zoom} {angle}")
    canvas = window.canvas
    canvas.zoom_to(zoom)
    canvas.show_view(canvas.view.turned(angle, canvas.free_area.center()))
    for _ in range(3):
        for _ in range(8):
            act(chosen, window, workspace, zoom)
        settle(window, qtbot)
        shown, wanted = on_screen(canvas), fresh(window, workspace, qtbot)
        if angle % 90:
            # Qt mixes the pixels of slanted pictures a little differently with each part it paints.
            far = (np.abs(shown.astype(int) - wanted) > 32).any(axis=-1)
            assert np.count_nonzero(far) < 100
        else:
            assert np.array_equal(shown, wanted)
