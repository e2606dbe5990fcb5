"""Two programs and one picture, on a real screen: `python tests/journeys/desktop_exchange.py`.

By xdotool alone: paste from another program and drag from it as data, as a file and as a link; copy
to it and drag a layer out to it. Every pixel and every alpha must come through as it was.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from desktop import Desktop
from PIL import Image

SIDE = 96
WAIT_S = 20.0


def main() -> int:
    """Drive, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shots", type=Path, help="a folder for pictures of the screen")
    parser.set_defaults(backend="fake")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desktop-")))
        picture = folder / "soft.png"
        Image.fromarray(soft()).save(picture)
        peer = Path(__file__).with_name("peer.py")
        options.peer = lambda state: [str(peer), str(state), str(picture)]
        drive(Desktop(stack, folder, options), Peer(folder / "received.json"))
    return 0


def soft() -> np.ndarray:
    """Every alpha beside every other, in noise."""
    pixels = np.random.default_rng(7).integers(0, 256, (SIDE, SIDE, 4), np.uint8)
    pixels[..., 3] = np.arange(SIDE * SIDE).reshape(SIDE, SIDE) % 256
    pixels[0, :, 3] = pixels[-1, :, 3] = pixels[:, 0, 3] = pixels[:, -1, 3] = 255
    return pixels


class Peer:
    """What the other program says of itself."""

    def __init__(self, state: Path) -> None:
        """Look at a file."""
        self._state = state

    def part(self, name: str) -> tuple[int, int]:
        """The middle of one of its parts."""
        until = time.monotonic() + WAIT_S
        while not self._state.exists() and time.monotonic() < until:
            time.sleep(0.1)
        found = json.loads(self._state.read_text())
        x, y = found.get(f"{name}_part", found[name])
        return x, y

    def got(self, count: int) -> dict:
        """What came the n-th time."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            found: dict = json.loads(self._state.read_text())
            if found["count"] >= count:
                return found
            time.sleep(0.1)
        raise AssertionError(f"the other program got nothing: {found}")


def drive(desktop: Desktop, peer: Peer) -> None:
    """The road itself."""
    see = desktop.wait
    see("the photo is open", lambda state: state["layers"] == ["photo"])
    x, y = desktop.part("canvas")

    desktop.click(peer.part("copy"))
    desktop.click((x, y - 380))
    desktop.key("ctrl+v")
    see("what was copied there is a layer here", lambda state: state["layers"][0] == "Pasted")
    desktop.shot("exchange_pasted")

    desktop.key("ctrl+c")
    desktop.click(peer.part("paste"))
    found = peer.got(1)
    assert_same("copied and pasted", found["png"], found["image"])
    assert "application/x-acetate" in found["formats"], found

    for count, part in enumerate(("data", "file", "link"), start=3):
        desktop.drag(peer.part(part), (x - 150 + 60 * count, y - 100), slowly=True)
        see(f"the dragged {part} is a layer", lambda state, n=count: len(state["layers"]) == n)
    desktop.shot("exchange_dragged_in")
    assert set(desktop.state()["layers"]) == {"Pasted", "Dropped", "soft", "photo"}

    desktop.drag(desktop.row("soft"), peer.part("middle"), slowly=True)
    found = peer.got(2)
    assert found["name"] == "soft.png", found
    assert_same("dragged out", found["png"], found["image"], found["file"])
    desktop.shot("exchange_dragged_out")


def assert_same(how: str, *paths: str) -> None:
    """Every pixel that is not wholly transparent is the one that was given."""
    expected = soft()
    visible = expected[..., 3] > 0
    for path in paths:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGBA"))
        assert pixels.shape == expected.shape, (how, path, pixels.shape)
        assert np.array_equal(pixels[..., 3], expected[..., 3]), (how, path, "alpha")
        assert np.array_equal(pixels[visible], expected[visible]), (how, path, "colour")
    sys.stdout.write(f"exact to the last byte: {how}, {len(paths)} kinds\n")


if __name__ == "__main__":
    sys.exit(main())
