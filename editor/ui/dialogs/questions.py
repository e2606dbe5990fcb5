"""Questions with two or three answers, in plain text whatever the names in them are."""

from enum import Enum, auto

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget


class Answer(Enum):
    """What was chosen."""

    YES = auto()
    NO = auto()
    CANCEL = auto()


def ask_unsaved(parent: QWidget, name: str) -> Answer:
    """Ask whether a changed document is saved before it is closed."""
    return _ask(
        parent,
        tr("Save the changes to “{0}”?").format(name),
        tr("Without saving, they are lost."),
        (tr("Save"), tr("Don't save")),
    )


def ask_lossy(parent: QWidget, name: str, losses: tuple[str, ...]) -> Answer:
    """Ask whether a file is written although it cannot hold everything."""
    return _ask(
        parent,
        tr("“{0}” cannot hold all of this document.").format(name),
        "\n".join(losses),
        (tr("Write it anyway"), tr("Save as project…")),
    )


def ask_default_settings(parent: QWidget) -> Answer:
    """Ask whether all settings go back to what a first start has."""
    return _ask(
        parent,
        tr("Set everything as on a first start?"),
        tr("Keymaps of your own stay and can be chosen again."),
        (tr("Restore defaults"), tr("Leave as it is")),
    )


def ask_reset_keys(parent: QWidget, name: str) -> Answer:
    """Ask whether a keymap of the user's own loses all its changes."""
    return _ask(
        parent,
        tr("Give every action Photoshop's keys again?"),
        tr("What you changed in “{0}” is lost.").format(name),
        (tr("Reset all"), tr("Leave as it is")),
    )


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("Questions", text)


def _ask(parent: QWidget, text: str, more: str, choices: tuple[str, str]) -> Answer:
    from PySide6.QtWidgets import QMessageBox  # 25 ms, not before the first paint

    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle("Acetate")
    box.setText(f"{text}\n\n{more}")  # the informative text would not be plain
    yes = box.addButton(choices[0], QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(choices[1], QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(yes)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is yes:
        return Answer.YES
    return Answer.NO if clicked is no else Answer.CANCEL
