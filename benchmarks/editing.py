"""What editing costs: dabs, strokes, fills, selections, transforms, each beside a memory copy.

`python -m benchmarks.editing` prints CPU milliseconds of this thread, medians, and for each how
many copies of the same bytes take as long. What ends in paint is measured in a window without a
screen. `--small` only sees that it works.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

SIDE, LAYERS = 4096, 20
DAB = 256
Work = Callable[[], object]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args()
    from editor.render import native

    native.prepare().join()
    side, layers = (512, 3) if options.small else (SIDE, LAYERS)
    times = 3 if options.small else 25
    print(f"{'':44}{'ms':>9}{'copies':>9}")
    tiles(times)
    areas(side, 1 if options.small else 3)
    window(side, layers, times)
    return 0


def row(name: str, run: Work, size_bytes: int, times: int) -> None:
    """Print the median of one thing, and of copying so many bytes."""
    source = np.ones(size_bytes, np.uint8)
    took, copied = measured(run, times), measured(source.copy, times)
    print(f"{name:44}{took:9.3f}{took / max(copied, 1e-6):9.1f}")


def measured(run: Work, times: int) -> float:
    """Return the median of this thread's CPU time, in ms."""
    run()
    found = []
    for _ in range(times):
        began = time.thread_time()
        run()
        found.append((time.thread_time() - began) * 1000)
    return statistics.median(found)


def tiles(times: int) -> None:
    """A dab of 256 pixels on the nine tiles that it touches."""
    from editor.render.painting import Paint, laid, stamp

    covers = {(x, y): np.zeros((128, 128), np.float32) for x in range(3) for y in range(3)}
    base = np.random.default_rng(0).integers(0, 256, (128, 128, 4), np.uint8)
    dab = np.array([(190.3, 190.7, DAB / 2, 60, 0.5)], np.float32)

    def paint() -> None:
        for (x, y), cover in covers.items():
            stamp(cover, (128 * x, 128 * y), dab)
            laid(base, cover, None, Paint((255, 0, 0), 0.8))

    row("a soft dab of 256 px, target 0.55", paint, 9 * base.nbytes, times)


def areas(side: int, times: int) -> None:
    """What touches many pixels at once."""
    from editor.document.geometry import Point, Rect
    from editor.document.pixels import Coverage, Pixels
    from editor.render import regions
    from editor.render.fills import Gradient, GradientKind, Plain, filled, lifted, pasted
    from editor.render.flood import similar
    from editor.render.outlines import ellipse
    from editor.render.transforming import Interpolation, extent, transformed

    canvas = Rect(0, 0, side, side)
    whole, all_bytes = Coverage.of_rect(canvas), side * side * 4
    y, x = np.mgrid[:side, :side]
    picture = np.zeros((side, side, 4), np.uint8)
    picture[..., 0] = (np.sin(x / 200) + np.cos(y / 150)) * 60 + 120
    picture[..., 3] = 255
    pixels = Pixels.from_array(picture)
    row("magic wand over all", lambda: similar(
        pixels.read, canvas, Point(side // 2, side // 2), 32, contiguous=True
    ), all_bytes, times)  # fmt: skip
    disk = ellipse(canvas.grown(-side // 8), canvas)
    row("grow by 10", lambda: regions.grown(disk, 10, canvas), side * side, times)
    row("feather by 10", lambda: regions.feathered(disk, 10, canvas), side * side, times)
    fade = Gradient(GradientKind.LINEAR, (0, 0), (side, side), (0, 0, 0, 255), (255, 9, 9, 0))
    for name, fill in (("fill", Plain((9, 9, 9, 255))), ("gradient to transparent", fade)):
        row(f"{name} over all", lambda fill=fill: filled(
            pixels, Point(0, 0), fill, whole, keep_alpha=False
        ), all_bytes, times)  # fmt: skip
    part = ellipse(Rect(side // 4, side // 4, side // 4 + 400, side // 4 + 400), canvas)
    floating = lifted(pixels, Point(0, 0), part)
    row("400 px floating, laid down", lambda: pasted(pixels, floating, 7, 9), 640_000, times)
    small = np.ascontiguousarray(picture[: min(1000, side), : min(1000, side)])
    affine = (0.9, -0.3, 0.0, 0.3, 0.9, 0.0)
    rect = extent(affine, Rect(0, 0, small.shape[1], small.shape[0]))
    for how in Interpolation:
        row(f"1000 px turned, {how}", lambda how=how: transformed(
            small, (0, 0), affine, rect, how
        ), small.nbytes, times)  # fmt: skip


def window(side: int, layers: int, times: int) -> None:
    """From a pointer event to the painted canvas, and frames with a selection."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from editor.ui.lasting import make_lasting
    from editor.ui.theme import apply_theme, load_theme
    from editor.ui.window import Window
    from editor.workspace import Workspace

    make_lasting()
    app = QApplication.instance() or QApplication([])
    apply_theme(app, load_theme("dark"))
    shown = Window()
    shown.resize(1920, 1080)
    shown.show()
    shown.desk.open(Workspace(noise(side, layers)))
    shown.canvas.zoom_to(1.0)
    settle(app, 0.5 if side < SIDE else 5.0)
    stroke(app, shown, layers, times)
    frames(app, shown, times)
    sys.stdout.flush()
    os._exit(0)  # without waiting for what still goes on in the background


def stroke(app: Any, shown: Any, layers: int, times: int) -> None:
    """Draw with a large soft brush, and take it back."""
    from editor.tools.tool import PointerEvent

    shown.tools.choose("brush")
    shown.tools.set_number("size", DAB)
    canvas, front = shown.canvas, shown.desk.front
    gestures, place = canvas._gestures, list(canvas.view.to_document(canvas.rect().center()))
    place[0] -= times * 12

    def event() -> PointerEvent:
        place[0] += 25
        return PointerEvent(place[0], place[1], 0, 0)

    def move() -> None:
        gestures.move(event())
        app.processEvents()

    gestures.press(event())
    dab_bytes = (2 * DAB) ** 2 * 4
    row(f"event to painted, {layers} layers, target 4", move, dab_bytes, times)
    gestures.release(event())
    row("undo and redo of the stroke", lambda: (front.undo(), front.redo()), dab_bytes, 3)


def frames(app: Any, shown: Any, times: int) -> None:
    """Paint the whole canvas, without and with a selection."""
    from editor.document.geometry import Rect
    from editor.edits.selection import SetSelection
    from editor.render.outlines import ellipse

    canvas, front = shown.canvas, shown.desk.front
    frame_bytes = canvas.width() * canvas.height() * 4
    row("frame, target 5", canvas.repaint, frame_bytes, times)
    size = front.document.rect
    region = ellipse(Rect(100, 100, size.x1 - 100, size.y1 - 100), size)
    canvas.fit()
    settle(app, 1.0)
    row("frame of all, made smaller", canvas.repaint, frame_bytes, times)
    front.do(SetSelection(region), "Select")
    settle(app, 0.5)
    row("frame with a selection", canvas.repaint, frame_bytes, times)

    def step() -> None:
        canvas._ants._on_step()
        app.processEvents()

    row("a step of its edge, painted", step, frame_bytes, times)


def noise(side: int, layers: int) -> Any:
    """A document of layers of noise, which share their tiles."""
    from editor.document.document import Document
    from editor.document.geometry import Size
    from editor.document.layer import PixelLayer, new_layer_id
    from editor.document.pixels import Pixels

    stock = np.random.default_rng(0).integers(0, 256, (16, 128, 128, 4), np.uint8)
    stock.flags.writeable = False
    keys = [(x, y) for x in range(side // 128) for y in range(side // 128)]

    def layer(number: int) -> PixelLayer:
        tiles = {(x, y): stock[(x * 7 + y * 3 + number) % 16] for x, y in keys}
        name, opacity = str(number), 204 / 255
        return PixelLayer(id=new_layer_id(), name=name, opacity=opacity, pixels=Pixels(tiles))

    return Document(size=Size(side, side), layers=tuple(map(layer, range(layers))))


def settle(app: Any, seconds: float) -> None:
    """Let the background do its work."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.002)


if __name__ == "__main__":
    sys.exit(main())
