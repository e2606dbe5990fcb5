"""The road of a person, on a real screen: `python tests/journeys/desktop.py [--shots FOLDER]`.

Starts Xvfb, a window manager, the window and a second program, and drives them by xdotool alone:
open a file, prompt, generate, reorder by drag, paint, undo, drag the layer out into the other
program, export a PSD. The window writes where its parts are to a file; nothing else is told apart.
Needs Xvfb, openbox, xdotool, and ImageMagick's import for the pictures.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "openbox", "xdotool", "import")
SCREEN = "1960x1040x24"
WAIT_S = 90.0


def main() -> int:
    """Drive, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shots", type=Path, help="a folder for pictures of the screen")
    parser.add_argument("--backend", default="layer_diffusion")
    parser.add_argument("--prompt", default="red apple")
    parser.add_argument("--child", choices=("window", "receiver"), help=argparse.SUPPRESS)
    parser.add_argument("--state", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(PROJECT))
    if options.child == "window":
        return window(options.state, options.files, options.backend)
    if options.child == "receiver":
        return receiver(options.state)
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        sys.stderr.write(f"not run: {', '.join(missing)} not found\n")
        return 2
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desktop-")))
        drive(Desktop(stack, folder, options), options.prompt)
    return 0


def drive(desktop: "Desktop", prompt: str) -> None:
    """The road itself."""
    see = desktop.wait
    see("the photo is open", lambda state: state["layers"] == ["photo"])
    desktop.shot("opened")

    desktop.click(desktop.part("prompt"))
    desktop.type(prompt)
    desktop.key("Return")
    see("the job is shown", lambda state: state["jobs"] == 1)
    desktop.shot("generating")
    see("the layer is there", lambda state: state["layers"] == [prompt, "photo"])
    desktop.shot("generated")

    desktop.drag(desktop.row(prompt), below(desktop.row("photo")))
    see("the layer is under the photo", lambda state: state["layers"] == ["photo", prompt])
    desktop.drag(desktop.row(prompt), above(desktop.row("photo")))
    see("the layer is above again", lambda state: state["layers"] == [prompt, "photo"])

    desktop.click(desktop.part("prompt"))
    desktop.key("Escape")
    desktop.key("b")
    see("the brush is in hand", lambda state: state["tool"] == "brush")
    x, y = desktop.part("canvas")
    desktop.drag((x - 160, y - 90), (x + 160, y - 40))
    see("a stroke is a step", lambda state: state["history"][-1] == "Brush")
    desktop.shot("painted")
    steps = desktop.state()["cursor"]
    desktop.key("ctrl+z")
    see("the stroke is undone", lambda state: state["cursor"] == steps - 1)

    desktop.drag(desktop.row(prompt), desktop.receiver_middle(), slowly=True)
    got = desktop.received()
    assert got["file"].endswith(".png"), got
    assert (got["format"], got["file_alpha"], got["image_alpha"]) == ("png", True, True), got
    desktop.shot("dragged_out")

    psd = desktop.folder / "out.psd"
    desktop.key("ctrl+alt+shift+w")
    time.sleep(1.5)
    desktop.shot("export")
    desktop.key("ctrl+a")
    desktop.type(str(psd))
    desktop.key("Return")
    deadline = time.monotonic() + WAIT_S
    while not psd.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    from psd_tools import PSDImage

    names = [layer.name for layer in PSDImage.open(psd)]
    assert names == ["photo", prompt], names
    sys.stdout.write("exported a PSD with the layers " + ", ".join(names) + "\n")


def above(place: tuple[int, int]) -> tuple[int, int]:
    """The upper edge of a row, given its middle."""
    return place[0], place[1] - 20


def below(place: tuple[int, int]) -> tuple[int, int]:
    """The lower edge of a row, given its middle."""
    return place[0], place[1] + 20


class Desktop:
    """A screen with the window on it and a second program beside it."""

    def __init__(self, stack: ExitStack, folder: Path, options: argparse.Namespace) -> None:
        """Start everything; all of it ends with the stack."""
        self.folder = folder
        self._shots: Path | None = options.shots
        self._state = folder / "state.json"
        self._received = folder / "received.json"
        display = stack.enter_context(screen())
        self._environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        stack.enter_context(running(["openbox"], self._environment))
        photo = folder / "photo.png"
        make_photo(photo)
        script = [sys.executable, __file__, "--backend", options.backend]
        child = [*script, "--child", "window", "--state", str(self._state), str(photo)]
        stack.enter_context(running(child, self._environment))
        child = [*script, "--child", "receiver", "--state", str(self._received)]
        if getattr(options, "peer", None) is not None:
            child = [sys.executable, *options.peer(self._received)]
        stack.enter_context(running(child, self._environment))

    def state(self) -> dict:
        """What the window last wrote of itself."""
        try:
            return json.loads(self._state.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {
                "layers": [],
                "jobs": 0,
                "history": [""],
                "tool": "",
                "cursor": 0,
                "model": "",
                "stale": [],
            }

    def wait(self, what: str, is_so: Callable[[dict], bool]) -> None:
        """Wait until the window's state is so."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            if is_so(self.state()):
                sys.stdout.write(f"seen: {what}\n")
                sys.stdout.flush()
                return
            time.sleep(0.1)
        self.shot("failed")
        raise AssertionError(f"not seen: {what}; {self.state()}")

    def part(self, name: str) -> tuple[int, int]:
        """The middle of a part of the window."""
        x, y = self.state()["parts"][name]
        return x, y

    def row(self, name: str) -> tuple[int, int]:
        """The middle of the name in a layer's row."""
        time.sleep(0.3)
        x, y = self.state()["rows"][name]
        return x, y

    def receiver_middle(self) -> tuple[int, int]:
        """The middle of the second program."""
        x, y = json.loads(self._received.read_text())["middle"]
        return x, y

    def received(self) -> dict:
        """What the second program got."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = json.loads(self._received.read_text())
            if "file" in found:
                sys.stdout.write(f"seen: the other program got {Path(found['file']).name}\n")
                return found
            time.sleep(0.1)
        self.shot("failed")
        raise AssertionError("the other program got nothing")

    def click(self, place: tuple[int, int]) -> None:
        """Click there."""
        self._do("mousemove", *map(str, place), "click", "1")
        time.sleep(0.2)

    def type(self, text: str) -> None:
        """Type."""
        self._do("type", "--delay", "30", text)

    def key(self, name: str) -> None:
        """Press keys."""
        self._do("key", name)
        time.sleep(0.2)

    def trace(self, *places: tuple[int, int]) -> None:
        """Press at the first place, move along the others, release."""
        self._do("mousemove", *map(str, places[0]))
        self._do("mousedown", "1")
        for place in places[1:]:
            time.sleep(0.1)
            self._do("mousemove", *map(str, place))
        time.sleep(0.1)
        self._do("mouseup", "1")

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Hold a key, or none for ""."""
        if key:
            self._do("keydown", key)
        try:
            yield
        finally:
            if key:
                self._do("keyup", key)

    def drag(self, start: tuple[int, int], end: tuple[int, int], *, slowly: bool = False) -> None:
        """Press, move in small steps past the drag distance, then on to the end, release."""
        self._do("mousemove", *map(str, start))
        time.sleep(0.2)
        self._do("mousedown", "1")
        time.sleep(0.2)
        for step in range(1, 7):
            self._do("mousemove", str(start[0] + 3 * step), str(start[1] + step))
            time.sleep(0.05)
        for step in range(1, 9):
            x = start[0] + (end[0] - start[0]) * step // 8
            y = start[1] + (end[1] - start[1]) * step // 8
            self._do("mousemove", str(x), str(y))
            time.sleep(0.12 if slowly else 0.08)
        for x in (end[0] + 1, end[0]):
            self._do("mousemove", str(x), str(end[1]))
            time.sleep(0.15)
        time.sleep(0.3)
        self._do("mouseup", "1")
        time.sleep(0.3)

    def shot(self, name: str) -> None:
        """Keep a picture of the window."""
        if self._shots is not None:
            self._shots.mkdir(parents=True, exist_ok=True)
            time.sleep(0.4)
            path = self._shots / f"{name}.png"
            subprocess.run(
                ["import", "-window", "root", str(path)], env=self._environment, check=True
            )

    def _do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self._environment, check=True)


@contextmanager
def screen() -> Iterator[str]:
    """A virtual screen; yields its name."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as file:
            yield f":{file.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    """A program that is ended with the block."""
    process = subprocess.Popen(command, env=environment, cwd=PROJECT)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def make_photo(path: Path) -> None:
    """Write a picture to work on: sky over sand."""
    import numpy as np
    from PIL import Image

    rows = np.linspace(0, 1, 768)[:, None, None]
    sky, low = np.array([96, 160, 226]), np.array([206, 228, 240])
    sand, near = np.array([236, 214, 168]), np.array([214, 184, 130])
    upper = sky + (low - sky) * np.minimum(1, rows / 0.6)
    lower = sand + (near - sand) * np.clip((rows - 0.6) / 0.4, 0, 1)
    pixels = np.where(rows < 0.6, upper, lower).astype(np.uint8)
    Image.fromarray(np.repeat(pixels, 1024, axis=1)).save(path)


def window(state: Path, files: list[Path], backend: str) -> int:
    """The window as `main.py` opens it, with a timer that writes where its parts are."""
    from PySide6.QtCore import QPoint, QTimer

    from editor.render import native
    from editor.render.composite import composite
    from editor.ui import window as ui

    shown = ui.Window.show

    def show(self: ui.Window) -> None:
        shown(self)
        self.move(0, 0)
        timer = QTimer(self)
        timer.timeout.connect(lambda: write(self))
        timer.start(100)

    def place(widget: object, at: QPoint) -> list[int]:
        point = widget.mapToGlobal(at)
        return [point.x(), point.y()]

    known: dict[int, str] = {}

    def digest_of(document: object) -> str:
        """What a document shows and has selected, in a few letters; none while kernels load."""
        if not native.ready():
            return ""
        if id(document) not in known:
            digest = hashlib.sha256(composite(document, document.rect).tobytes())
            if document.selection is not None:
                digest.update(document.selection.read(document.rect).tobytes())
            known[id(document)] = digest.hexdigest()[:12]
        return known[id(document)]

    def write(self: ui.Window) -> None:
        front = self.desk.front
        view, model = self.layer_panel.view, self.layer_panel.model
        layers = [] if front is None else list(reversed(front.document.layers))
        rows = {
            layer.name: place(view.viewport(), view.row_rect(model.index_of(layer.id)).center())
            for layer in layers
        }
        field, area = self.prompt.field, self.area
        chip = next(
            each for each in self.prompt.chips._chips.values() if "Foreground" in each.text()
        )
        parts = {
            "prompt": field,
            "canvas": area,
            "model": self.options.model,
            "foreground": chip,
            "refresh": self.recipe_panel.refresh,
        }
        found = {
            "layers": [layer.name for layer in layers],
            "rows": rows,
            "parts": {name: place(each, each.rect().center()) for name, each in parts.items()},
            "model": f"{self.models.title}: {self.models.state}",
            "stale": sorted(self.staleness.stale),
            "jobs": 0 if self.generation is None else len(self.generation.jobs.jobs),
            "tool": self.tools.current.id,
            "history": [] if front is None else [step.label for step in front.history.steps],
            "cursor": 0 if front is None else front.history.cursor,
            "digest": "" if front is None else digest_of(front.history.document),
        }
        part = state.with_suffix(".part")
        part.write_text(json.dumps(found))
        part.replace(state)

    ui.Window.show = show
    return ui.run(files, backend)


def receiver(state: Path) -> int:
    """A second program: a small window that takes drops and writes what it got."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtGui import QImage, QImageReader
    from PySide6.QtWidgets import QApplication, QLabel

    class Receiver(QLabel):
        def dragEnterEvent(self, event: object) -> None:  # noqa: N802  # Qt's name
            event.acceptProposedAction()

        def dropEvent(self, event: object) -> None:  # noqa: N802  # Qt's name
            data = event.mimeData()
            path = data.urls()[0].toLocalFile()
            reader = QImageReader(path)
            kind, image = bytes(reader.format().data()).decode(), reader.read()
            picture = QImage(data.imageData())
            self.setText("")
            size = self.size() * 0.9
            keep = Qt.AspectRatioMode.KeepAspectRatio
            self.setPixmap(ui_pixmap(image.scaled(size, keep)))
            event.acceptProposedAction()
            write(
                file=path,
                format=kind,
                file_alpha=image.hasAlphaChannel() and image.pixelColor(0, 0).alpha() < 255,
                image_alpha=picture.hasAlphaChannel(),
            )

    def ui_pixmap(image: QImage) -> object:
        from PySide6.QtGui import QPixmap

        return QPixmap.fromImage(image)

    def write(**found: object) -> None:
        middle = label.mapToGlobal(label.rect().center())
        state.write_text(json.dumps({"middle": [middle.x(), middle.y()], **found}))

    app = QApplication([])
    label = Receiver("Another program:\ndrop here")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWindowTitle("Another program")
    label.setAcceptDrops(True)
    label.resize(300, 300)
    label.show()
    label.move(1640, 380)
    QTimer.singleShot(500, write)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
