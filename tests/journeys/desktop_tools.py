"""Every tool once, on a real screen: `python tests/journeys/desktop_tools.py [--shots FOLDER]`.

Selects, paints, fills, writes, transforms, moves, crops and looks, by xdotool alone; then undoes
all and does it again: the document must be as before.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from desktop import Desktop

Place = tuple[int, int]


def main() -> int:
    """Drive, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shots", type=Path, help="a folder for pictures of the screen")
    parser.set_defaults(backend="fake")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desktop-")))
        drive(Desktop(stack, folder, options))
    return 0


def drive(desktop: Desktop) -> None:
    """The road itself."""
    desktop.wait("the photo is open", lambda state: state["layers"] == ["photo"])
    desktop.wait("it is drawn", lambda state: bool(state["digest"]))
    x, y = desktop.part("canvas")
    y -= 60
    desktop.click((x, y - 320))
    hand = Hand(desktop)
    select(hand, x, y)
    desktop.shot("tools_selected")
    paint(hand, x, y)
    desktop.shot("tools_painted")
    write_and_move(hand, x, y)
    desktop.shot("tools_written")
    mask_and_crop(hand, x, y)
    desktop.shot("tools_cropped")
    look(hand, x, y)
    there_and_back(hand)


def select(hand: "Hand", x: int, y: int) -> None:
    """Each tool that selects, with the keys that combine."""
    hand.take("m", "select_rectangle").drag((x - 300, y - 150), (x - 60, y + 40), "Select")
    hand.take("shift+m", "select_ellipse")
    hand.drag((x - 120, y - 100), (x + 120, y + 120), "Select", held="shift")
    hand.take("l", "lasso")
    hand.trace(
        "Select", (x + 60, y - 220), (x + 120, y - 230), (x + 220, y - 100), (x + 40, y - 60)
    )
    hand.take("shift+l", "polygon")
    for corner in ((x + 150, y - 150), (x + 320, y - 140), (x + 240, y + 60)):
        hand.desktop.click(corner)
    hand.key("Return", "Select")
    hand.take("w", "wand").click((x - 320, y + 200), "Select")
    hand.key("ctrl+shift+i", "Invert selection")
    hand.key("ctrl+d", "Deselect")
    hand.key("ctrl+shift+d", "Select again")
    hand.key("ctrl+d", "Deselect")


def paint(hand: "Hand", x: int, y: int) -> None:
    """Brush, eraser, bucket and gradient."""
    hand.take("b", "brush").drag((x - 280, y - 60), (x - 60, y - 20), "Brush")
    hand.click((x + 40, y + 90), "Brush", held="shift")
    hand.take("e", "eraser").drag((x - 200, y + 20), (x + 180, y + 60), "Eraser")
    hand.key("ctrl+shift+n", "New layer")
    hand.take("m", "select_rectangle").drag((x + 60, y - 150), (x + 300, y + 10), "Select")
    hand.take("shift+g", "gradient").drag((x + 80, y - 130), (x + 280, y - 10), "Gradient")
    hand.key("alt+BackSpace", "Fill")
    hand.key("ctrl+z", None)
    hand.take("g", "bucket").click((x + 70, y - 140), "Fill")
    hand.key("ctrl+z", None)
    hand.key("ctrl+d", "Deselect")


def write_and_move(hand: "Hand", x: int, y: int) -> None:
    """Text, which is transformed and stays text; move by hand and by keys."""
    hand.take("t", "text")
    hand.desktop.click((x - 280, y + 150))
    time.sleep(0.3)
    hand.desktop.type("Beach day")
    hand.key("ctrl+Return", "Text")
    hand.take("ctrl+t", "transform")
    hand.desktop.drag((x + 330, y + 60), (x + 300, y + 190))
    hand.key("Return", "Free transform")
    hand.take("v", "move").drag((x + 150, y - 80), (x + 120, y - 60), "Move")
    hand.key("Right", "Move")
    hand.key("shift+Down", "Move")


def mask_and_crop(hand: "Hand", x: int, y: int) -> None:
    """The quick mask, what is selected cleared, and the crop."""
    hand.key("q", None)
    hand.take("b", "brush").drag((x - 100, y - 40), (x + 200, y - 40), "Brush")
    hand.key("q", None)
    hand.key("Delete", "Clear")
    hand.key("ctrl+d", "Deselect")
    hand.take("c", "crop")
    hand.desktop.drag((x - 330, y - 200), (x + 330, y + 230))
    hand.key("Return", "Crop")


def look(hand: "Hand", x: int, y: int) -> None:
    """Tools that change nothing."""
    hand.take("i", "eyedropper").desktop.click((x, y))
    hand.take("h", "hand").desktop.drag((x, y), (x + 60, y + 30))
    hand.take("z", "zoom").desktop.click((x, y))


def there_and_back(hand: "Hand") -> None:
    """Undo to the start, redo to the end."""
    state = hand.desktop.state()
    steps, end = state["cursor"], state["digest"]
    for left in reversed(range(steps)):
        hand.desktop.key("ctrl+z")
        hand.desktop.wait(f"{left} steps are left", lambda state, n=left: state["cursor"] == n)
    start = hand.desktop.state()["digest"]
    assert start != end
    for done in range(1, steps + 1):
        hand.desktop.key("ctrl+shift+z")
        hand.desktop.wait(f"{done} steps are back", lambda state, n=done: state["cursor"] == n)
    hand.desktop.wait("all is as it was", lambda state: state["digest"] == end)


class Hand:
    """Does one thing with a tool, and sees that it became a step."""

    def __init__(self, desktop: Desktop) -> None:
        """Act on a screen."""
        self.desktop = desktop

    def take(self, key: str, tool: str) -> "Hand":
        """Take a tool by its key."""
        self.desktop.key(key)
        self.desktop.wait(f"{tool} is in hand", lambda state: state["tool"] == tool)
        return self

    def drag(self, start: Place, end: Place, step: str, held: str = "") -> None:
        """Drag, with keys held."""
        before = self._steps()
        with self.desktop.held(held):
            self.desktop.drag(start, end)
        self._see(step, before)

    def trace(self, step: str, *places: Place) -> None:
        """Press, move along and release."""
        before = self._steps()
        self.desktop.trace(*places)
        self._see(step, before)

    def click(self, at: Place, step: str, held: str = "") -> None:
        """Click, with keys held."""
        before = self._steps()
        with self.desktop.held(held):
            self.desktop.click(at)
        self._see(step, before)

    def key(self, keys: str, step: str | None) -> None:
        """Press keys; `step` of None is no step forward."""
        before = self._steps()
        self.desktop.key(keys)
        if step is not None:
            self._see(step, before)

    def _steps(self) -> int:
        time.sleep(0.2)
        return self.desktop.state()["cursor"]

    def _see(self, step: str, before: int) -> None:
        self.desktop.wait(
            f"{step} is a step",
            lambda state: state["cursor"] == before + 1 and state["history"][-1] == step,
        )


if __name__ == "__main__":
    sys.exit(main())
