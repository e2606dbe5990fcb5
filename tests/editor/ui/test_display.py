"""What is on screen is the document, whatever was done to it; on a dense screen as well."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from editor.document.geometry import Point, Size
from editor.document.layer import BlendMode, new_layer_id
from editor.document.pixels import Coverage, Pixels
from editor.edits.canvas import ResizeCanvas
from editor.edits.layers import AddLayers, MoveLayers, OffsetLayers, RemoveLayers, place_above
from editor.edits.properties import SetBlendMode, SetMask, SetOpacity, SetVisible
from editor.ui.canvas import Canvas
from editor.ui.display import Display
from editor.ui.qimage import rgba_from_image
from editor.workspace import Workspace

PROJECT = Path(__file__).resolve().parents[3]


def noise(side: int, seed: int) -> Pixels:
    return Pixels.from_array(
        np.random.default_rng(seed).integers(0, 256, (side, side, 4), np.uint8)
    )


@pytest.fixture
def workspace(opened, build, window):
    layers = [
        replace(build.layer(name, at=(40 * index, 30 * index)), pixels=noise(200, index))
        for index, name in enumerate("abc")
    ]
    made = opened(*layers, size=(420, 330))
    window.tools.choose("hand")  # no frame lies over the picture
    return made


@pytest.fixture
def grabbed(window, workspace, qtbot):
    """What is on screen when all has been composited; of a canvas, or of one made anew."""

    def grab(canvas) -> np.ndarray:
        # an edit of many tiles is worked out in a thread
        qtbot.waitUntil(lambda: not workspace.is_working, timeout=20000)
        qtbot.waitUntil(lambda: not window.background.is_busy, timeout=20000)
        return rgba_from_image(canvas.grab().toImage())

    def grabbed_(*, anew: bool) -> np.ndarray:
        if not anew:
            return grab(window.canvas)
        display = Display(workspace.document, window.background, window)
        canvas = Canvas(workspace, window.tools, display, window.aids)
        qtbot.addWidget(canvas)
        canvas.resize(window.canvas.size())
        canvas.grab()  # places it a first time
        canvas.show_view(window.canvas.view)
        return grab(canvas)

    return grabbed_


def edits(workspace: Workspace):
    """One edit after the other, each of the document as it is then."""
    a, b, c = (layer.id for layer in workspace.document.layers)
    mask = np.random.default_rng(3).integers(0, 256, (200, 200), np.uint8)
    yield SetOpacity(b, 0.4)
    yield SetBlendMode(c, BlendMode.SOFT_LIGHT)
    yield OffsetLayers((b,), 37, -21)
    yield SetMask(c, _mask(Coverage.from_array(mask, Point(90, 90), 255)))
    yield MoveLayers((a,), place_above(workspace.document, c))
    yield SetVisible(b, False)
    copy = replace(workspace.document.find(a), id=new_layer_id(), offset=Point(190, 110))
    yield AddLayers((copy,), place_above(workspace.document, c))
    yield ResizeCanvas(Size(380, 390), Point(-30, 40))
    yield SetVisible(b, True)
    yield RemoveLayers((c,))


def _mask(coverage: Coverage):
    from editor.document.layer import Mask

    return Mask(coverage)


@pytest.mark.parametrize(("zoom", "angle"), [(0.4, 0.0), (2.6, 0.0), (0.9, 24.0)])
def test_no_tile_is_stale_after_any_edit(window, workspace, grabbed, zoom, angle) -> None:
    canvas = window.canvas
    canvas.zoom_to(zoom)
    canvas.show_view(canvas.view.turned(angle, canvas.free_area.center()))
    shown = grabbed(anew=False)
    for edit in edits(workspace):
        workspace.do(edit, "Edit")
        before, shown = shown, grabbed(anew=False)
        assert not np.array_equal(before, shown), edit
        assert np.array_equal(shown, grabbed(anew=True)), edit
    for name in ("edit.undo", "edit.redo"):
        while window.actions_by_id[name].isEnabled():
            window.actions_by_id[name].trigger()
        assert np.array_equal(grabbed(anew=False), grabbed(anew=True)), name


def test_a_gesture_leaves_no_stale_tile(window, workspace, grabbed) -> None:
    window.canvas.zoom_to(0.4)
    b = workspace.document.layers[1].id
    for _ in range(25):  # faster than it is composited
        workspace.preview(OffsetLayers((b,), 5, 3))
    workspace.commit("Move")
    assert np.array_equal(grabbed(anew=False), grabbed(anew=True))
    workspace.preview(OffsetLayers((b,), 50, 3))
    workspace.cancel()
    assert np.array_equal(grabbed(anew=False), grabbed(anew=True))


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_dense_screen_shows_a_pixel_as_a_pixel(ratio) -> None:
    """In a process of its own: Qt reads the scale once."""
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": str(ratio),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join((str(PROJECT), str(Path(__file__).parent))),
    }
    code = "import dense_screen; dense_screen.main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["ratio", f"{ratio}.0", "exact"]
