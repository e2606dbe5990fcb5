"""Text in the window: letters drawn, typed, changed, saved."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor.document.text import Alignment, Text
from editor.ui.lettering import drawn
from editor.ui.typing_field import TypingField


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("a", side=20, at=(0, 0)), size=(300, 200))


def field(window) -> TypingField:
    found = window.canvas.findChild(TypingField)
    assert found is not None
    return found


def click(window, qtbot, x: float, y: float) -> None:
    at = window.canvas.view.place(x, y).toPoint()
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=at)


def test_letters_are_drawn_in_one_colour_with_smooth_edges(qapp) -> None:
    pixels = drawn(Text("Hi", size=60, colour=(10, 200, 30)))
    array = pixels.read(pixels.content)
    alpha = array[..., 3]
    assert (array[alpha > 0][:, :3] == (10, 200, 30)).all()
    assert len(np.unique(alpha)) > 10
    assert 30 < pixels.content.height < 70
    assert pixels.content.y1 <= 2
    assert drawn(Text("  ")).content.is_empty


def test_lines_lie_as_they_are_aligned(qapp) -> None:
    rects = {side: drawn(Text("mm\nmmmm", size=40, alignment=side)).content for side in Alignment}
    width = rects[Alignment.LEFT].width
    assert abs(rects[Alignment.LEFT].x0) < 6
    assert abs(rects[Alignment.CENTER].x0 + width / 2) < 6
    assert abs(rects[Alignment.RIGHT].x1) < 6
    assert rects[Alignment.LEFT].height > 40


def test_text_is_drawn_through_its_transform(qapp) -> None:
    plain, wide = drawn(Text("Hi", size=60)), drawn(Text("Hi", size=60, linear=(2, 0, 0, 1)))
    assert wide.content.width == pytest.approx(2 * plain.content.width, abs=3)
    assert wide.content.height == pytest.approx(plain.content.height, abs=2)


def test_text_is_typed_changed_and_undone(window, workspace, qtbot, tmp_path) -> None:
    from editor import formats
    from editor.document.changes import same

    window.activateWindow()
    workspace.set_colours((200, 0, 0), (0, 0, 0))
    window.actions_by_id["tool.text"].trigger()
    click(window, qtbot, 60, 120)
    qtbot.waitUntil(field(window).hasFocus)
    qtbot.keyClicks(field(window), "be x5")
    assert window.tools.current.id == "text"
    window.tools.set_number("size", 80)
    qtbot.keyClick(field(window), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not field(window).isVisible()
    layer = workspace.document.layers[-1]
    assert (layer.text.content, layer.text.size, layer.text.colour) == ("be x5", 80, (200, 0, 0))
    assert [step.label for step in workspace.history.steps] == ["New", "Text"]
    formats.write(workspace.document, tmp_path / "a.acetate")
    assert same(formats.read(tmp_path / "a.acetate").document, workspace.document)
    click(window, qtbot, layer.rect.x0 + 5, layer.rect.y1 - 5)
    assert field(window).toPlainText() == "be x5"
    workspace.set_colours((0, 0, 200), (0, 0, 0))
    assert workspace.document.layers[-1].text.colour == (0, 0, 200)
    qtbot.keyClick(field(window), Qt.Key.Key_Escape)
    assert workspace.document.layers[-1] is layer
    window.actions_by_id["edit.undo"].trigger()
    assert len(workspace.document.layers) == 1


def test_another_tool_keeps_what_was_typed(window, workspace, qtbot) -> None:
    window.actions_by_id["tool.text"].trigger()
    click(window, qtbot, 60, 120)
    qtbot.keyClicks(field(window), "kept")
    window.tools.choose("move")
    assert workspace.document.layers[-1].name == "kept"
    assert not workspace.is_previewing
    workspace.select((workspace.document.layers[-1].id,))
    window.actions_by_id["layer.text_to_pixels"].trigger()
    assert workspace.document.layers[-1].text is None
    assert not workspace.document.layers[-1].rect.is_empty
