"""Actions on the whole picture: its size, turned, mirrored, trimmed, once more in another tab."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QInputDialog

from editor.edits.edit import Edit
from editor.edits.image import (
    CropToSelection,
    FlipImage,
    RotateImage,
    TrimImage,
    TurnImage,
)
from editor.workspace import Workspace

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("ImageActions", text)


def size(window: "Window") -> None:
    """Ask for another size of the picture."""
    from editor.ui.dialogs.image_size import ImageSizeDialog  # not before the first paint

    document = window.desk.document
    if document is None:
        return
    dialog = ImageSizeDialog(document.size, document.dpi, window)
    if dialog.exec() == ImageSizeDialog.DialogCode.Accepted:
        edit = dialog.answer()
        if (edit.size, edit.dpi) != (document.size, document.dpi):
            _do(window, edit, tr("Image size"))


def turn(window: "Window", quarters: int) -> None:
    """Turn the picture to the right by quarters of a circle."""
    _do(window, TurnImage(quarters), tr("Rotate image"))


def rotate(window: "Window") -> None:
    """Ask by how many degrees to turn the picture."""
    degrees, is_given = QInputDialog.getDouble(
        window, tr("Rotate image"), tr("Degrees to the right"), 0.0, -360.0, 360.0, 2
    )
    if is_given and degrees % 360:
        _do(window, RotateImage(degrees), tr("Rotate image"))


def flip(window: "Window", across: bool) -> None:
    """Mirror the picture."""
    _do(window, FlipImage(across), tr("Flip image"))


def trim(window: "Window") -> None:
    """Cut transparent edges off."""
    _do(window, TrimImage(), tr("Trim"))


def trim_colour(window: "Window") -> None:
    """Cut edges of one colour off."""
    _do(window, TrimImage(by_colour=True), tr("Trim"))


def crop(window: "Window") -> None:
    """Make what is selected the canvas."""
    _do(window, CropToSelection(), tr("Crop"))


def duplicate(window: "Window") -> None:
    """Open the same document once more, unsaved, in a tab of its own."""
    document = window.desk.document
    if document is not None:
        window.desk.open(Workspace(document, tr("Duplicate"), is_saved=False))


def _do(window: "Window", edit: Edit, label: str) -> None:
    window.desk.do(edit, label)
