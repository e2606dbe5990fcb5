"""Every task of both published families, from a document to the engine and back, on tiny models."""

from dataclasses import replace

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Rect, Size
from editor.document.layer import Group, LayerId, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.generation import Asked, asked_again, order_for, placed, stale_layers
from generator.backends.layer_diffusion import LayerDiffusionBackend
from generator.request import GenerationError, Role, Task

SIDE = 64
CANVAS = Rect(0, 0, SIDE, SIDE)
FAMILIES = ("sd15", "sdxl")


@pytest.fixture(scope="module")
def backend() -> LayerDiffusionBackend:
    return LayerDiffusionBackend("cpu")


@pytest.fixture(params=FAMILIES)
def model(request, tiny_models, monkeypatch) -> str:
    found = tiny_models(request.param)
    monkeypatch.setenv("ACETATE_MODELS", str(found.folder.parent))
    return found.name


@pytest.fixture
def document() -> Document:
    """A room and on it a disc with a soft edge."""
    y, x = np.mgrid[:SIDE, :SIDE]
    room = np.full((SIDE, SIDE, 4), 255, np.uint8)
    room[..., 0], room[..., 1], room[..., 2] = x * 3, y * 3, 90
    disc = np.zeros((SIDE, SIDE, 4), np.uint8)
    disc[..., 0] = 200
    disc[..., 3] = np.clip((18 - np.hypot(x - 31.5, y - 31.5)) * 40, 0, 255)
    layers = tuple(
        PixelLayer(id=LayerId(name), name=name, pixels=Pixels.from_array(pixels))
        for name, pixels in (("room", room), ("cup", disc))
    )
    return Document(size=Size(SIDE, SIDE), layers=layers)


def done(backend, document: Document, active: tuple[str, ...], asked: Asked):
    order = order_for(document, tuple(LayerId(each) for each in active), asked)
    result = backend.generate(order.request, lambda _: None, lambda: False)
    what = placed(order, result)
    return what.edit.apply(document), what


def pixels_of(layer) -> np.ndarray:
    return layer.pixels.read(CANVAS.moved(-layer.offset.x, -layer.offset.y))


@pytest.mark.parametrize(
    ("task", "active", "roles"),
    [
        (Task.TOGETHER, (), {Role.FOREGROUND, Role.BACKGROUND, Role.BLENDED}),
        (Task.BACKGROUND, ("cup",), {Role.BACKGROUND}),
        (Task.FOREGROUND, ("cup",), {Role.FOREGROUND}),
        (Task.VARY, ("cup",), {Role.FOREGROUND}),
        (Task.UPSCALE, ("cup",), {Role.FOREGROUND}),
        (Task.EXTRACT, ("room", "cup"), {Role.FOREGROUND}),
    ],
)
def test_a_task_adds_layers_that_can_be_made_again_and_changes_no_other(
    backend, model: str, document: Document, task: Task, active: tuple[str, ...], roles: set[Role]
) -> None:
    asked = Asked("red cup in a room", 7, task, model, strength=0.6 if task is Task.VARY else None)
    if task is Task.EXTRACT and "sd15" in model:
        with pytest.raises(GenerationError, match="sdxl"):
            done(backend, document, active, asked)
        return
    after, what = done(backend, document, active, asked)
    assert {role for role, _ in what.layers} - {Role.SHADOW, Role.LIGHT} == roles
    for layer in document.layers:
        assert after.find(layer.id) is layer
    assert stale_layers(after) == frozenset()
    made = after.find(what.layer)
    assert made.recipe.model == model
    if task is not Task.UPSCALE:
        assert made.rect.met(CANVAS) == made.rect or task is Task.VARY
    again, _ = done(backend, after, (), asked_again(after, what.layer))
    twin = again.find(what.layer)
    assert len(twin.variants) == len(made.variants) + 1
    assert np.array_equal(pixels_of(twin), pixels_of(made))


def test_repainting_a_part_leaves_every_byte_beside_it(backend, model: str, document) -> None:
    part = Rect(24, 24, 40, 40)
    chosen = replace(document, selection=Coverage.of_rect(part))
    after, what = done(backend, chosen, ("cup",), Asked("blue lid", 3, Task.REPAINT, model))
    assert what.layer == "cup"
    outside = np.ones((SIDE, SIDE), bool)
    outside[24:40, 24:40] = False
    before, now = pixels_of(document.find("cup")), pixels_of(after.find("cup"))
    assert np.array_equal(now[outside], before[outside])
    assert not np.array_equal(now, before)


def test_a_foregrounds_shadow_is_in_a_group_with_it(backend, model: str, document) -> None:
    after, what = done(backend, document, (), Asked("cup", 7, Task.FOREGROUND, model))
    made = dict(what.layers)
    if Role.SHADOW in made or Role.LIGHT in made:
        group = after.layers[-1]
        assert isinstance(group, Group)
        assert group.children[-1].id == what.layer
    else:
        assert after.layers[-1].id == what.layer
