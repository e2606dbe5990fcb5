"""The layer list's habits, each once; then adjustments and a filter."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from day import Day
    from desktop import Desktop


def use_all(day: "Day") -> None:
    """From names to filters."""
    name_and_hide(day)
    pick(day)
    order(day)
    mask(day)
    mix(day)
    merge(day)
    adjust(day)


def name_and_hide(day: "Day") -> None:
    """Rename by double click; eyes one by one, in a sweep, and alone."""
    desktop, hand = day.desktop, day.hand
    hand.take("v", "move")
    for before, after in (("Layer 1", "Clouds"), ("Layer 2", "Shade")):
        desktop.click(desktop.row(before), times=2)
        desktop.key("ctrl+a")
        desktop.type(after)
        hand.key("Return", "Rename")
    for _ in "ab":
        hand.click(desktop.row("Clouds", "eye"), "Visibility")
    rows = [desktop.row(name, "eye") for name in ("Beach day", "Shade", "Clouds", "beach")]
    hand.trace("Visibility", *rows)
    assert not shown(desktop), shown(desktop)
    hand.trace("Visibility", *reversed(rows))
    hand.click(desktop.row("Shade", "eye"), "Show alone", held="alt")
    assert shown(desktop) == {"Shade"}
    hand.click(desktop.row("Shade", "eye"), "Show alone", held="alt")
    assert len(shown(desktop)) == 4
    hand.click(desktop.row("Beach day", "model_eye"), "Visibility")
    assert not desktop.state()["of"]["Beach day"]["model_visible"]


def shown(desktop: "Desktop") -> set[str]:
    """The layers whose eyes are open."""
    return {name for name, each in desktop.state()["of"].items() if each["visible"]}


def pick(day: "Day") -> None:
    """A layer's transparency as a selection, four ways."""
    desktop, hand = day.desktop, day.hand
    for name, held in (("Shade", "ctrl"), ("Clouds", "ctrl+shift"), ("Beach day", "ctrl+alt")):
        hand.click(desktop.row(name, "thumbnail"), "Select layer", held=held)
    words = "Ctrl-click on a thumbnail selects what is opaque there; Shift adds, Alt takes away."
    day.station("picked", "Selected by layers", words)
    hand.click(desktop.row("Clouds", "thumbnail"), "Select layer", held="ctrl+shift+alt")
    hand.key("ctrl+d", "Deselect")


def order(day: "Day") -> None:
    """Groups, nesting and order by drag; buttons that take layers; the row's menu."""
    desktop, hand = day.desktop, day.hand
    desktop.click(desktop.row("Shade"))
    desktop.click(desktop.row("Beach day"), held="ctrl")
    desktop.wait("two are selected", lambda state: len(state["selected"]) == 2)
    hand.key("ctrl+g", "Group")
    desktop.key("F2")
    desktop.type("Poster")
    hand.key("Return", "Rename")
    hand.drag(desktop.row("Clouds"), desktop.row("Poster"), "Order")
    assert desktop.state()["tree"][0] == ["Poster", ["Clouds", "Beach day", "Shade"]]
    hand.drag(desktop.row("Clouds"), desktop.row("beach", "top"), "Order")
    assert desktop.state()["layers"] == ["Poster", "Clouds", "beach"]
    hand.click(desktop.row("Poster", "thumbnail"), "Close group")
    hand.click(desktop.row("Poster", "thumbnail"), "Open group")
    hand.drag(desktop.row("Shade"), desktop.button("layer.new"), "Duplicate")
    hand.drag(desktop.row("Shade copy"), desktop.button("layer.delete"), "Delete")
    desktop.click(desktop.row("Poster", "thumbnail"), button=3)
    desktop.wait("the row has a menu", lambda state: state["dialog"])
    words = (
        "A group with two layers, ordered and nested by drag; one was duplicated by a drop on the "
        "button and deleted by another. A right click has everything that can be done."
    )
    day.station("ordered", "Groups and the row's menu", words)
    desktop.key("Escape")
    desktop.click(desktop.row("Clouds"))
    hand.command("red", "label.red", "Colour label")
    desktop.click(desktop.part("search"))
    desktop.type("clo")
    desktop.wait("others are not listed", lambda state: "beach" not in state["rows"])
    desktop.key("ctrl+a", "BackSpace")
    desktop.row("beach")


def mask(day: "Day") -> None:
    """A mask: made, painted, looked at, switched, linked."""
    desktop, hand, at = day.desktop, day.hand, day.desktop.at
    desktop.click(desktop.row("Clouds"))
    hand.click(desktop.button("layer.mask"), "Add mask")
    desktop.key("d")
    hand.take("b", "brush")
    hand.trace("Brush", at(130, 150), at(260, 170), at(400, 160))
    desktop.click(desktop.row("Clouds", "mask"), held="alt")
    desktop.wait("the mask is looked at", lambda state: state["shows_mask"])
    words = "Alt-click on a mask shows it as it is; black hides. It is painted on like a layer."
    day.station("masked", "A mask, looked at", words)
    desktop.click(desktop.row("Clouds", "mask"), held="alt")
    desktop.wait("the picture again", lambda state: not state["shows_mask"])
    for word in ("Disable mask", "Enable mask"):
        hand.click(desktop.row("Clouds", "mask"), word, held="shift")
    for word in ("Unlink mask", "Link mask"):
        hand.click(desktop.row("Clouds", "link"), word)
    hand.key("ctrl+i", "Invert mask")
    hand.key("ctrl+i", "Invert mask")
    desktop.click(desktop.row("Clouds", "thumbnail"))
    desktop.wait("pixels are painted on", lambda state: state["target"] == "pixels")


def mix(day: "Day") -> None:
    """Clipping between rows, mode, opacity, locks."""
    desktop, hand = day.desktop, day.hand
    hand.take("v", "move")
    desktop.click(desktop.row("Shade"))
    desktop.click(desktop.part("mode"))
    desktop.key("m")
    hand.key("Return", "Blend mode")
    assert desktop.state()["of"]["Shade"]["mode"] == "multiply"
    desktop.click(desktop.row("Shade"))
    hand.key("8", "Opacity")
    desktop.wait("80 %", lambda state: state["of"]["Shade"]["opacity"] == 80)
    hand.click(desktop.row("Beach day", "bottom"), "Clip", held="alt")
    assert desktop.state()["of"]["Beach day"]["clipped"]
    desktop.click(desktop.row("Clouds"))
    hand.click(desktop.button("layer.lock_position"), "Lock")
    words = (
        "Multiply at 80 %, the text clipped to the shade below it by an Alt-click between the "
        "rows, a lock and a colour label; the quiet lines say what each layer is."
    )
    day.station("mixed", "Mode, opacity, clipping, locks", words)
    hand.click(desktop.button("layer.lock_position"), "Unlock")
    hand.click(desktop.row("Beach day", "bottom"), "Release clipping", held="alt")


def merge(day: "Day") -> None:
    """Several at once: aligned, copied, merged, stamped."""
    desktop, hand = day.desktop, day.hand
    desktop.click(desktop.row("Beach day"))
    desktop.click(desktop.row("Shade"), held="shift")
    desktop.wait("two are selected", lambda state: len(state["selected"]) == 2)
    hand.command("centres across", "align.centre", "Align")
    desktop.click(desktop.row("Shade"))
    hand.key("ctrl+j", "Duplicate")
    hand.key("ctrl+bracketleft", "Order")
    hand.key("ctrl+bracketright", "Order")
    hand.key("ctrl+e", "Merge down")
    hand.key("ctrl+alt+shift+e", "Stamp visible")
    hand.key("Delete", "Delete")


def adjust(day: "Day") -> None:
    """Curves as a layer, seen as they are set; a filter seen on black."""
    desktop, hand = day.desktop, day.hand
    desktop.click(desktop.row("beach"))
    hand.key("ctrl+m", "Curves")
    x, y = desktop.part("panel")
    hand.drag((x - 40, y + 20), (x - 40, y - 10), "Curves")
    words = "Curves as a layer, with a mask and a mode of its own; the canvas follows each pull."
    day.station("adjusted", "An adjustment layer", words)
    desktop.click(desktop.row("Clouds"))
    desktop.key("ctrl+f")
    desktop.wait("a command is asked for", lambda state: state["finder"])
    desktop.type("defr")
    words = "Any command by a few of its letters (Ctrl+F), with its menu and its key."
    day.station("found", "Find any command", words)
    desktop.key("Return")
    desktop.click(desktop.in_dialog("Seen on"))
    desktop.key("Down", "Return")
    desktop.wait("it is worked out", lambda state: "" in (state["dialog"] or {}).get("notes", ()))
    words = "Defringe cleans soft edges of their old background; seen here on black."
    day.station("filtered", "A filter, judged on black", words)
    desktop.click(desktop.in_dialog("OK"))
    desktop.wait("it is a step", lambda state: state["history"][-1] == "Defringe")
