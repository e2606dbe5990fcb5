"""A prompt becomes a layer, as a person at the window has it."""

from PySide6.QtCore import Qt

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import Group, PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.formats import read
from editor.workspace import Workspace

LONG = 60_000


def type_prompt(window, qtbot, words: str, key=Qt.Key.Key_Return) -> None:
    window.prompt.field.setFocus()
    window.prompt.field.selectAll()
    qtbot.keyClicks(window.prompt.field, words)
    qtbot.keyClick(window.prompt.field, key)


def layers(window) -> tuple:
    return () if window.desk.document is None else window.desk.document.layers


def test_an_empty_window_a_prompt_and_a_psd(window, qtbot, tmp_path) -> None:
    type_prompt(window, qtbot, "red apple")
    assert window.desk.front is not None
    qtbot.waitUntil(lambda: window.prompt.button.text().startswith("Cancel"), timeout=LONG)
    qtbot.waitUntil(lambda: len(layers(window)) == 1, timeout=LONG)
    (layer,) = layers(window)
    assert layer.name == "red apple"
    assert layer.recipe.prompt == "red apple"
    alpha = layer.pixels.read(layer.pixels.content)[..., 3]
    assert 0 < alpha.mean() < 255
    assert window.desk.front.active == layer.id
    assert window.prompt.button.text() == "Generate"
    assert not window.queue_panel.isVisible()
    assert window.recipe_panel.isVisible()
    window.actions_by_id["edit.undo"].trigger()
    assert layers(window) == ()
    window.actions_by_id["edit.redo"].trigger()
    assert layers(window) == (layer,)
    path = tmp_path / "apple.psd"
    window.files.export(window.desk.document, path)
    qtbot.waitUntil(lambda: "Exported" in window.messages.text, timeout=LONG)
    (again,) = read(path).document.layers
    assert (again.name, again.rect) == ("red apple", layer.rect)


def test_variants_live_inside_the_layer(window, qtbot) -> None:
    window.prompt.settings._count.setValue(3)
    type_prompt(window, qtbot, "blue ball")
    qtbot.waitUntil(lambda: len(layers(window)) == 1, timeout=LONG)
    assert len(layers(window)[0].variants) == 3
    assert window.strip.isVisible()
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    assert layers(window)[0].variant == 1
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left)
    assert layers(window)[0].variant == 2
    name, place = layers(window)[0].name, layers(window)[0].id
    window.recipe_panel.prompt.setText("green ball")
    window.recipe_panel.regenerate.click()
    qtbot.waitUntil(lambda: len(layers(window)[0].variants) == 4, timeout=LONG)
    layer = layers(window)[0]
    assert (layer.name, layer.id, layer.variant) == (name, place, 3)
    assert layer.recipe.prompt == "green ball"


def test_the_layer_arrives_above_the_active_one(window, qtbot) -> None:
    low = PixelLayer(id=new_layer_id(), name="low", pixels=Pixels.empty())
    inner = PixelLayer(id=new_layer_id(), name="inner", pixels=Pixels.empty())
    group = Group(id=new_layer_id(), name="group", children=(inner,))
    workspace = Workspace(Document(size=Size(200, 200), layers=(low, group)))
    window.desk.open(workspace)
    workspace.select((inner.id,))
    type_prompt(window, qtbot, "red cube")
    qtbot.waitUntil(lambda: len(layers(window)[1].children) == 2, timeout=LONG)
    assert [each.name for each in layers(window)[1].children] == ["inner", "red cube"]


def test_escape_cancels_and_the_next_job_works(window, qtbot) -> None:
    type_prompt(window, qtbot, "slow apple")
    qtbot.waitUntil(lambda: bool(window.canvas._painter.placeholders), timeout=LONG)
    window.canvas.setFocus()
    window.actions_by_id["edit.cancel"].trigger()
    qtbot.waitUntil(lambda: "cancelled" in window.messages.text, timeout=10_000)
    assert layers(window) == ()
    assert not window.canvas._painter.placeholders
    type_prompt(window, qtbot, "green pear")
    qtbot.waitUntil(lambda: len(layers(window)) == 1, timeout=LONG)


def test_jobs_wait_in_order(window, qtbot) -> None:
    type_prompt(window, qtbot, "slow red one")
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    window.prompt.field.setText("blue two")
    qtbot.keyClick(window.prompt.field, Qt.Key.Key_Return, both)
    assert len(window.generation.jobs.jobs) == 2
    qtbot.waitUntil(lambda: len(layers(window)) == 2, timeout=LONG)
    assert [layer.name for layer in layers(window)] == ["slow red one", "blue two"]


def test_an_empty_prompt_is_one_sentence(window, qtbot) -> None:
    type_prompt(window, qtbot, "   ")
    assert window.messages.text == "The prompt is empty: say what the layer should show."
    assert window.desk.front is None


def test_a_worker_that_dies_loses_nothing(window, qtbot) -> None:
    type_prompt(window, qtbot, "red crash")
    before = window.desk.document
    qtbot.waitUntil(lambda: "was not made" in window.messages.text, timeout=LONG)
    assert window.desk.document is before
    type_prompt(window, qtbot, "red apple")
    qtbot.waitUntil(lambda: len(layers(window)) == 1, timeout=LONG)


def test_a_job_waits_for_the_end_of_a_stroke(window, qtbot) -> None:
    workspace = Workspace(Document(size=Size(200, 200)))
    window.desk.open(workspace)
    window.actions_by_id["layer.new"].trigger()
    type_prompt(window, qtbot, "red apple")
    window.tools.choose("brush")
    canvas = window.canvas
    middle = canvas.rect().center()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: not window.generation.jobs.jobs, timeout=LONG)
    assert len(workspace.document.layers) == 1
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert [layer.name for layer in workspace.document.layers] == ["Layer 1", "red apple"]
    labels = [step.label for step in workspace.history.steps]
    assert labels == ["New", "New layer", "Brush", "Generate red apple"]
