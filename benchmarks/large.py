"""Large documents opened from a file, painted on and scrolled; and one that cannot fit.

Two hundred layers of 2048 x 2048, and five of 16384 x 16384, each in its own process, with its
CPU time and memory. `python -m benchmarks.large [--small]`; without a screen,
QT_QPA_PLATFORM=offscreen.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

CASES = {"many": (2048, 200), "wide": (16384, 5)}
SMALL = {"many": (256, 20), "wide": (1024, 3)}


def main() -> int:
    """Run each case in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="only see that it works")
    parser.add_argument("--case", choices=CASES, help="one of them alone")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    cases = SMALL if asked.small else CASES
    if asked.child:
        return measure(*cases[asked.case])
    for case in cases if asked.case is None else (asked.case,):
        command = [sys.executable, __file__, "--child", "--case", case]
        subprocess.run([*command, *["--small"][: asked.small]], cwd=PROJECT, check=True)
    return 0


def measure(side: int, layers: int) -> int:
    """Write, open, show, paint and scroll one document, and print what it took."""
    from PySide6.QtWidgets import QApplication

    from benchmarks.editing import Bench
    from editor.formats import read, write
    from editor.render import native
    from editor.ui.lasting import make_lasting
    from editor.ui.theme import apply_theme, load_theme

    make_lasting()
    app = QApplication(sys.argv[:1])
    apply_theme(app, load_theme("dark"))
    native.prepare().join()
    print(f"\n{layers} layers of {side} x {side}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.acetate"
        started = time.process_time()
        write(document(side, layers), path)
        line("written", time.process_time() - started, f"{path.stat().st_size / 1e6:.0f} MB")
        started = time.process_time()
        opened = read(path).document
        line("opened", time.process_time() - started)
        refused(path)
    bench = Bench(app, opened)
    bench.canvas.fit()
    started = time.process_time()
    bench.settle()
    line("seen whole for the first time", time.process_time() - started)
    line("a frame of the whole", statistics.median(bench.frame(bench.canvas.zoom, 8)) / 1e3)
    started = time.process_time()
    bench.canvas.zoom_to(1.0)
    bench.settle()
    line("seen at 100 % after that", time.process_time() - started)
    line("dab of 256 px, event to painted", statistics.median(bench.painted(20)) / 1e3)
    line("scrolled by 200 px until all is there", statistics.median(scrolled(bench, 12)))
    return 0


def document(side: int, layers: int) -> "Document":  # noqa: F821  # imported late, after Qt's choice
    """Return a background, and layers that each cover a quarter of it softly."""
    from editor.document.document import Document
    from editor.document.geometry import Point, Size
    from editor.document.layer import PixelLayer, new_layer_id
    from editor.document.pixels import Pixels

    def made() -> Iterator[PixelLayer]:
        yield PixelLayer(id=new_layer_id(), name="ground", pixels=soft(side, 255))
        for index in range(1, layers):
            at = np.random.default_rng(index).integers(0, side // 2, 2)
            pixels = soft(side // 2, 90 + index % 100)
            offset = Point(int(at[0]), int(at[1]))
            yield PixelLayer(id=new_layer_id(), name=str(index), pixels=pixels, offset=offset)

    def soft(wide: int, alpha: int) -> Pixels:
        ramp = (np.arange(wide, dtype=np.uint32) * 255 // wide).astype(np.uint8)
        pixels = np.empty((wide, wide, 4), np.uint8)
        pixels[..., 0], pixels[..., 1] = ramp, ramp[:, None]
        pixels[..., 2], pixels[..., 3] = 120, alpha
        return Pixels.from_array(pixels)

    return Document(size=Size(side, side), layers=tuple(made()))


def refused(path: Path) -> None:
    """Print how the same file is refused where little memory is free."""
    from editor.formats import FormatError, read, room

    free = room.free_bytes
    room.free_bytes = lambda: 600 << 20
    before = memory_mb()
    try:
        read(path)
        print("  fits into 600 MB")
    except FormatError as error:
        print(f"  refused with 600 MB free, {memory_mb() - before:.0f} MB taken: {error}")
    finally:
        room.free_bytes = free


def scrolled(bench: "Bench", times: int) -> Iterator[float]:  # noqa: F821  # imported late
    """Yield the seconds until all is there again after each scroll."""
    for index in range(times):
        started = time.process_time()
        by = 200 if index % 4 < 2 else -200
        bench.canvas.show_view(bench.canvas.view.scrolled(by, by / 2))
        bench.settle()
        yield time.process_time() - started


def line(name: str, seconds: float, more: str = "") -> None:
    """Print one line with the memory of now and at most."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    unit = f"{seconds:8.2f} s " if seconds >= 0.5 else f"{seconds * 1e3:8.1f} ms"
    print(f"  {name:40}{unit}   {memory_mb():7.0f} MB now, {most:7.0f} at most  {more}")
    sys.stdout.flush()


def memory_mb() -> float:
    """Return the memory that this process has in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / (1 << 20)


if __name__ == "__main__":
    sys.exit(main())
