"""Each task as a person at the window has it; drawn shapes stand in for the model."""

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import BlendMode, Group, Layer, PixelLayer, new_layer_id
from editor.document.pixels import Coverage, Pixels
from editor.edits.selection import SetSelection
from editor.workspace import Workspace
from generator.request import Task

LONG = 60_000
RED = (200, 30, 30, 255)


def pixel_layer(name: str, rect: Rect, colour: tuple[int, ...] = RED) -> PixelLayer:
    array = np.full((rect.height, rect.width, 4), colour, np.uint8)
    return PixelLayer(
        id=new_layer_id(),
        name=name,
        pixels=Pixels.from_array(array),
        offset=Point(rect.x0, rect.y0),
    )


@pytest.fixture
def workspace(studio) -> Workspace:
    """A cut-out over a scene, 400 x 300; the cut-out is active."""
    scene = pixel_layer("scene", Rect(0, 0, 400, 300), (90, 140, 220, 255))
    vase = pixel_layer("vase", Rect(150, 80, 250, 280))
    made = Workspace(Document(size=Size(400, 300), layers=(scene, vase)))
    studio.desk.open(made)
    return made


def generate(window, qtbot, task: Task, words: str) -> None:
    assert window.prompt.chips.choose(task), window.prompt.chips.why_not(task)
    window.prompt.field.setText(words)
    window.prompt.button.click()
    finish(window, qtbot)


def act(window, qtbot, name: str) -> None:
    action = window.actions_by_id[name]
    assert action.isEnabled()
    action.trigger()
    finish(window, qtbot)


def finish(window, qtbot) -> None:
    jobs = window.generation.jobs
    assert jobs.jobs
    qtbot.waitUntil(lambda: not jobs.jobs, timeout=LONG)
    assert window.messages.text == ""


def named(workspace: Workspace, name: str) -> Layer:
    return next(layer for layer in workspace.document.walk() if layer.name == name)


def names(workspace: Workspace) -> list[str]:
    return [layer.name for layer in workspace.document.walk()]


def pixels_of(layer: PixelLayer) -> bytes:
    return layer.pixels.read(layer.pixels.content).tobytes()


def test_a_background_goes_beneath_and_the_subject_stays(studio, workspace, qtbot) -> None:
    before = workspace.document
    vase = before.layers[1]
    bytes_before = pixels_of(vase)
    generate(studio, qtbot, Task.BACKGROUND, "green field")
    assert [layer.name for layer in workspace.document.layers] == ["scene", "green field", "vase"]
    assert named(workspace, "vase") is vase
    assert pixels_of(vase) == bytes_before
    made = named(workspace, "green field")
    assert made.rect == Rect(0, 0, 400, 300)
    assert workspace.active == made.id
    studio.actions_by_id["edit.undo"].trigger()
    assert workspace.document is before


def test_a_foreground_goes_into_the_box_that_is_drawn(studio, workspace, qtbot) -> None:
    given = workspace.document.layers
    box = Rect(220, 150, 380, 290)
    workspace.do(SetSelection(Coverage.of_rect(box)), "Select")
    before = workspace.document
    generate(studio, qtbot, Task.FOREGROUND, "yellow ball")
    assert workspace.document.layers[:2] == given
    ball = workspace.document.layers[2]
    assert ball.recipe.box == box
    assert ball.rect.met(box) == ball.rect
    assert {each.layer for each in ball.recipe.inputs} == {layer.id for layer in given}
    studio.actions_by_id["edit.undo"].trigger()
    assert workspace.document is before


def test_eight_foregrounds_leave_all_below_them_as_they_were(studio, workspace, qtbot) -> None:
    for number in range(8):
        below = workspace.document.layers
        before = [pixels_of(layer) for layer in below]
        generate(studio, qtbot, Task.FOREGROUND, f"ball {number}")
        assert workspace.document.layers[:-1] == below
        assert [pixels_of(layer) for layer in below] == before
    assert len(workspace.document.layers) == 10


def test_layers_together_are_three_in_one_step(studio, workspace, qtbot) -> None:
    before = workspace.document
    studio.prompt.chips.choose(Task.TOGETHER)
    studio.prompt.foreground.setText("red kite")
    studio.prompt.background.setText("blue sky")
    generate(studio, qtbot, Task.TOGETHER, "a kite in the sky")
    assert names(workspace)[2:] == ["blue sky", "red kite", "Blended"]
    assert not named(workspace, "Blended").visible
    jobs = {layer.recipe.job for layer in workspace.document.layers[2:]}
    assert len(jobs) == 1
    studio.actions_by_id["edit.undo"].trigger()
    assert workspace.document is before


def test_varying_a_layer_of_ones_own_keeps_it(studio, workspace, qtbot) -> None:
    vase = workspace.document.layers[1]
    generate(studio, qtbot, Task.VARY, "blue vase")
    assert named(workspace, "vase") is vase
    assert named(workspace, "blue vase").recipe.task == "vary"


def test_a_repaint_changes_only_what_is_selected(studio, workspace, qtbot) -> None:
    vase = workspace.document.layers[1]
    workspace.do(SetSelection(Coverage.of_rect(Rect(150, 80, 200, 130))), "Select")
    studio.actions_by_id["generate.repaint"].trigger()
    generate(studio, qtbot, Task.REPAINT, "green leaf")
    painted = named(workspace, "vase")
    assert len(painted.variants) == 2
    rect = Rect(150, 80, 250, 280)
    after = painted.pixels.read(rect.moved(-painted.offset.x, -painted.offset.y))
    before = vase.pixels.read(rect.moved(-vase.offset.x, -vase.offset.y))
    assert (after[:50, :50, 1] > 100).all()
    assert np.array_equal(after[50:], before[50:])
    assert np.array_equal(after[:, 50:], before[:, 50:])
    assert painted.variants[0].pixels is vase.pixels  # what it was is a variant


def test_shadow_and_light_are_grouped_with_the_subject(studio, workspace, qtbot) -> None:
    vase = workspace.document.layers[1]
    act(studio, qtbot, "generate.shadow")
    group = workspace.document.layers[1]
    assert isinstance(group, Group)
    modes = [(layer.name, layer.blend_mode) for layer in group.children]
    assert modes[:2] == [("Shadow", BlendMode.MULTIPLY), ("Light", BlendMode.SCREEN)]
    assert group.children[2] is vase


def test_upscale_makes_a_layer_of_twice_the_size(studio, workspace, qtbot) -> None:
    vase = workspace.document.layers[1]
    act(studio, qtbot, "generate.upscale_2")
    large = workspace.document.layers[2]
    assert named(workspace, "vase") is vase
    assert large.rect.size == Size(200, 400)


def test_a_subject_is_lifted_off_its_background(studio, workspace, qtbot) -> None:
    workspace.select(tuple(layer.id for layer in workspace.document.layers))
    before = workspace.document.layers
    act(studio, qtbot, "generate.extract")
    assert workspace.document.layers[:2] == before
    assert workspace.document.layers[2].recipe.task == "extract"


def test_a_doubtful_result_offers_another_seed(studio, workspace, qtbot) -> None:
    assert studio.prompt.chips.choose(Task.LAYER)
    studio.prompt.field.setText("doubtful ball")
    studio.prompt.button.click()
    qtbot.waitUntil(lambda: "Another seed" in studio.messages.text, timeout=LONG)
    layer = named(workspace, "doubtful ball")
    assert studio.messages.action.text() == "Try another seed"
    studio.messages.action.click()
    qtbot.waitUntil(lambda: len(named(workspace, "doubtful ball").variants) == 2, timeout=LONG)
    seeds = [variant.recipe.seed for variant in named(workspace, "doubtful ball").variants]
    assert seeds[0] == layer.recipe.seed
    assert seeds[1] != seeds[0]


def test_a_job_whose_picture_makes_no_sense_is_one_sentence(studio, workspace, qtbot) -> None:
    workspace.do(SetSelection(Coverage.of_rect(Rect(0, 0, 20, 20))), "Select")  # beside the vase
    before = workspace.document
    assert studio.prompt.chips.choose(Task.REPAINT)
    studio.prompt.field.setText("leaf")
    studio.prompt.button.click()
    qtbot.waitUntil(lambda: "was not made" in studio.messages.text, timeout=LONG)
    assert workspace.document is before
    assert studio.generation.jobs.jobs == ()


def test_the_strip_grows_with_every_variant(studio, workspace, qtbot) -> None:
    generate(studio, qtbot, Task.FOREGROUND, "ball")
    widths = []
    for _ in range(3):
        studio.recipe_panel.vary.click()
        finish(studio, qtbot)
        assert studio.strip.isVisible()
        assert studio.strip.width() == studio.strip.sizeHint().width()
        widths.append(studio.strip.width())
    assert widths[0] < widths[1] < widths[2]
