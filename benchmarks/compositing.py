"""Compositing against QPainter and Pillow, in one run: only the ratios may be compared with others.

Times are CPU time, the best of several rounds, except where threads are compared.
`python benchmarks/compositing.py [--small] [--size 4096] [--layers 4]`
"""

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage, QPainter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from editor.document.document import Document
from editor.document.geometry import Rect, Size, cells
from editor.document.layer import BlendMode, PixelLayer, new_layer_id
from editor.document.pixels import RGBA8, TILE, Pixels
from editor.render import by_reference, native
from editor.render.cache import TileCache
from editor.render.composite import composite
from editor.render.program import plan, steps_for

OPACITY = 0.8
MODES = {
    BlendMode.NORMAL: QPainter.CompositionMode.CompositionMode_SourceOver,
    BlendMode.MULTIPLY: QPainter.CompositionMode.CompositionMode_Multiply,
    BlendMode.SOFT_LIGHT: QPainter.CompositionMode.CompositionMode_SoftLight,
    BlendMode.HUE: None,  # QPainter has none
}
MIXED = [mode for mode in BlendMode if mode is not BlendMode.PASS_THROUGH]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", action="store_true", help="only see that it works")
    asked = parser.parse_args()
    if asked.small:
        asked.size, asked.layers, asked.rounds = 512, 2, 1
    started = time.perf_counter()
    native.prepare().join()
    assert native.ready(), "the kernels could not be compiled"
    print(f"kernels ready after {time.perf_counter() - started:.2f} s")
    rng = np.random.default_rng(0)
    shape = (asked.size, asked.size, 4)
    pictures = [rng.integers(0, 256, shape, dtype=np.uint8) for _ in range(asked.layers)]
    compare_engines(pictures, asked.rounds)
    compare_threads(pictures, asked.rounds)
    del pictures
    measure_dab(5 if asked.small else 60)


def compare_engines(pictures: list[RGBA8], rounds: int) -> None:
    """Print nanoseconds per pixel per layer of each engine."""
    pixels = len(pictures) * pictures[0].shape[0] * pictures[0].shape[1]
    images = [premultiplied_image(picture) for picture in pictures]
    tiled = [Pixels.from_array(picture) for picture in pictures]
    print(
        f"\nns per pixel per layer, {len(pictures)} layers of {pictures[0].shape[:2]}, {OPACITY=}"
    )
    print(
        f"{'mode':12}{'kernels':>9}{'QPainter':>10}{'ratio':>7}{'Pillow':>8}{'ratio':>7}{'numpy':>8}"
    )
    for mode, qt_mode in MODES.items():
        document = layered(tiled, [mode])
        ours, qt, pillow = [], [], []
        for _ in range(rounds):
            ours.append(cpu(lambda document=document: composite_all(document)))
            if qt_mode is not None:
                qt.append(cpu(lambda qt_mode=qt_mode: paint_all(images, qt_mode)))
            if mode is BlendMode.NORMAL:
                pillow.append(cpu(lambda: pillow_all(pictures)))
        reference = cpu(lambda document=document: reference_tile(document))
        row = f"{mode.value:12}{min(ours) / pixels:9.2f}"
        for peer, width in ((qt, 10), (pillow, 8)):
            shown = f"{min(peer) / pixels:.2f}" if peer else "-"
            ratio = f"{min(ours) / min(peer):.2f}" if peer else "-"
            row += f"{shown:>{width}}{ratio:>7}"
        print(f"{row}{reference / len(pictures) / TILE**2:8.0f}")


def compare_threads(pictures: list[RGBA8], rounds: int) -> None:
    """Print wall time of the whole document with one thread and with two."""
    document = layered([Pixels.from_array(picture) for picture in pictures], MIXED)
    alone, shared = [], []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            alone.append(wall(lambda: composite_all(document)))
            shared.append(wall(lambda: composite_all(document, pool)))
    print(f"\nwhole document, mixed modes: one thread {min(alone) / 1e6:.0f} ms, ", end="")
    print(f"two {min(shared) / 1e6:.0f} ms, {min(alone) / min(shared):.2f} x")


def measure_dab(rounds: int) -> None:
    """Print milliseconds to composite 256 x 256 pixels again, and to bring the mips up to date."""
    rng = np.random.default_rng(1)
    tiled = [
        Pixels.from_array(rng.integers(0, 256, (512, 512, 4), dtype=np.uint8)) for _ in range(20)
    ]
    keys = list(cells(Rect(0, 0, 256, 256), TILE))
    for name, modes in (("Normal", [BlendMode.NORMAL]), ("mixed", MIXED)):
        cache = TileCache(layered(tiled, modes))
        made = cache.work(keys).run()
        composited = min(cpu(lambda cache=cache: cache.work(keys).run()) for _ in range(rounds))
        mips = min(cpu(lambda cache=cache, made=made: cache.install(made)) for _ in range(rounds))
        print(f"256 x 256 of 20 {name} layers: {composited / 1e6:.2f} ms, ", end="")
        print(f"their mips: {mips / 1e6:.2f} ms")


def layered(tiled: list[Pixels], modes: list[BlendMode]) -> Document:
    """Return a document of those pictures, going round the modes."""
    layers = tuple(
        PixelLayer(
            id=new_layer_id(),
            name="",
            pixels=pixels,
            opacity=OPACITY,
            blend_mode=modes[index % len(modes)],
        )
        for index, pixels in enumerate(tiled)
    )
    rect = tiled[0].rect
    return Document(size=Size(rect.width, rect.height), layers=layers)


def composite_all(document: Document, pool: ThreadPoolExecutor | None = None) -> None:
    """Composite into one new picture, as QPainter and Pillow do."""
    composite(document, document.rect, pool)


def reference_tile(document: Document) -> None:
    """Composite one tile by the formulas."""
    by_reference.run(steps_for(plan(document.layers), (0, 0)), (0, 0))


def paint_all(images: list[QImage], mode: QPainter.CompositionMode) -> None:
    """Composite with QPainter into a transparent image."""
    out = QImage(images[0].size(), QImage.Format.Format_ARGB32_Premultiplied)
    out.fill(0)
    painter = QPainter(out)
    painter.setCompositionMode(mode)
    painter.setOpacity(OPACITY)
    for image in images:
        painter.drawImage(0, 0, image)
    painter.end()


def pillow_all(pictures: list[RGBA8]) -> None:
    """Composite with Pillow, which knows no opacity."""
    out = Image.new("RGBA", pictures[0].shape[1::-1])
    for picture in pictures:
        out = Image.alpha_composite(out, Image.fromarray(picture))


def premultiplied_image(picture: RGBA8) -> QImage:
    """Return a picture as QPainter likes it best."""
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_RGBA8888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU nanoseconds that work takes in all threads, for QPainter has its own."""
    started = time.process_time_ns()
    work()
    return time.process_time_ns() - started


def wall(work: Callable[[], object]) -> float:
    """Return the nanoseconds that work takes."""
    started = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - started


if __name__ == "__main__":
    main()
