from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from editor.document.geometry import Rect
from editor.document.pixels import Coverage
from editor.document.recipe import Recipe
from editor.edits.selection import SetSelection
from editor.generation import order_for
from editor.ui.extras import LORA, STYLE, Extra
from editor.ui.words import layer_line
from generator.models.catalogue import TRACED_WITH, Card, Model
from generator.models.store import models
from generator.request import Role, Task


@pytest.fixture
def asked(studio) -> list:
    """What is asked, instead of having it made."""
    found: list = []
    studio.asking.asked.disconnect(studio._on_asked)
    studio.asking.asked.connect(found.append)
    return found


def small(*files: str) -> Model:
    """A model that makes layers, backgrounds and things on them, with these files."""
    tasks = (Task.LAYER, Task.BACKGROUND, Task.FOREGROUND)
    named = dict.fromkeys(files, "")
    card = Card("small", (64, 64), 8, 3.0, "h", named, title="Small", family="pocket", tasks=tasks)
    return Model("small", Path("small"), card, True, 1)


def choose(window, task: Task, prompt: str) -> None:
    assert window.prompt.chips.choose(task), window.prompt.chips.why_not(task)
    window.prompt.field.setText(prompt)
    window.asking.ask()


def test_the_three_prompts_of_layers_together(studio, asked) -> None:
    assert not studio.prompt.foreground.isVisible()
    studio.prompt.chips.choose(Task.TOGETHER)
    assert studio.prompt.foreground.isVisible()
    studio.prompt.foreground.setText("a cat")
    studio.prompt.background.setText("a sofa")
    choose(studio, Task.TOGETHER, "a cat on a sofa")
    assert asked[0].task is Task.TOGETHER
    assert (asked[0].prompt, asked[0].foreground_prompt) == ("a cat on a sofa", "a cat")
    assert asked[0].background_prompt == "a sofa"
    choose(studio, Task.LAYER, "a cat")
    assert asked[1].foreground_prompt == ""  # what is not shown does not count


def test_a_small_model_greys_what_it_cannot_do(window, opened, build) -> None:
    card = Card("pocket", (64, 64), 8, 3.0, "h", {}, title="Small")
    window.models.show((Model("pocket", Path("pocket"), card, True, 1),))
    workspace = opened(build.layer("a"), build.layer("b"))
    chips = window.prompt.chips
    assert not chips.choose(Task.BACKGROUND)
    assert chips.why_not(Task.BACKGROUND).startswith("Small cannot do this. With all their weights")
    workspace.select(build.ids("a b", workspace))
    window.actions_by_id["generate.extract"].trigger()
    assert window.messages.text.startswith("Small cannot do this.")
    assert window.generation.jobs.jobs == ()


def test_a_drawn_box_is_where_it_goes(studio, asked, opened, build) -> None:
    workspace = opened(build.layer("a"))
    box = Rect(20, 30, 120, 90)
    workspace.do(SetSelection(Coverage.of_rect(box)), "Select")
    choose(studio, Task.FOREGROUND, "ball")
    assert asked[0].box == box
    assert "100 × 60 px" in studio.prompt._summary.text


def test_controls_styles_and_loras_are_asked_for(studio, asked, opened, build) -> None:
    workspace = opened(build.layer("sketch"))
    studio.asking.take_layer("scribble")
    picture = np.full((8, 8, 4), 255, np.uint8)
    studio.prompt.settings.extras.add(Extra(STYLE, "a.png", pixels=picture, weight=0.5))
    for weight in (0.3, 0.8):  # the same takes its own place
        studio.prompt.settings.extras.add(Extra(LORA, "ink", weight=weight))
    choose(studio, Task.LAYER, "ball")
    control, style = asked[0].given
    assert (control.role, control.kind, control.layers) == (
        Role.CONTROL, "scribble", (workspace.active,),
    )  # fmt: skip
    assert (style.role, style.weight) == (Role.STYLE, 0.5)
    assert np.array_equal(style.pixels, picture)
    assert [(lora.name, lora.weight) for lora in asked[0].loras] == [("ink", 0.8)]
    studio.models.show((small(),))
    studio.models.choose("small")  # it takes none; they wait for a model that does
    studio.asking.ask()
    assert (asked[1].given, asked[1].loras) == ((), ())
    studio.models.show(models())
    studio.models.choose("studio")
    assert len(studio.prompt.settings.extras.extras) == 3


def test_a_scribbled_layer_guides_a_small_model_where_it_can_follow(
    studio, asked, opened, build
) -> None:
    workspace = opened(build.layer("ground", side=200), build.layer("sketch", side=40, at=(30, 20)))
    studio.models.show((small(TRACED_WITH),))
    studio.models.choose("small")
    studio.prompt.settings.extras_menu.layer_wanted.emit("scribble")
    choose(studio, Task.FOREGROUND, "ball")
    order = order_for(workspace.document, (workspace.active,), asked[0])
    (control,) = (each for each in order.request.conditions if each.role is Role.CONTROL)
    assert control.kind == "scribble"
    drawn = control.pixels[..., 3] > 0
    assert (drawn.sum(), drawn[20:60, 30:70].all()) == (1600, True)  # what shows of it, in place
    inputs = {(each.role, each.layer, each.kind) for each in order.inputs}
    sketch, ground = workspace.active, workspace.document.layers[0].id
    assert inputs == {("control", sketch, "scribble"), ("background", ground, "")}
    recipe = Recipe("foreground", "ball", 1, "small", inputs=order.inputs)
    of_both = replace(workspace.document.find(ground), recipe=recipe)
    after = replace(of_both, recipe=replace(recipe, inputs=order.inputs[:1]))
    assert layer_line(after, stale=True) == "its control picture has changed"
    assert layer_line(of_both, stale=True) == "what it was made from has changed"
    choose(studio, Task.BACKGROUND, "a beach")  # it waits for a task that can follow it
    assert asked[1].given == ()
    studio.asking.take_dropped((sketch,))
    assert studio.messages.text == (
        "Small follows a control picture only for: Transparent layer, Foreground on this."
    )


def drop(window, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.prompt.field.dropEvent(event)


def test_a_file_dropped_on_the_prompt_guides(studio, qtbot, tmp_path) -> None:
    path = tmp_path / "rough.png"
    Image.new("RGBA", (12, 8), (10, 20, 30, 255)).save(path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop(studio, data)
    extras = studio.prompt.settings.extras
    qtbot.waitUntil(lambda: len(extras.extras) == 1, timeout=10_000)
    (extra,) = extras.extras
    assert (extra.name, extra.kind, extra.pixels.shape) == ("rough.png", "scribble", (8, 12, 4))
    assert tuple(extra.pixels[3, 3]) == (10, 20, 30, 255)
    assert studio.prompt.settings.isVisible()  # what was dropped is seen


def test_text_dropped_on_the_prompt_stays_text(studio) -> None:
    data = QMimeData()
    data.setText("a red kite")
    drop(studio, data)
    assert studio.prompt.settings.extras.extras == ()


def test_a_picture_that_cannot_be_read_is_one_sentence(studio, qtbot, tmp_path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"no picture")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop(studio, data)
    qtbot.waitUntil(lambda: "broken.png" in studio.messages.text, timeout=10_000)


def test_wordless_tasks_ask_at_once(studio, asked, opened, build) -> None:
    workspace = opened(build.layer("a"), build.layer("b"))
    studio.actions_by_id["generate.upscale_4"].trigger()
    assert (asked[0].task, asked[0].scale) == (Task.UPSCALE, 4)
    assert not studio.actions_by_id["generate.extract"].isEnabled()
    workspace.select(build.ids("a b", workspace))
    studio.actions_by_id["generate.extract"].trigger()
    studio.actions_by_id["generate.shadow"].trigger()
    assert [each.task for each in asked[1:]] == [Task.EXTRACT, Task.SHADOW]


def test_vary_waits_for_words_in_the_prompt(studio, asked, opened, build) -> None:
    opened(build.layer("a"))
    studio.actions_by_id["generate.vary"].trigger()
    assert studio.prompt.task is Task.VARY
    assert studio.prompt.settings._strength_line.isVisibleTo(studio.prompt.settings)
    assert asked == []
    studio.prompt.settings._strength.show_number(0.4)
    choose(studio, Task.VARY, "a blue one")
    assert (asked[0].task, asked[0].strength) == (Task.VARY, 0.4)
