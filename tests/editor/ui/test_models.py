from pathlib import Path

from editor.ui.extras import LORA, Extra, Extras
from editor.ui.extras_menu import ExtrasMenu
from editor.ui.models import Models
from generator.models.catalogue import TRACED_WITH, Card, Model
from generator.request import Task


def model(
    name: str, *tasks: Task, installed: bool = True, family: str = "", files: tuple[str, ...] = ()
) -> Model:
    card = Card(
        name, (64, 64), 8, 3.0, "h", dict.fromkeys(files, ""), title=name.capitalize(),
        family=family, tasks=tasks,
    )  # fmt: skip
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


def test_a_small_model_that_follows_nothing_takes_loras_and_no_pictures(qapp, qtbot) -> None:
    models, menu, extras = Models(), ExtrasMenu(), Extras()
    qtbot.addWidget(menu)
    qtbot.addWidget(extras)
    models.show(
        (model("pocket", Task.LAYER, family="pocket"), model("x", Task.LAYER, family="sdxl"))
    )
    for name, pictures, shown in (("x", 4, 2), ("pocket", 0, 1)):
        models.choose(name)
        menu.show_models(models, Task.LAYER)
        extras.show_taken(models.controls(Task.LAYER), models.takes_adapters, models.family)
        kinds = [each.data() for each in menu.menu_of_now().actions() if each.data()]
        assert len([each for each in kinds if each[0] != LORA]) == pictures
        if name == "x":
            extras.add(Extra("style", "a picture"))
            extras.add(Extra(LORA, "lines", family="sdxl"))
            extras.add(Extra(LORA, "inks", family="pocket"))
        assert menu.isEnabled()
        assert len(extras.extras) == shown


def offered(menu: ExtrasMenu) -> list[tuple[str, str]]:
    return [each.data() for each in menu.menu_of_now().actions() if each.data()]


def test_a_model_is_given_the_control_pictures_that_its_card_lets_it_follow(qapp, qtbot) -> None:
    models, menu = Models(), ExtrasMenu()
    qtbot.addWidget(menu)
    models.show((model("pocket", Task.LAYER, Task.BACKGROUND, files=(TRACED_WITH,)),))
    menu.show_models(models, Task.LAYER)
    assert offered(menu) == [("layer", "scribble"), ("file", "scribble")]
    assert menu.isEnabled()
    assert menu.toolTip().endswith("that Pocket follows: Scribble, Edges")
    menu.show_models(models, Task.BACKGROUND)
    assert offered(menu) == []
    only = "Pocket follows a control picture only for: Transparent layer."
    assert models.no_pictures(Task.BACKGROUND) == only


def test_a_row_offers_the_kinds_that_are_followed_and_waits_where_its_own_is_not(qtbot) -> None:
    extras = Extras()
    qtbot.addWidget(extras)
    extras.show_taken(("scribble", "canny", "depth"), True, "x")
    extras.add(Extra("scribble", "a"))
    extras.add(Extra("depth", "b"))
    extras.add(Extra("style", "c"))
    first = extras._rows[0]
    assert [first.kind.itemData(i) for i in range(first.kind.count())][-1] == "depth"
    first.kind.setCurrentIndex(1)
    extras.show_taken(("scribble", "canny"), False, "y")
    assert [each.kind for each in extras.extras] == ["canny"]
    assert [first.kind.itemText(i) for i in range(first.kind.count())] == ["Scribble", "Edges"]
    extras.show_taken((), False, "y")
    assert extras.extras == ()
    assert not extras.isVisibleTo(None)
    extras.show_taken(("scribble", "canny", "depth"), True, "x")
    assert [each.kind for each in extras.extras] == ["canny", "depth", "style"]
