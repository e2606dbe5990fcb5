"""Actions on what is shown: tools, zoom, panels, prompt, help. None is a step of history.

Dialogs are imported when they are asked for: the first paint does not wait for them.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from editor.edits.guides import SetGuides
from editor.paths import log_folder
from editor.ui.aids import Aids
from editor.ui.desk import Desk
from editor.ui.theme import current_theme

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("ViewActions", text)


def about(window: "Window") -> None:
    """Say what this is."""
    from editor.ui.dialogs.about import AboutDialog

    AboutDialog(window).open()


def show_settings(window: "Window") -> None:
    """Show what can be set."""
    from editor.ui.dialogs.settings import SettingsDialog

    shown = window.findChild(SettingsDialog)
    dialog = shown or SettingsDialog(window)
    dialog.show()
    dialog.raise_()


def show_keys(window: "Window") -> None:
    """List every action that has a key."""
    from editor.ui.dialogs.about import KeysDialog

    KeysDialog(window.actions_by_id, window).open()


def find_action(window: "Window") -> None:
    """Find any command by a few of its letters."""
    from editor.ui.action_finder import ActionFinder

    finder = window.findChild(ActionFinder) or ActionFinder(window, window.actions_by_id)
    finder.open(window.desk)


def show_log(window: "Window") -> None:
    """Open the folder of logs in the system's file manager."""
    folder = log_folder()
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        window.messages.say(tr("The log is in {0}.").format(folder))


def describe(window: "Window") -> None:
    """Put the cursor into the prompt."""
    window.show_prompt(shown=True)
    window.prompt.ask_focus()


def cancel(window: "Window") -> None:
    """Stop what the tool is doing, else what is being worked out, else the running job."""
    canvas = window.canvas
    taken_back = canvas is not None and canvas.cancel_gesture()
    if not taken_back:
        stop_work(window)


def stop_work(window: "Window") -> None:
    """Stop what is being worked out in the document in front, else its running job."""
    front = window.desk.front
    if not (front is not None and front.give_up_work()) and window.generation is not None:
        window.generation.cancel_running()


def zoom_in(window: "Window") -> None:
    """Go to the next larger zoom."""
    if window.canvas is not None:
        window.canvas.zoom_in_steps(larger=True)


def zoom_out(window: "Window") -> None:
    """Go to the next smaller zoom."""
    if window.canvas is not None:
        window.canvas.zoom_in_steps(larger=False)


def fit(window: "Window") -> None:
    """Show the whole document."""
    if window.canvas is not None:
        window.canvas.fit()


def actual(window: "Window") -> None:
    """Show one pixel as one pixel."""
    if window.canvas is not None:
        window.canvas.zoom_to(1.0)


def turn_right(window: "Window") -> None:
    """Turn the view to the next of the usual angles, clockwise."""
    if window.canvas is not None:
        window.canvas.turn_in_steps(clockwise=True)


def turn_left(window: "Window") -> None:
    """Turn the view to the next of the usual angles, the other way."""
    if window.canvas is not None:
        window.canvas.turn_in_steps(clockwise=False)


def upright(window: "Window") -> None:
    """Show the document as it is again."""
    if window.canvas is not None:
        window.canvas.turn_upright()


def toggle_rulers(window: "Window") -> None:
    """Show or hide the rulers."""
    window.aids.toggle("rulers")


def toggle_guides(window: "Window") -> None:
    """Show or hide the guides."""
    window.aids.toggle("guides")


def lock_guides(window: "Window") -> None:
    """Keep the guides from being moved, or let them."""
    window.aids.toggle("locked")


def toggle_snap(window: "Window") -> None:
    """Let what is moved snap to lines, or not."""
    window.aids.toggle("snap")


def toggle_grid(window: "Window") -> None:
    """Show or hide the grid between enlarged pixels."""
    window.aids.toggle("grid")


def clear_guides(window: "Window") -> None:
    """Throw every guide away."""
    window.desk.do(SetGuides(()), tr("Clear guides"))


def has_guides(desk: Desk) -> bool:
    """Whether there is a guide."""
    return desk.document is not None and bool(desk.document.guides)


def states(aids: Aids) -> dict[str, bool]:
    """Return what of these is on, by action."""
    rows = {"rulers": "rulers", "guides": "guides", "lock_guides": "locked"}
    rows |= {"snap": "snap", "pixel_grid": "grid"}
    return {f"view.{action}": aids.has(name) for action, name in rows.items()}


def next_document(window: "Window") -> None:
    """Bring the document of the next tab to the front."""
    window.desk.step(1)


def last_document(window: "Window") -> None:
    """Bring the document of the tab before to the front."""
    window.desk.step(-1)


def toggle_panels(window: "Window") -> None:
    """Hide or show everything around the canvas."""
    window.show_panels(shown=not window.actions_by_id["window.panels"].isChecked())


def toggle_prompt(window: "Window") -> None:
    """Hide or show the prompt bar."""
    window.show_prompt(shown=not window.actions_by_id["window.prompt"].isChecked())


def toggle_history(window: "Window") -> None:
    """Hide or show the History panel."""
    hidden = window.actions_by_id["window.history"].isChecked()
    window.history_panel.setVisible(not hidden)


def toggle_light(window: "Window") -> None:
    """Change between dark and light."""
    window.preferences.set(theme="dark" if current_theme().name == "light" else "light")
