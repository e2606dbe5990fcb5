from pathlib import Path

from editor.ui.extras import LORA, Extra, Extras
from editor.ui.extras_menu import ExtrasMenu
from editor.ui.models import Models
from generator.models.catalogue import Card, Model
from generator.request import Task


def model(name: str, *tasks: Task, installed: bool = True, family: str = "") -> Model:
    card = Card(
        name, (64, 64), 8, 3.0, "h", {}, title=name.capitalize(), family=family, tasks=tasks
    )
    return Model(name, Path(name), card, installed, 1)


def test_a_refusal_names_the_models_that_can(qapp) -> None:
    models = Models()
    assert models.refusal(Task.LAYER) == ""  # nothing is known yet: a layer is worth a try
    models.show((model("pocket", Task.LAYER), model("big", Task.LAYER, Task.EXTRACT)))
    assert models.refusal(Task.LAYER) == ""
    assert models.refusal(Task.EXTRACT) == "Pocket cannot do this. These models can: Big."
    models.choose("big")
    assert models.refusal(Task.EXTRACT) == ""


def test_where_no_model_here_can_the_families_are_named(qapp) -> None:
    models = Models()
    models.show((model("pocket", Task.LAYER), model("big", Task.EXTRACT, installed=False)))
    assert models.refusal(Task.EXTRACT) == (
        "Pocket cannot do this. With all their weights these can: Stable Diffusion XL."
    )


def test_shadows_need_no_model(qapp) -> None:
    models = Models()
    models.show((model("pocket", Task.LAYER, installed=False),))
    assert models.refusal(Task.SHADOW) == ""
    assert (models.state, models.role) == ("not installed", "stale")


def test_a_model_that_is_not_installed_says_how_to_get_it(qapp) -> None:
    models = Models()
    models.show((model("pocket", Task.LAYER, installed=False), model("big", Task.LAYER)))
    assert models.refusal(Task.LAYER).startswith("Pocket is not installed; Models…")


def test_usable_models_come_first_and_families_are_known(qapp) -> None:
    models = Models()
    models.show(
        (model("a", installed=False), model("pocket", Task.LAYER), model("x", family="sdxl"))
    )
    assert [each.name for each in models.known] == ["pocket", "x", "a"]
    assert not models.is_layer_diffusion
    assert not models.takes_loras
    models.choose("x")
    assert models.is_layer_diffusion


def test_the_model_in_the_box_takes_loras_and_no_pictures(qapp, qtbot) -> None:
    models, menu, extras = Models(), ExtrasMenu(), Extras()
    qtbot.addWidget(menu)
    qtbot.addWidget(extras)
    models.show((model("pocket", Task.LAYER, family="pocket"), model("x", family="sdxl")))
    for name, pictures, shown in (("x", 4, 2), ("pocket", 0, 1)):
        models.choose(name)
        menu.show_models(models)
        extras.show_taken(models.is_layer_diffusion, models.family)
        kinds = [each.data() for each in menu.menu_of_now().actions() if each.data()]
        assert len([each for each in kinds if each[0] != LORA]) == pictures
        if name == "x":
            extras.add(Extra("style", "a picture"))
            extras.add(Extra(LORA, "lines", family="sdxl"))
            extras.add(Extra(LORA, "inks", family="pocket"))
        assert menu.isEnabled()
        assert len(extras.extras) == shown
