"""The day's first half: looking, and every tool once, each with something to be seen."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from day import Day


def use_all(day: "Day") -> None:
    """From rulers to the crop."""
    look(day)
    select(day)
    paint(day)
    write_and_move(day)
    mask_and_crop(day)


def look(day: "Day") -> None:
    """Rulers, guides that snap, zoom, a turned view."""
    desktop, hand = day.desktop, day.hand
    hand.take("v", "move")
    desktop.key("ctrl+r")
    hand.drag(desktop.part("ruler"), desktop.at(700, 346), "New guide")
    hand.drag(desktop.part("side_ruler"), desktop.at(514, 300), "New guide")
    assert 512.0 in desktop.state()["guides"]  # on the middle, not beside it
    zoom = desktop.state()["view"][0]
    desktop.wheel(desktop.at(512, 346), up=True, times=3)
    desktop.wait("the wheel enlarges", lambda state: state["view"][0] > zoom * 1.9)
    desktop.drag(desktop.at(700, 346), desktop.at(690, 420), held="r")
    words = (
        "Rulers (Ctrl+R), a guide pulled out of each that snaps to the middle, the wheel to "
        "enlarge under the pointer, R and a drag to turn the view. Shift+R puts it upright."
    )
    day.station("looked", "Rulers, guides and a turned view", words)
    desktop.key("shift+r", "ctrl+1", "ctrl+r", "ctrl+0")
    hand.take("z", "zoom")
    desktop.click(desktop.at(512, 300), held="alt")
    hand.take("h", "hand")
    desktop.drag(desktop.at(500, 300), desktop.at(540, 330))
    desktop.key("ctrl+1")
    desktop.wait("100 %", lambda state: state["view"][0] == 1.0)
    desktop.key("ctrl+0")
    desktop.wait("all of it", lambda state: state["view"][0] < 1.0)
    hand.command("clear guides", "view.clear_guides", "Clear guides")


def select(day: "Day") -> None:
    """Each tool that selects, with the keys that combine."""
    hand, at = day.hand, day.desktop.at
    hand.take("m", "select_rectangle").drag(at(120, 120), at(420, 330), "Select")
    hand.take("shift+m", "select_ellipse")
    hand.drag(at(340, 60), at(620, 300), "Select", held="shift")
    hand.take("l", "lasso")
    with hand.step("Select"):
        lasso = (at(600, 160), at(680, 100), at(800, 130), at(760, 260), at(620, 250))
        day.desktop.trace(*lasso, held="shift")
    hand.take("shift+l", "polygon")
    with hand.step("Select"):
        day.desktop.click(at(200, 200), held="alt")
        for corner in (at(300, 180), at(280, 280)):
            day.desktop.click(corner)
        day.desktop.key("Return")
    words = (
        "A rectangle, with Shift an ellipse and a lasso added to it, with Alt a polygon taken out "
        "of it; its edge walks."
    )
    day.station("selected", "Selections that combine", words)
    hand.take("w", "wand").click(at(500, 700), "Select")
    hand.key("ctrl+shift+i", "Invert selection")
    hand.key("ctrl+d", "Deselect")
    hand.key("ctrl+shift+d", "Select again")
    day.desktop.key("shift+F6")
    day.desktop.in_dialog("OK")
    hand.key("Return", "Feather selection")
    hand.key("ctrl+d", "Deselect")


def paint(day: "Day") -> None:
    """Eyedropper, brush, eraser, gradient and bucket."""
    desktop, hand, at = day.desktop, day.hand, day.desktop.at
    hand.key("ctrl+shift+n", "New layer")
    desktop.key("d", "x")
    hand.take("b", "brush")
    desktop.key("bracketright", "bracketright", "bracketright", "bracketright", "bracketright")
    clouds = ((180, 150), (230, 120), (290, 140), (340, 110), (400, 130), (440, 160), (330, 165))
    hand.trace("Brush", *(at(*each) for each in clouds))
    hand.click(at(190, 170), "Brush", held="shift")
    hand.trace("Brush", at(620, 110), at(680, 90), at(760, 105))
    hand.take("e", "eraser").trace("Eraser", at(610, 140), at(700, 128), at(790, 140))
    hand.take("i", "eyedropper")
    desktop.key("d")
    black = desktop.wait("black", lambda state: state["colours"][0] == [0, 0, 0])["colours"][0]
    desktop.click(at(900, 360))
    desktop.wait("a colour is taken", lambda state: state["colours"][0] != black)
    hand.key("ctrl+shift+n", "New layer")
    hand.take("shift+m", "select_ellipse").drag(at(620, 420), at(860, 600), "Select")
    hand.take("shift+g", "gradient").drag(at(740, 425), at(740, 595), "Gradient")
    hand.key("ctrl+d", "Deselect")
    hand.take("m", "select_rectangle").drag(at(730, 560), at(750, 700), "Select")
    desktop.key("x")
    hand.take("g", "bucket").click(at(740, 650), "Fill")
    hand.key("alt+BackSpace", "Fill")
    hand.key("ctrl+d", "Deselect")
    words = (
        "Clouds by the brush, with Shift a straight line; the eraser under one of them; a colour "
        "taken from the sand; a gradient in an ellipse and a filled bar on a layer of their own."
    )
    day.station("painted", "Brush, eraser, gradient and fill", words)


def write_and_move(day: "Day") -> None:
    """Free transform with handles; text, which stays text; move by hand and by keys."""
    desktop, hand, at = day.desktop, day.hand, day.desktop.at
    hand.take("ctrl+t", "transform")
    desktop.drag(at(950, 520), at(940, 640))
    words = "Free transform (Ctrl+T): a drag outside the box turns; the numbers can be typed."
    day.station("transformed", "Free transform", words)
    hand.key("Return", "Free transform")
    desktop.key("d", "x")
    hand.take("t", "text")
    desktop.click(at(120, 480))
    time.sleep(0.3)
    desktop.type("Beach day")
    hand.key("ctrl+Return", "Text")
    hand.take("v", "move").drag(at(150, 460), at(190, 480), "Move")
    hand.key("Right", "Move")
    hand.key("shift+Down", "Move")
    words = "A text layer stays text: a click with T types on. Move snaps to what is around it."
    day.station("written", "Text, moved", words)


def mask_and_crop(day: "Day") -> None:
    """The quick mask, what is selected cleared, and the crop."""
    desktop, hand, at = day.desktop, day.hand, day.desktop.at
    desktop.click(desktop.row("Layer 1"))
    desktop.key("d")
    desktop.key("q")
    hand.take("b", "brush").trace("Brush", at(150, 130), at(300, 120), at(460, 140))
    words = "The quick mask (Q): what is not selected has a red veil, and is painted."
    day.station("quick_mask", "Quick mask", words)
    desktop.key("q")
    hand.key("Delete", "Clear")
    hand.undo()
    hand.key("ctrl+d", "Deselect")
    hand.take("c", "crop")
    desktop.drag(at(40, 30), at(990, 740))
    words = "Crop: handles, proportions, what goes away darkened. Enter or a double click does it."
    day.station("cropped", "Crop", words)
    hand.key("Return", "Crop")
