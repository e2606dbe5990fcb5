"""What comes in and goes out: files, the clipboard, drags, a layer from words, a PSD."""

import sys
from typing import TYPE_CHECKING

import numpy as np
from pictures import GLOW, glow
from PIL import Image

LOADED_S = 280.0  # a real model, on a machine that does much else

if TYPE_CHECKING:
    from day import Day


def arrive(day: "Day") -> None:
    """An empty window; a file dropped on it is a document."""
    desktop = day.desktop
    desktop.wait("the window is there", lambda state: state.get("frame", (9, 9))[0] < 4)
    desktop.wait("the model is known", lambda state: state["model"] == "Pocket: ready")
    words = "An empty window invites: new, open, what was open last, or a layer from words."
    day.station("empty", "In the morning", words)
    desktop.drag(desktop.peer("photo"), desktop.part("canvas"), slowly=True)
    desktop.wait("the photo is open", lambda state: state["layers"] == ["beach"])
    desktop.wait("it is drawn", lambda state: state["digest"])
    desktop.come_back()
    words = "A photo dragged from another program onto the empty window is a document."
    day.station("opened", "A photo, dropped", words)


def give_and_take(day: "Day") -> None:
    """Copy and paste, drag in and drag out: every pixel and every alpha as it was."""
    desktop, hand = day.desktop, day.hand
    desktop.click(desktop.row("Clouds"))
    desktop.click(desktop.peer("copy"))
    desktop.come_back()
    hand.key("ctrl+v", "Place Pasted")
    desktop.key("ctrl+c")
    for times in range(1, 9):  # until the clipboard has come over
        desktop.click(desktop.peer("paste"))
        found = desktop.got(times)
        if "application/x-acetate" in found["formats"]:
            break
    assert_same("copied and pasted", found["png"], found["image"])
    for count, part in enumerate(("data", "file", "link")):
        place = desktop.at(150 + 250 * count, 200)
        with hand.step("Place sun" if part == "file" else "Place Dropped"):
            desktop.drag(desktop.peer(part), place, slowly=True)
    desktop.drag(desktop.row("sun"), desktop.peer("middle"), slowly=True)
    found = desktop.got(times + 1)
    assert found["name"] == "sun.png", found
    assert_same("dragged out", found["png"], found["image"], found["file"])
    words = (
        "Pasted from the program at the right, dragged from it as data, as a file and as a link; "
        "then dragged out of the layer list to it: a PNG file with every alpha as it was."
    )
    day.station("exchanged", "Between two programs", words, both=True)
    for _ in "abc":
        hand.undo()


def generate(day: "Day") -> None:
    """A layer from words."""
    desktop, hand, at = day.desktop, day.hand, day.desktop.at
    hand.take("m", "select_rectangle").drag(at(640, 90), at(880, 390), "Select")
    desktop.click(desktop.part("prompt"))
    desktop.type("yellow balloon")
    before = desktop.state()["cursor"]
    desktop.key("Return")
    desktop.wait("the layer is there", lambda state: state["cursor"] > before, LOADED_S)
    desktop.wait("no job is left", lambda state: state["jobs"] == 0)
    desktop.key("Escape")
    hand.key("ctrl+d", "Deselect")
    hand.take("v", "move")
    words = (
        "Words in the bar below, a box drawn before for its place: a layer on top of the rest, "
        "with its recipe; its transparency is real."
    )
    if not day.is_real:
        words += (
            " In this picture shapes drawn by a formula stand in for the model, as in tests; what "
            "it makes is on [its page](pocket-model.md)."
        )
    day.station("generated", "A layer from words", words)


def hand_over(day: "Day") -> None:
    """A PSD for the next program."""
    from psd_tools import PSDImage

    desktop = day.desktop
    path = desktop.folder / "poster.psd"
    desktop.key("ctrl+alt+shift+w")
    desktop.wait("a name is asked for", lambda state: state["dialog"])
    desktop.key("ctrl+a")
    desktop.type(str(path))
    desktop.key("Return")
    desktop.wait("it is written", lambda _state: path.exists())
    names = [layer.name for layer in PSDImage.open(path)]
    assert names == desktop.state()["layers"][::-1], names
    sys.stdout.write(f"a PSD with {', '.join(names)}\n")


def assert_same(how: str, *paths: str) -> None:
    """Every pixel is the one that was given."""
    expected = glow()
    assert len(np.unique(expected[..., 3])) > 200
    for path in paths:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGBA"))
        assert pixels.shape == (GLOW, GLOW, 4), (how, path, pixels.shape)
        assert np.array_equal(pixels, expected), (how, path)
    sys.stdout.write(f"exact to the last byte: {how}, {len(paths)} kinds\n")
