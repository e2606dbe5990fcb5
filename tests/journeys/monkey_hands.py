"""What a monkey does to the window: clicks, keys, drags, wheel, pen, drops, actions, dialogs."""

import random
from collections.abc import Callable
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import (
    QContextMenuEvent,
    QDesktopServices,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QInputDevice,
    QInputMethodEvent,
    QKeySequence,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QColorDialog,
    QDialog,
    QFileDialog,
    QMenu,
    QWidget,
)

import editor.ui.layer_view
from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import Group, new_layer_id
from editor.ui.keymap import SHIPPED, read_keymap
from editor.ui.window import Window
from editor.workspace import Workspace

from monkey_things import made_files, made_layer, something  # isort: skip

BUTTONS = (
    *[Qt.MouseButton.LeftButton] * 6,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
KEYS = (
    "Return", "Escape", "Tab", "Backspace", "Delete", "Left", "Right", "Up", "Down", "Space",
    "Home", "End", "PgUp", "PgDown", "a", "b", "7", "0", "5", ".", "-", "F2", "Shift+Tab",
    "Shift+Left", "Shift+Up", "Ctrl+A", "Ctrl+V", "Ctrl+C", "Ctrl+Z",
)  # fmt: skip
PROMPTS = ("a red apple", "slow pear", "empty", "wrong", "doubtful leaf", "two trees", "")
WORDS = ("leaf", "12", "a b", "Ünïcödé", "葉", "-3.5", "%")
PINCHES = (
    Qt.NativeGestureType.ZoomNativeGesture,
    Qt.NativeGestureType.RotateNativeGesture,
    Qt.NativeGestureType.SmartZoomNativeGesture,
)
MOST_DOCUMENTS = 4
MOST_PIXELS = 1_500_000  # of a document; larger ones are closed, since other tests are about them
MOST_LAYERS = 40
ANSWERS_MS = 3
MOST_ACTS = 6  # in one dialog or menu, before it is put away


class Hands:
    """All that is done comes from one generator of random numbers; `done` says what it was."""

    def __init__(self, window: Window, seed: int, folder: Path) -> None:
        self.done: list[str] = []
        self._window, self._folder = window, folder
        self._random = random.Random(seed)
        self._depth = 0
        self._acts: dict[int, int] = {}
        self._pen = QPointingDevice(
            "pen", 7, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
            QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 1,
        )  # fmt: skip
        self._pad = QPointingDevice.primaryPointingDevice()
        self._keys = [
            key for keys in read_keymap(SHIPPED / "photoshop.json").keys.values() for key in keys
        ]
        self._files = made_files(self._random, folder)
        self._replace_what_leaves()
        self._answered: list[int] = []  # what is being answered, the outermost first
        self._has_ended = False
        self._answer()
        self._kinds: list[tuple[int, Callable[[], None]]] = [
            (18, self._click), (10, self._key), (12, self._shortcut), (18, self._drag),
            (6, self._wheel), (8, self._draw_with_pen), (4, self._drop), (4, self._switch),
            (12, self._trigger), (2, self._open), (1, self._close), (2, self._write_prompt),
            (3, self._wait), (2, self._menu_at), (4, self._choose_tool), (3, self._write),
            (1, self._resize), (1, self._pinch),
        ]  # fmt: skip

    @property
    def is_busy(self) -> bool:
        """Whether an event has not ended, for a dialog waits in it."""
        return self._depth > 0 or QApplication.activeModalWidget() is not None

    def act(self) -> None:
        """Do one thing."""
        self._depth += 1
        try:
            if not self._answer_one():
                self._keep_small()
                weights = [weight for weight, _ in self._kinds]
                self._random.choices([kind for _, kind in self._kinds], weights)[0]()
        finally:
            self._depth -= 1

    def answer_during(self, work: Callable[[], None]) -> None:
        """Do something while dialogs that come up are answered."""
        self._depth += 1
        try:
            work()
        finally:
            self._depth -= 1

    def end(self) -> None:
        """Stop answering."""
        self._has_ended = True

    def forget(self) -> None:
        """Keep no document alive."""
        self._acts.clear()

    # What is in the way

    def _answer(self) -> None:
        """While an event waits; a timer that repeats would not come again while it is answered."""
        if self._has_ended:
            return
        QTimer.singleShot(ANSWERS_MS, self._answer)
        if self._depth > 0:
            self._answer_one()

    def _answer_one(self) -> bool:
        there = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if there is None or shiboken6.getCppPointer(there)[0] in self._answered:
            return False
        self._answered.append(shiboken6.getCppPointer(there)[0])
        try:
            self._answer_to(there)
        finally:
            self._answered.pop()
        return True

    def _answer_to(self, there: QWidget) -> None:
        key = shiboken6.getCppPointer(there)[0]
        self._acts[key] = self._acts.get(key, 0) + 1
        name = f"{type(there).__name__} {there.windowTitle()!r}"
        if self._acts[key] > MOST_ACTS:
            del self._acts[key]
            self._note(f"put away {name}")
            there.reject() if isinstance(there, QDialog) else there.close()
        elif isinstance(there, QFileDialog):
            self._note(f"choose a file in {name}")
            there.selectFile(str(self._random.choice(self._files)))
            there.accept() if self._random.random() < 0.7 else there.reject()
        elif isinstance(there, QColorDialog):
            self._note(f"choose a colour in {name}")
            there.setCurrentColor(self._random.getrandbits(24))
            there.accept() if self._random.random() < 0.7 else there.reject()
        elif isinstance(there, QMenu):
            self._use_menu(there)
        else:
            self._use_dialog(there, name)

    def _use_menu(self, menu: QMenu) -> None:
        actions = [each for each in menu.actions() if each.isEnabled() and not each.isSeparator()]
        if not actions or self._random.random() < 0.3:
            self._note("close a menu")
            menu.close()
            return
        action = self._random.choice(actions)
        self._note(f"menu: {action.text()}")
        menu.setActiveAction(action)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    def _use_dialog(self, dialog: QWidget, name: str) -> None:
        buttons = [
            each
            for each in dialog.findChildren(QAbstractButton)
            if each.isVisible() and each.isEnabled()
        ]
        way = self._random.random()
        if buttons and way < 0.45:
            button = self._random.choice(buttons)
            self._note(f"{name}: button {button.text()!r}")
            button.click()
        elif way < 0.6:
            key = self._random.choice(("Return", "Escape", "Tab", "5", "Up", "Down", "a"))
            self._note(f"{name}: key {key}")
            QTest.keySequence(dialog.focusWidget() or dialog, QKeySequence(key))
        else:
            self._click_in(dialog)

    # What is done

    def _click(self) -> None:
        self._click_in(self._window)

    def _click_in(self, top: QWidget) -> None:
        widget, at = self._place_in(top)
        button = self._random.choice(BUTTONS)
        held = self._held()
        twice = self._random.random() < 0.15
        self._note(f"{'double-' if twice else ''}click {button.name} {held} {_name(widget)} {at}")
        QTest.mouseMove(widget, at)
        QTest.mouseClick(widget, button, held, at)
        if twice and shiboken6.isValid(widget):
            QTest.mouseDClick(widget, button, held, at)

    def _key(self) -> None:
        self._type(self._random.choice(KEYS))

    def _shortcut(self) -> None:
        self._type(self._random.choice(self._keys))

    def _type(self, key: str) -> None:
        if self._window.isActiveWindow() is False:
            self._window.activateWindow()
        widget = QApplication.focusWidget() or self._window
        self._note(f"key {key} {_name(widget)}")
        QTest.keySequence(widget, QKeySequence(key))

    def _drag(self) -> None:
        top = self._window
        canvas = self._window.canvas
        if canvas is not None and self._random.random() < 0.75:
            widget, at = canvas, self._at(canvas)
        else:
            widget, at = self._place_in(top)
        button = self._random.choice(BUTTONS)
        held = self._held()
        places = [self._at(widget) for _ in range(self._random.randint(1, 4))]
        self._note(f"drag {button.name} {held} {_name(widget)} {at} {places}")
        QTest.mousePress(widget, button, held, at)
        for place in places:
            if shiboken6.isValid(widget):
                QTest.mouseMove(widget, place)
        if self._random.random() < 0.1:
            self._shortcut()
        if shiboken6.isValid(widget):
            QTest.mouseRelease(widget, button, held, places[-1])

    def _wheel(self) -> None:
        widget, at = self._place_in(self._window)
        turn = QPoint(self._random.randint(-240, 240), self._random.randint(-240, 240))
        held = self._held()
        self._note(f"wheel {turn} {held} {_name(widget)} {at}")
        event = QWheelEvent(
            QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), turn,
            Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)

    def _draw_with_pen(self) -> None:
        canvas = self._window.canvas
        if canvas is None:
            return
        held = self._held()
        places = [self._at(canvas) for _ in range(self._random.randint(2, 6))]
        self._note(f"pen {held} {places}")
        kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(places) - 2)]
        for kind, place in zip([*kinds, QEvent.Type.TabletRelease], places, strict=True):
            if not shiboken6.isValid(canvas):
                return
            ended = kind is QEvent.Type.TabletRelease
            button = Qt.MouseButton.NoButton if ended else Qt.MouseButton.LeftButton
            event = QTabletEvent(
                kind, self._pen, QPointF(place), QPointF(canvas.mapToGlobal(place)),
                0.0 if ended else self._random.random(), 0, 0, 0, 0, 0, held,
                Qt.MouseButton.LeftButton, button,
            )  # fmt: skip
            QApplication.sendEvent(canvas, event)

    def _drop(self) -> None:
        data, what = something(self._random, self._files)
        self._note(f"drop {what}")
        self._drop_data(data)

    def _drop_data(self, data: QMimeData) -> None:
        widget, at = self._place_in(self._window)
        while not widget.acceptDrops() and widget.parentWidget() is not None:
            at = widget.mapToParent(at)
            widget = widget.parentWidget()
        if not widget.acceptDrops():
            return
        self.done[-1] += f" on {_name(widget)} {at}"
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(at, copy, data, left, self._held())
        QApplication.sendEvent(widget, enter)
        move = QDragMoveEvent(at, copy, data, left, self._held())
        QApplication.sendEvent(widget, move)
        if not enter.isAccepted() or not move.isAccepted() or self._random.random() < 0.2:
            QApplication.sendEvent(widget, QDragLeaveEvent())
        else:
            event = QDropEvent(QPointF(at), copy, data, left, self._held())
            QApplication.sendEvent(widget, event)

    def _switch(self) -> None:
        workspaces = self._window.desk.workspaces
        if workspaces:
            index = self._random.randrange(len(workspaces))
            self._note(f"show document {index}")
            self._window.desk.show(workspaces[index])

    def _trigger(self) -> None:
        names = [name for name, each in self._window.actions_by_id.items() if each.isEnabled()]
        name = self._random.choice(names)
        self._note(f"action {name}")
        self._window.actions_by_id[name].trigger()

    def _choose_tool(self) -> None:
        name = self._random.choice(list(self._window.tools.tools))
        self._note(f"tool {name}")
        self._window.tools.choose(name)

    def _open(self) -> None:
        if self._random.random() < 0.3:
            path = self._random.choice(self._files)
            self._note(f"open {path.name}")
            self._window.files.open([path])
            return
        size = Size(self._random.randint(1, 500), self._random.randint(1, 400))
        layers = tuple(
            made_layer(self._random, f"layer {n}") for n in range(self._random.randint(0, 3))
        )
        group = Group(
            id=new_layer_id(), name="group", children=(made_layer(self._random, "inner"),)
        )
        self._note(f"open a document {size} of {len(layers)} layers")
        self._window.desk.open(Workspace(Document(size=size, layers=(*layers, group))))

    def _close(self) -> None:
        front = self._window.desk.front
        if front is not None:
            self._note("close the document in front")
            self._window.close_workspace(front)

    def _write_prompt(self) -> None:
        text = self._random.choice(PROMPTS)
        self._note(f"prompt {text!r}")
        self._window.prompt.field.setText(text)

    def _write(self) -> None:
        """Words into whatever has the keyboard; the text tool's field where one is open."""
        widget = QApplication.focusWidget() or self._window
        words = self._random.choice(WORDS)
        self._note(f"write {words!r} {_name(widget)}")
        if isinstance(widget, QWidget) and words.isascii():
            QTest.keyClicks(widget, words)
            return
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(widget, event)

    def _resize(self) -> None:
        width, height = self._random.randint(700, 1500), self._random.randint(500, 1000)
        self._note(f"resize to {width} x {height}")
        self._window.resize(width, height)

    def _pinch(self) -> None:
        canvas = self._window.canvas
        if canvas is None:
            return
        at, kind = self._at(canvas), self._random.choice(PINCHES)
        value = self._random.uniform(-0.5, 0.5)
        self._note(f"pinch {kind.name} {value:.2f} {at}")
        place, globally = QPointF(at), QPointF(canvas.mapToGlobal(at))
        event = QNativeGestureEvent(kind, self._pad, 2, place, place, globally, value, QPointF(), 1)
        QApplication.sendEvent(canvas, event)

    def _wait(self) -> None:
        duration_ms = self._random.choice((1, 10, 60))
        self._note(f"wait {duration_ms} ms")
        QTest.qWait(duration_ms)

    def _menu_at(self) -> None:
        widget, at = self._place_in(self._window)
        self._note(f"menu at {_name(widget)} {at}")
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at), self._held()
        )
        QApplication.sendEvent(widget, event)

    # What it is done with

    def _note(self, text: str) -> None:
        self.done.append(f"{len(self.done)}: {text}")

    def _place_in(self, top: QWidget) -> tuple[QWidget, QPoint]:
        at = self._at(top)
        widget = top.childAt(at) or top
        return widget, widget.mapFrom(top, at)

    def _at(self, widget: QWidget) -> QPoint:
        width, height = max(1, widget.width()), max(1, widget.height())
        return QPoint(self._random.randrange(width), self._random.randrange(height))

    def _held(self) -> Qt.KeyboardModifier:
        held = Qt.KeyboardModifier.NoModifier
        for each in ("ShiftModifier", "ControlModifier", "AltModifier"):
            if self._random.random() < 0.12:
                held |= Qt.KeyboardModifier[each]
        return held

    def _keep_small(self) -> None:
        """Close what is too large or too many for a quick run."""
        desk = self._window.desk
        for each in desk.workspaces:
            pixels = each.document.size.width * each.document.size.height
            layers = sum(1 for _ in each.document.walk())
            if pixels > MOST_PIXELS or layers > MOST_LAYERS:
                self._note(f"close a document of {pixels} pixels and {layers} layers")
                desk.close(each)
        if len(desk.workspaces) > MOST_DOCUMENTS:
            self._note("close the first document")
            desk.close(desk.workspaces[0])
        if not desk.workspaces and self._random.random() < 0.3:
            self._open()

    def _replace_what_leaves(self) -> None:
        """Answer what asks the system: file dialogs, drags, the web, and the end of the window."""
        chance = self._random

        def target(*_args: object) -> tuple[str, str]:
            suffix = chance.choice((".acetate", ".png", ".psd", ".ora", ".jpg", ""))
            name = str(self._folder / "pictures" / f"out{chance.randint(0, 5)}{suffix}")
            return ("" if chance.random() < 0.3 else name), ""

        def sources(*_args: object) -> tuple[list[str], str]:
            return [str(each) for each in chance.sample(self._files, chance.randint(0, 2))], ""

        def source(*_args: object) -> tuple[str, str]:
            return str(chance.choice(self._files)), ""

        def folder(*_args: object) -> str:
            return chance.choice(("", str(self._folder / "models")))

        hands = self

        class Drag(QDrag):
            def exec(self, *_args: object) -> Qt.DropAction:
                hands._note("drag out")
                hands._drop_data(self.mimeData())
                self.deleteLater()  # as Qt does after a drag
                return Qt.DropAction.CopyAction

        QFileDialog.getSaveFileName = target
        QFileDialog.getOpenFileNames = sources
        QFileDialog.getOpenFileName = source
        QFileDialog.getExistingDirectory = folder
        QDesktopServices.openUrl = lambda _url: True
        editor.ui.layer_view.QDrag = Drag
        self._window.fetcher.fetch = lambda names: self._note(f"fetch {names}")
        self._window.close = lambda: self._note("asked to quit")


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName()}".strip()
