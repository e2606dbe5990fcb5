"""Makes the pictures in `docs/images/` with the real window and the real model.

`python docs/screenshots.py` on a screen of at least 1600 x 1000, or with QT_QPA_PLATFORM=offscreen.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[1]
IMAGES = PROJECT / "docs" / "images"
sys.path.insert(0, str(PROJECT))

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402  # the project must be found first
from PySide6.QtWidgets import QApplication  # noqa: E402

from editor.document.document import Document  # noqa: E402
from editor.document.geometry import Point, Rect, Size  # noqa: E402
from editor.document.layer import (  # noqa: E402
    BlendMode,
    Group,
    PixelLayer,
    new_layer_id,
)
from editor.document.pixels import RGBA8, Pixels  # noqa: E402
from editor.edits.layers import GroupLayers, MoveLayers  # noqa: E402
from editor.edits.properties import SetName  # noqa: E402
from editor.generation import Asked  # noqa: E402
from editor.ui import window as ui  # noqa: E402
from editor.workspace import Workspace  # noqa: E402

SIZE = Size(2048, 1536)
WAIT_MS = 120_000
OBJECTS = (
    ("red umbrella", 3, Rect(180, 330, 1200, 1350), "Umbrella"),
    ("yellow balloon", 3, Rect(1180, 40, 1940, 800), "Yellow balloon"),
    ("pink flower", 3, Rect(980, 780, 1540, 1340), "Pink flower"),
)


def main() -> None:
    """Make the document in the window and keep what it looks like."""
    ui.make_lasting()
    app = QApplication(sys.argv)
    ui.apply_theme(app, ui.load_theme("dark"))
    window = ui.Window()
    window.resize(1600, 1000)
    window.show()
    ui.start_work(window, [], "layer_diffusion")
    wait(lambda: window.generation is not None)
    layers = (pixels("Beach", beach()), shadow())
    workspace = Workspace(Document(size=SIZE, layers=layers, dpi=300.0), "Open")
    workspace.path = Path("Beach poster.acetate")
    window.desk.open(workspace)
    for prompt, seed, box, name in OBJECTS:
        generate(window, Asked(prompt=prompt, seed=seed, box=box))
        workspace.do(SetName(workspace.active, name), "Rename")
    group_with_shadow(workspace)
    window.prompt.settings.show_seed(2048)
    window.prompt.field.setText("blue glass ball")
    ball = Rect(1340, 880, 1940, 1480)
    generate(window, Asked(prompt="blue glass ball", seed=2048, count=4, box=ball))
    workspace.mark_saved(workspace.document, workspace.path)
    window.prompt.settings.show_seed(2048)
    keep(window, "window")
    boat = Asked(prompt="wooden boat", seed=7, steps=60, box=Rect(100, 850, 700, 1450))
    window.generation.submit(boat)
    wait(lambda: any(job.progress and job.progress.step > 20 for job in jobs(window)))
    keep(window, "generating", pause_ms=0)
    window.generation.cancel_running()
    wait(lambda: not jobs(window))
    ui.apply_theme(app, ui.load_theme("light"))
    window.refresh_theme()
    window.messages.hide()
    keep(window, "light")
    window.close()


def generate(window: ui.Window, asked: Asked) -> None:
    """Make a layer and wait for it."""
    window.generation.submit(asked)
    wait(lambda: not jobs(window))


def group_with_shadow(workspace: Workspace) -> None:
    """Put the umbrella over its shadow into a group of their own."""
    ids = {layer.name: layer.id for layer in workspace.document.layers}
    made = Group(id=new_layer_id(), name="Umbrella and shadow")
    workspace.do(GroupLayers((ids["Shadow"], ids["Umbrella"]), made), "Group")
    place = workspace.document.place_of(ids["Yellow balloon"])
    workspace.do(MoveLayers((made.id,), place), "Order")
    workspace.select((ids["Pink flower"],))


def jobs(window: ui.Window) -> tuple:
    """What runs or waits."""
    return window.generation.jobs.jobs


def keep(window: ui.Window, name: str, pause_ms: int = 1500) -> None:
    """Write a picture of the window."""
    spin(pause_ms)
    IMAGES.mkdir(exist_ok=True)
    assert window.grab().save(str(IMAGES / f"{name}.png")), name


def wait(is_so: object) -> None:
    """Run the event loop until something is so."""
    for _ in range(WAIT_MS // 50):
        if is_so():
            return
        spin(50)
    raise TimeoutError


def spin(milliseconds: int) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def pixels(name: str, array: RGBA8, at: Point = Point(0, 0)) -> PixelLayer:
    """Return an array as a layer."""
    return PixelLayer(id=new_layer_id(), name=name, pixels=Pixels.from_array(array), offset=at)


def beach() -> RGBA8:
    """Sky, sea and sand, by formulas."""
    y = np.linspace(0, 1, SIZE.height)[:, None, None]
    x = np.linspace(0, 1, SIZE.width)[None, :, None]
    sky = mixed((110, 170, 235), (196, 222, 240), y / 0.5)
    sea = mixed((24, 120, 190), (90, 200, 215), (y - 0.45) / 0.35)
    edge = 0.78 + 0.05 * np.sin(x * 5 + 1)
    sand = mixed((232, 208, 158), (214, 190, 142), (y - edge) * 4)
    colours = np.where(y < 0.45, sky, np.where(y < edge, sea, sand))
    opaque = np.full((SIZE.height, SIZE.width), 255, np.uint8)
    return np.dstack([np.broadcast_to(colours, (SIZE.height, SIZE.width, 3)), opaque]).astype(
        np.uint8
    )


def mixed(first: tuple, last: tuple, share: np.ndarray) -> np.ndarray:
    """Return colours between two."""
    return np.array(first) + (np.array(last) - np.array(first)) * np.clip(share, 0, 1)


def shadow() -> PixelLayer:
    """A soft ellipse that darkens what is below."""
    y, x = np.mgrid[0:160, 0:760]
    alpha = np.clip(1 - ((x - 380) / 370) ** 2 - ((y - 80) / 70) ** 2, 0, 1) * 200
    array = np.dstack([np.zeros((160, 760, 3)), alpha]).astype(np.uint8)
    layer = pixels("Shadow", array, Point(330, 1210))
    return replace(layer, blend_mode=BlendMode.MULTIPLY, opacity=204 / 255)


if __name__ == "__main__":
    main()
