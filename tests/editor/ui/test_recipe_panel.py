import pytest

from editor.edits.properties import SetOpacity
from generator.request import Task

LONG = 30_000


@pytest.fixture
def made(studio, opened, build, qtbot):
    """A foreground made on a ground, active."""
    workspace = opened(build.layer("ground", side=200, at=(0, 0)), size=(200, 200))
    studio.prompt.chips.choose(Task.FOREGROUND)
    studio.prompt.field.setText("red ball")
    studio.asking.ask()
    qtbot.waitUntil(lambda: len(workspace.document.layers) == 2, timeout=LONG)
    return workspace


def test_the_panel_says_how_it_was_made(studio, made) -> None:
    panel, recipe = studio.recipe_panel, made.document.layers[1].recipe
    assert panel.isVisible()
    assert panel._task.text() == "Foreground on this"
    assert panel._made_from.text() == "ground"
    assert panel.seed.text() == str(recipe.seed)
    assert panel.model.currentText() == "Studio"
    assert (panel.steps.number, panel.guidance.number) == (8, 3.0)
    assert not panel.foreground.isVisible()
    assert not panel.strength.isVisible()


def test_every_value_can_be_changed_and_run_again_in_place(studio, made, qtbot) -> None:
    layer = made.document.layers[1]
    made.do(SetOpacity(layer.id, 0.5), "Opacity")
    panel = studio.recipe_panel
    panel.prompt.setText("green ball")
    panel.seed.setText("7")
    panel.steps.show_number(4)
    panel.guidance.show_number(1.5)
    panel.regenerate.click()
    qtbot.waitUntil(lambda: len(made.document.layers[1].variants) == 2, timeout=LONG)
    again = made.document.layers[1]
    assert (again.id, again.name, again.opacity) == (layer.id, "red ball", pytest.approx(0.5, 0.01))
    recipe = again.recipe
    assert (recipe.prompt, recipe.seed, recipe.steps, recipe.guidance) == ("green ball", 7, 4, 1.5)
    assert recipe.inputs == layer.recipe.inputs  # it still agrees with the ground
    assert made.document.layers[0].pixels is made.history.steps[0].document.layers[0].pixels


def test_vary_takes_another_seed(studio, made, qtbot) -> None:
    seed = made.document.layers[1].recipe.seed
    studio.recipe_panel.vary.click()
    qtbot.waitUntil(lambda: len(made.document.layers[1].variants) == 2, timeout=LONG)
    assert made.document.layers[1].recipe.seed != seed


def test_a_seed_that_is_none_is_said(studio, made) -> None:
    studio.recipe_panel.seed.setText("-3")
    studio.recipe_panel.regenerate.click()
    assert "whole number" in studio.messages.text
    assert studio.generation.jobs.jobs == ()
