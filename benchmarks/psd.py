"""Writing and reading a large PSD, ours against psd-tools, each in a process of its own.

    python -m benchmarks.psd [--small] [--layers N] [--side N]

Layers hold noise under a soft round alpha. psd-tools is given our merged picture, because its own
takes ten times as long. Peak memory is what the work takes beyond the process before it, which for
writing holds the document and for reading nothing. Kernels are compiled before the clock starts.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.formats import read, write
from editor.formats.flatten import on_white
from editor.formats.psd import machine
from editor.render import native
from editor.render.composite import composite

MIB = 1 << 20


def picture(side: int, seed: int) -> NDArray[np.uint8]:
    """Return (side, side, 4): noise of a few levels around a colour, under a soft disc."""
    rng = np.random.default_rng(seed)
    y, x = np.ogrid[0:side, 0:side]
    middle = rng.uniform(0.35, 0.65, 2) * side
    distance = np.hypot(x - middle[0], y - middle[1]).astype(np.float32)
    rgba = rng.integers(0, 24, (side, side, 4), dtype=np.uint8)
    rgba[..., :3] += rng.integers(0, 230, 3, dtype=np.uint8)
    rgba[..., 3] = np.clip((side * 0.45 - distance) * 8, 0, 255)
    return rgba


def document(side: int, layers: int) -> Document:
    """Return the document to be written."""
    made = tuple(
        PixelLayer(
            id=new_layer_id(), name=f"Layer {seed}", pixels=Pixels.from_array(picture(side, seed))
        )
        for seed in range(layers)
    )
    return Document(size=Size(side, side), layers=made)


def ours_writes(path: Path, side: int, layers: int) -> Callable[[], object]:
    """Return what writes the document."""
    made = document(side, layers)
    assert machine.wait()
    native.prepare().join()
    return lambda: write(made, path)


def ours_reads(path: Path, side: int, layers: int) -> Callable[[], object]:
    """Return what reads it into tiles."""
    assert machine.wait()
    return lambda: read(path)


def psd_tools_writes(path: Path, side: int, layers: int) -> Callable[[], object]:
    """Return what writes the same layers and merged picture through psd-tools."""
    from PIL import Image
    from psd_tools import PSDImage
    from psd_tools.constants import Compression

    native.prepare().join()
    images = [Image.fromarray(picture(side, seed)) for seed in range(layers)]
    merged = composite(document(side, layers), document(side, 0).rect)
    planes = [*np.moveaxis(on_white(merged), 2, 0), merged[..., 3]]

    def work() -> None:
        psd = PSDImage.new("RGBA", (side, side))
        for index, image in enumerate(images):
            psd.create_pixel_layer(image, name=f"Layer {index}", compression=Compression.RLE)
        info = psd._record.layer_and_mask_information.layer_info
        info.layer_count = -abs(info.layer_count)
        psd._record.image_data.compression = Compression.RLE
        psd._record.image_data.set_data([each.tobytes() for each in planes], psd._record.header)
        psd._updated = False
        psd.save(path)

    return work


def psd_tools_reads(path: Path, side: int, layers: int) -> Callable[[], object]:
    """Return what opens the file with psd-tools and decodes every layer to RGBA."""
    from psd_tools import PSDImage

    return lambda: [np.asarray(layer.topil()) for layer in PSDImage.open(path)]


JOBS = {
    "ours writes": ours_writes,
    "psd-tools writes": psd_tools_writes,
    "ours reads": ours_reads,
    "psd-tools reads": psd_tools_reads,
}


def memory_mib(key: str) -> float:
    """Return a line of this process's memory, as Linux tells it; 0 elsewhere."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    found = [line for line in lines if line.startswith(key)]
    return int(found[0].split()[1]) * 1024 / MIB if found else 0.0


def run_job(name: str, path: Path, side: int, layers: int) -> None:
    """Do one job and print its figures; runs in a process of its own."""
    warnings.simplefilter("ignore")
    work = JOBS[name](path, side, layers)
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")  # forget the peak so far
    before, started, cpu = memory_mib("VmRSS"), time.perf_counter(), time.process_time()
    work()
    figures = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "peak": memory_mib("VmHWM") - before,
        "size": path.stat().st_size / MIB,
    }
    print(json.dumps(figures))


def main() -> None:
    """Run all jobs and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--side", type=int)
    parser.add_argument("--layers", type=int)
    parser.add_argument("--job", choices=JOBS)
    parser.add_argument("--path", type=Path)
    chosen = parser.parse_args()
    side = chosen.side or (256 if chosen.small else 4096)
    layers = chosen.layers or (3 if chosen.small else 20)
    if chosen.job:
        run_job(chosen.job, chosen.path, side, layers)
        return
    print(f"{layers} layers of {side} x {side}\n")
    print("| | seconds | CPU s | peak MiB over start | file MiB |\n|---|---|---|---|---|")
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in JOBS:
            path = Path(folder) / f"{name.split()[0]}.psd"
            command = [sys.executable, "-m", "benchmarks.psd", "--job", name, "--path", str(path)]
            command += ["--side", str(side), "--layers", str(layers)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            each = found[name] = json.loads(done.stdout.splitlines()[-1])
            figures = " | ".join(f"{each[key]:.2f}" for key in ("seconds", "cpu", "peak", "size"))
            print(f"| {name} | {figures} |", flush=True)
    for verb in ("writes", "reads"):
        ratio = found[f"ours {verb}"]["seconds"] / found[f"psd-tools {verb}"]["seconds"]
        print(f"\n{verb}: {ratio:.2f} of psd-tools' time")


if __name__ == "__main__":
    main()
