"""Run by a test in a process of its own scale: a canvas at 100 %, compared pixel by pixel."""

import sys

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.document.document import Document
from editor.document.geometry import Size
from editor.render.composite import composite
from editor.ui.aids import Aids
from editor.ui.background import Background
from editor.ui.canvas import Canvas
from editor.ui.display import Display
from editor.ui.lasting import make_lasting
from editor.ui.placing import layer_of_pixels
from editor.ui.qimage import rgba_from_image
from editor.ui.theme import apply_theme, load_theme
from editor.ui.tool_box import ToolBox
from editor.workspace import Workspace


def main() -> None:
    """Show noise at one device pixel a pixel, and say whether it is what is on the screen."""
    make_lasting()
    app = QApplication([])
    apply_theme(app, load_theme("dark"))
    pixels = np.random.default_rng(1).integers(0, 256, (300, 400, 4), np.uint8)
    pixels[..., 3] = 255
    document = Document(size=Size(400, 300), layers=(layer_of_pixels(pixels, "noise"),))
    workspace, tools, background = Workspace(document), ToolBox(), Background(1)
    tools.choose("hand")
    canvas = Canvas(workspace, tools, Display(document, background, background), Aids())
    canvas.resize(500, 400)
    canvas.show()
    canvas.zoom_to(1.0)
    ratio = canvas.devicePixelRatioF()
    for _ in range(300):
        QTest.qWait(20)
        if not background.is_busy:
            break
    shown = rgba_from_image(canvas.grab().toImage())
    corner = canvas.view.place(0, 0) * ratio
    x, y = round(corner.x()), round(corner.y())
    expected = composite(document, document.rect)
    same = np.array_equal(shown[y : y + 300, x : x + 400, :3], expected[..., :3])
    there = canvas.view.to_document(QPointF(x + 10, y + 10) / ratio)
    same = same and np.allclose(there, (10, 10), atol=1)
    sys.stdout.write(f"ratio {ratio} {'exact' if same else 'different'}\n")
