"""What keys do on one canvas: borrow a tool, turn the view, go to the tool, choose a variant."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from editor.document.layer import PixelLayer
from editor.tools.tool import Key, Modifier
from editor.ui.gestures import Gestures
from editor.ui.navigation import Navigation
from editor.ui.tool_box import ToolBox

if TYPE_CHECKING:  # the canvas makes it
    from editor.ui.canvas import Canvas

PAINTING = ("brush", "eraser", "bucket", "gradient")  # tools that Alt borrows the eyedropper from
MODIFIERS = (
    (Qt.KeyboardModifier.ShiftModifier, Modifier.SHIFT),
    (Qt.KeyboardModifier.ControlModifier, Modifier.CONTROL),
    (Qt.KeyboardModifier.AltModifier, Modifier.ALT),
)
KEYS = {
    Qt.Key.Key_Left: Key.LEFT,
    Qt.Key.Key_Right: Key.RIGHT,
    Qt.Key.Key_Up: Key.UP,
    Qt.Key.Key_Down: Key.DOWN,
    Qt.Key.Key_Backspace: Key.BACKSPACE,
}
PLAIN = (Modifier.NONE, Modifier.SHIFT)
TOOL_KEYS = {  # with which modifiers they go to a tool that has open work
    **dict.fromkeys(KEYS, PLAIN),
    Qt.Key.Key_Return: PLAIN,
    Qt.Key.Key_Enter: PLAIN,
}
TURNING = Qt.Key.Key_R
BORROWING = (Qt.Key.Key_Space, Qt.Key.Key_Alt)
VARIANT_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class CanvasKeys:
    """One canvas's."""

    def __init__(
        self, canvas: "Canvas", tools: ToolBox, gestures: Gestures, navigation: Navigation
    ) -> None:
        """Give keys to these."""
        self._canvas = canvas
        self._tools = tools
        self._gestures = gestures
        self._navigation = navigation

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key must not be a shortcut, since the tool's open work needs it."""
        key, held = Qt.Key(event.key()), modifiers_of(event.modifiers())
        return self._gestures.lasting is not None and held in TOOL_KEYS.get(key, ())

    def press(self, event: QKeyEvent) -> bool:
        """Space and Alt borrow a tool, Enter and arrows go to it or step through variants."""
        key = Qt.Key(event.key())
        if key is TURNING and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._navigation.be_ready_to_turn(ready=True)
        elif key in BORROWING:
            self._borrow(key, event)
        elif self._given(key, modifiers_of(event.modifiers())):
            event.accept()
        elif key in VARIANT_STEPS and not self._gestures.is_pressed:
            self._canvas.variant_asked.emit(VARIANT_STEPS[key])
        else:
            return False
        return True

    def release(self, event: QKeyEvent) -> bool:
        """Give back what was borrowed."""
        if event.isAutoRepeat():
            return False
        if event.key() == TURNING:
            self._navigation.be_ready_to_turn(ready=False)
        if event.key() not in BORROWING or self._gestures.is_pressed:
            return False
        self._tools.borrow(None)
        return True

    def leave(self) -> None:
        """Without the keyboard nothing is borrowed."""
        self._navigation.be_ready_to_turn(ready=False)
        self._tools.borrow(None)

    def _given(self, key: Qt.Key, modifiers: Modifier) -> bool:
        """Give a key to the tool; False where it has no use for it."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._gestures.apply()
        if key in VARIANT_STEPS and modifiers is Modifier.NONE and self._shows_variants():
            return False
        return key in KEYS and self._gestures.key(KEYS[key], modifiers)

    def _shows_variants(self) -> bool:
        """Whether arrows are wanted to choose among results; with Control they always move."""
        workspace = self._canvas.workspace
        layer = None if workspace.active is None else workspace.document.find(workspace.active)
        moves = self._tools.chosen.id == "move"
        return moves and isinstance(layer, PixelLayer) and len(layer.variants) > 1

    def _borrow(self, key: Qt.Key, event: QKeyEvent) -> None:
        if self._gestures.is_pressed or event.isAutoRepeat():
            return
        if key is Qt.Key.Key_Space:
            self._tools.borrow("hand")
        elif self._tools.current.id in PAINTING:
            self._tools.borrow("eyedropper")


def modifiers_of(qt: Qt.KeyboardModifier) -> Modifier:
    """Return Qt's modifiers as a tool knows them."""
    held = Modifier.NONE
    for theirs, ours in MODIFIERS:
        if qt & theirs:
            held |= ours
    return held
