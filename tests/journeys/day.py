"""A day of work, on a real screen: `python tests/journeys/day.py [--docs]`.

By xdotool alone, as a user would: every tool, every habit of the layer list, pictures given to
another program and taken from it, a layer made from words; then all is undone and done again, and
the saved file must say the same. With `--docs` it writes docs/a-day.md and its pictures anew.
"""

import argparse
import os
import sys
import tempfile
import time
import zipfile
from contextlib import ExitStack
from pathlib import Path

import day_exchange
import day_layers
import day_settings
import day_tools
from desktop import PROJECT, Desktop, Hand
from pictures import glow, make_beach
from PIL import Image

PAGE = PROJECT / "docs" / "a-day.md"
IMAGES = PROJECT / "docs" / "images" / "day"
HEAD = """# A day with Acetate

What a day of work looks like, on a real screen: `python tests/journeys/day.py --docs` goes through
it with pointer and keys and makes this page and its pictures again. At the end all {0} steps are
undone and done again, and the saved file is the same.
"""


class Day:
    """The screen, the hand, and what is kept of the day for the page."""

    def __init__(self, desktop: Desktop, backend: str) -> None:
        """Begin with an empty page."""
        self.desktop = desktop
        self.is_real = backend != "fake"  # what makes layers from words
        self.hand = Hand(desktop)
        self.stations: list[str] = []

    def station(self, name: str, title: str, words: str, *, both: bool = False) -> None:
        """Keep a picture, and what is to be seen on it."""
        sys.stdout.write(f"== {title}\n")
        self.desktop.shot(name, both=both)
        self.stations.append(f"## {title}\n\n{words}\n\n![{title}](images/day/{name}.jpg)\n")


def main() -> int:
    """Go through the day, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--docs", action="store_true", help="write the page and its pictures")
    parser.add_argument("--shots", type=Path, help="a folder for the pictures alone")
    parser.add_argument("--backend", default="fake")
    options = parser.parse_args()
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="day-")))
        picture, photo = folder / "sun.png", folder / "beach.png"
        Image.fromarray(glow()).save(picture)
        make_beach(photo)
        desktop = Desktop(
            stack,
            folder,
            peer=(picture, photo),
            backend=options.backend,
            shots=IMAGES if options.docs else options.shots,
        )
        day = Day(desktop, options.backend)
        try:
            steps = go_through(day)
        except BaseException:
            desktop.shot("failed")
            raise
        if options.docs:
            PAGE.write_text(HEAD.format(steps) + "\n" + "\n".join(day.stations), encoding="utf-8")
    sys.stdout.write(f"a day of {steps} steps in {time.monotonic() - began:.0f} s\n")
    return 0


def go_through(day: Day) -> int:
    """The day itself; returns how many steps it has."""
    day_exchange.arrive(day)
    day_tools.use_all(day)
    day_layers.use_all(day)
    day_exchange.give_and_take(day)
    day_exchange.generate(day)
    day_exchange.hand_over(day)
    steps = there_and_back(day)
    day_settings.use_all(day)
    return steps


def there_and_back(day: Day) -> int:
    """Undo to the start, redo to the end: the saved file is the same."""
    desktop = day.desktop
    first = save(desktop, "first")
    state = desktop.state()
    steps, end = state["cursor"], state["digest"]
    desktop.key(*["ctrl+z"] * steps)
    start = desktop.wait("all is undone", lambda state: state["cursor"] == 0)["digest"]
    assert start != end
    words = "Undo goes back to the picture as it was opened; the history panel still lists it all."
    day.station("undone", "All undone", words)
    desktop.key(*["ctrl+shift+z"] * steps)
    desktop.wait("all is done again", lambda state: state["cursor"] == steps)
    desktop.wait("all is as it was", lambda state: state["digest"] == end)
    assert contents(save(desktop, "second")) == contents(first)
    sys.stdout.write(f"the file after {steps} steps undone and done again is the same\n")
    return steps


def save(desktop: Desktop, name: str) -> Path:
    """Save the document as a project of that name."""
    path = desktop.folder / f"{name}.acetate"
    desktop.key("ctrl+shift+s")
    desktop.wait("a name is asked for", lambda state: state["dialog"])
    desktop.key("ctrl+a")
    desktop.type(str(path))
    desktop.key("Return")
    desktop.wait("it is saved", lambda state: not state["modified"] and path.exists(), 30)
    return path


def contents(path: Path) -> dict[str, bytes]:
    """Every file in a project, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
