"""The evening: another keymap's file, a key of one's own with a conflict shown, the light theme."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from day import Day

OTHER = {"app.settings": ["Ctrl+K"], "tool.move": ["V"], "tool.brush": ["Shift+B"]}


def use_all(day: "Day") -> None:
    """Settings that act at once."""
    desktop, hand = day.desktop, day.hand
    file = desktop.folder / "studio.json"
    file.write_text(json.dumps(OTHER))
    desktop.key("ctrl+k")
    desktop.click(desktop.in_dialog("Keyboard"))
    desktop.click(desktop.in_dialog("Search actions and keys"))
    desktop.type("brush")
    desktop.click(desktop.in_dialog("Brush"))
    desktop.click(desktop.in_dialog("Press the new key"))
    desktop.key("v")
    taken = "V belongs to “Move” now"
    desktop.wait(
        "the conflict is said",
        lambda state: any(taken in each for each in state["dialog"]["notes"]),
    )
    words = "Settings: the keys are a file. A key that another action has says so before it is set."
    day.station("keys", "Keys of one's own", words)
    desktop.click(desktop.in_dialog("Set"))
    desktop.key("Escape")
    desktop.wait("settings are closed", lambda state: state["dialog"] is None)
    hand.take("v", "brush")
    desktop.key("ctrl+k")
    desktop.click(desktop.in_dialog("Keyboard"))
    desktop.click(desktop.in_dialog("Add a file…"))
    desktop.wait("a file is asked for", lambda state: state["dialog"]["title"] == "Add a keymap")
    desktop.key("ctrl+a")
    desktop.type(str(file))
    desktop.key("Return")
    desktop.wait(
        "the other keymap is used",
        lambda state: (state["dialog"] or {}).get("title") == "Settings",
    )
    desktop.click(desktop.in_dialog("Close"))
    desktop.wait("settings are closed", lambda state: state["dialog"] is None)
    hand.take("v", "move")
    hand.take("shift+b", "brush")
    hand.take("v", "move")
    desktop.click(desktop.button("tool.zoom"))
    words = "The light theme; as the system asks for it, or as it is set."
    desktop.key("ctrl+k")
    desktop.click(desktop.in_dialog("Appearance"))
    desktop.click(desktop.in_dialog("Theme"))
    desktop.key("End", "Return")
    desktop.key("Escape")
    desktop.wait("settings are closed", lambda state: state["dialog"] is None)
    day.station("light", "In the light", words)
