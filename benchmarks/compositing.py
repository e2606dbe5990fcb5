"""Compositing against other engines, in one run: only the ratios may be compared with others.

Times are CPU time, the best of several rounds, except where threads are compared.
`python benchmarks/compositing.py [--small] [--size 4096] [--layers 4]`
"""

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyvips
import skia
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
MIXED = [mode for mode in BlendMode if mode is not BlendMode.PASS_THROUGH]

Engine = Callable[[], object]  # composites all layers into one new picture


@dataclass(frozen=True, slots=True)
class Peer:
    """Another engine: how pictures are made ready for it, untimed, and its names of our modes."""

    name: str
    prepared: Callable[[list[RGBA8]], list[Any]]  # Any: each engine's own kind of image
    painted: Callable[[list[Any], Any], object]
    modes: dict[BlendMode, Any]
    least: dict[BlendMode, float]  # how many times our time its time should be


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
    """Print nanoseconds per pixel per layer of each engine, and how many times ours that is."""
    pixels = len(pictures) * pictures[0].shape[0] * pictures[0].shape[1]
    peers = [(peer, peer.prepared(pictures)) for peer in PEERS]
    tiled = [Pixels.from_array(picture) for picture in pictures]
    size = pictures[0].shape[:2]
    print(f"\nns per pixel per layer, {len(pictures)} layers of {size}, {OPACITY=}; CPU time")
    heads = "".join(f"{peer.name:>11}{'x':>7}{'want':>6}" for peer in PEERS)
    print(f"{'mode':12}{'kernels':>9}{heads}{'numpy':>8}")
    for mode in (BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SOFT_LIGHT, BlendMode.HUE):
        document = layered(tiled, [mode])
        works: dict[str, Engine] = {"": lambda document=document: composite_all(document)}
        for peer, images in peers:
            if mode in peer.modes:
                works[peer.name] = partial(peer.painted, images, peer.modes[mode])
        taken = interleaved(works, rounds)
        row = f"{mode.value:12}{taken[''] / pixels:9.2f}"
        for peer in PEERS:
            if peer.name in taken:
                least = peer.least.get(mode, peer.least.get(BlendMode.NORMAL, 1))
                ratio = taken[peer.name] / taken[""]
                row += f"{taken[peer.name] / pixels:11.2f}{ratio:7.2f}{least:6.1f}"
            else:
                row += f"{'-':>11}{'':13}"
        reference = cpu(lambda document=document: reference_tile(document))
        print(f"{row}{reference / len(pictures) / TILE**2:8.0f}")


def interleaved(works: dict[str, Engine], rounds: int) -> dict[str, float]:
    """Return the least CPU nanoseconds of each, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(cpu(work))
    return {name: min(times) for name, times in taken.items()}


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


def premultiplied_images(pictures: list[RGBA8]) -> list[QImage]:
    """Return pictures as QPainter likes them best."""
    images = []
    for picture in pictures:
        height, width = picture.shape[:2]
        image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_RGBA8888)
        images.append(image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))
    return images


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


def skia_images(pictures: list[RGBA8]) -> list[skia.Image]:
    """Return pictures as Skia likes them best: premultiplied, in its own order of bytes."""
    images = []
    for picture in pictures:
        straight = skia.Image.fromarray(picture, skia.ColorType.kRGBA_8888_ColorType)
        surface = skia.Surface.MakeRasterN32Premul(straight.width(), straight.height())
        surface.getCanvas().drawImage(straight, 0, 0)
        images.append(surface.makeImageSnapshot())
    return images


def skia_all(images: list[skia.Image], mode: skia.BlendMode) -> None:
    """Composite with Skia's raster engine into a transparent surface."""
    surface = skia.Surface.MakeRasterN32Premul(images[0].width(), images[0].height())
    paint = skia.Paint(Alphaf=OPACITY, BlendMode=mode)
    for image in images:
        surface.getCanvas().drawImage(image, 0, 0, skia.SamplingOptions(), paint)
    surface.flushAndSubmit()


def vips_images(pictures: list[RGBA8]) -> list[pyvips.Image]:
    """Return pictures in libvips' hands."""
    return [
        pyvips.Image.new_from_array(picture, interpretation=pyvips.Interpretation.SRGB)
        for picture in pictures
    ]


def vips_all(images: list[pyvips.Image], mode: str) -> None:
    """Composite with libvips into memory; it knows no opacity."""
    images[0].composite(images[1:], mode).write_to_memory()


def pillow_images(pictures: list[RGBA8]) -> list[Image.Image]:
    """Return pictures as Pillow's."""
    return [Image.fromarray(picture) for picture in pictures]


def pillow_all(images: list[Image.Image], _mode: None) -> None:
    """Composite with Pillow, which knows no opacity."""
    out = Image.new("RGBA", images[0].size)
    for image in images:
        out = Image.alpha_composite(out, image)


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


NORMAL, MULTIPLY = BlendMode.NORMAL, BlendMode.MULTIPLY
SOFT_LIGHT, HUE = BlendMode.SOFT_LIGHT, BlendMode.HUE
QT = QPainter.CompositionMode
PEERS = (
    Peer(
        "QPainter",
        premultiplied_images,
        paint_all,
        {
            NORMAL: QT.CompositionMode_SourceOver,
            MULTIPLY: QT.CompositionMode_Multiply,
            SOFT_LIGHT: QT.CompositionMode_SoftLight,
        },
        {NORMAL: 1.3, MULTIPLY: 3, SOFT_LIGHT: 9},
    ),
    Peer(
        "Skia",
        skia_images,
        skia_all,
        {
            NORMAL: skia.BlendMode.kSrcOver,
            MULTIPLY: skia.BlendMode.kMultiply,
            SOFT_LIGHT: skia.BlendMode.kSoftLight,
            HUE: skia.BlendMode.kHue,
        },
        {HUE: 2.5},
    ),
    Peer(
        "libvips",
        vips_images,
        vips_all,
        {NORMAL: "over", MULTIPLY: "multiply", SOFT_LIGHT: "soft-light"},
        {NORMAL: 6},
    ),
    Peer("Pillow", pillow_images, pillow_all, {NORMAL: None}, {NORMAL: 8}),
)


if __name__ == "__main__":
    main()
