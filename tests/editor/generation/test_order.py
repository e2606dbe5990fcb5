"""What each task lets the model see, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Group, LayerId, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.generation import Asked, Given, order_for
from editor.generation.seen import pixels_hash
from generator.request import ErrorKind, GenerationError, Role, Task


def seen(order, role: Role) -> np.ndarray:
    return next(each.pixels for each in order.request.conditions if each.role is role)


def test_a_background_sees_the_active_layers_alone(document: Document) -> None:
    order = order_for(document, (LayerId("subject"),), Asked("sea", 1, Task.BACKGROUND))
    picture = seen(order, Role.FOREGROUND)
    assert picture.shape == (64, 64, 4)
    assert picture[30, 30].tolist() == [200, 0, 0, 255]
    assert picture[0, 0].tolist() == [0, 0, 0, 0]
    (entry,) = order.inputs
    assert (entry.layer, entry.role) == ("subject", "foreground")
    assert entry.pixels_hash == pixels_hash(picture)


def test_a_foreground_sees_what_is_below_its_place_and_open_to_the_model(
    document: Document, ground: PixelLayer, subject: PixelLayer
) -> None:
    above = replace(ground, id=LayerId("above"))
    secret = replace(subject, id=LayerId("logo"), model_visible=False, offset=Point(0, 0))
    layers = (ground, secret, subject, above)
    order = order_for(
        replace(document, layers=layers), (LayerId("subject"),), Asked("cup", 1, Task.FOREGROUND)
    )
    picture = seen(order, Role.BACKGROUND)
    assert picture[5, 5].tolist() == [90, 90, 90, 255]
    assert picture[30, 30].tolist() == [200, 0, 0, 255]
    assert [each.layer for each in order.inputs] == ["ground", "subject"]
    everything = order_for(replace(document, layers=layers), (), Asked("x", 1, Task.FOREGROUND))
    assert [each.layer for each in everything.inputs] == ["ground", "subject", "above"]


def test_a_box_is_what_the_model_sees_and_is_asked_for(document: Document) -> None:
    asked = Asked("cup", 1, Task.FOREGROUND, box=Rect(20, 20, 40, 30))
    order = order_for(document, (), asked)
    assert order.request.size == (20, 10)
    picture = seen(order, Role.BACKGROUND)
    assert picture.shape == (10, 20, 4)
    assert picture[5, 5].tolist() == [200, 0, 0, 255]


def test_what_is_clipped_to_the_subject_is_part_of_it(document: Document) -> None:
    paint = PixelLayer(
        id=LayerId("paint"), name="paint", clipped=True,
        pixels=Pixels.from_array(np.full((64, 64, 4), (0, 0, 250, 255), np.uint8)),
    )  # fmt: skip
    painted = replace(document, layers=(*document.layers, paint))
    order = order_for(painted, (LayerId("subject"),), Asked("sea", 1, Task.BACKGROUND))
    picture = seen(order, Role.FOREGROUND)
    assert picture[30, 30].tolist() == [0, 0, 250, 255]
    assert picture[0, 0, 3] == 0


def test_a_group_can_be_the_subject(document: Document, subject: PixelLayer) -> None:
    group = Group(id=LayerId("group"), name="group", children=(subject,))
    order = order_for(
        replace(document, layers=(document.layers[0], group)),
        (LayerId("group"),),
        Asked("sea", 1, Task.BACKGROUND),
    )
    assert seen(order, Role.FOREGROUND)[30, 30, 0] == 200
    assert [each.layer for each in order.inputs] == ["group"]


@pytest.mark.parametrize("task", [Task.VARY, Task.UPSCALE])
def test_a_layers_own_pixels_without_mask_and_opacity_are_varied(
    document: Document, subject: PixelLayer, task: Task
) -> None:
    faint = replace(subject, opacity=51 / 255)
    order = order_for(
        replace(document, layers=(document.layers[0], faint)),
        (LayerId("subject"),),
        Asked("red box", 1, task, scale=4),
    )
    picture = seen(order, Role.IMAGE)
    assert picture.shape[:2] == order.box.size
    assert (picture[picture[..., 3] > 0] == (200, 0, 0, 255)).all()
    assert np.count_nonzero(picture[..., 3]) == 256
    assert order.box == Rect(24, 24, 40, 40).grown(2 if task is Task.VARY else 0)
    assert order.request.scale == 4


def test_repainting_takes_the_selection_as_its_mask(document: Document) -> None:
    chosen = replace(document, selection=Coverage.of_rect(Rect(24, 24, 40, 30)))
    order = order_for(chosen, (LayerId("subject"),), Asked("hat", 1, Task.REPAINT))
    mask = seen(order, Role.MASK)[..., 3]
    assert order.box == Rect(24, 24, 40, 40)
    assert (mask[:6] == 255).all()
    assert not mask[6:].any()


def test_a_small_selection_in_a_large_layer_is_repainted_from_near(document: Document) -> None:
    chosen = replace(document, selection=Coverage.of_rect(Rect(30, 30, 34, 34)))
    order = order_for(chosen, (LayerId("ground"),), Asked("coin", 1, Task.REPAINT))
    assert order.box == Rect(27, 27, 37, 37)


def test_extracting_takes_the_lower_layer_as_background(
    document: Document, ground: PixelLayer
) -> None:
    blended = replace(ground, id=LayerId("blended"))
    layers = (*document.layers, blended)
    order = order_for(
        replace(document, layers=layers),
        (LayerId("blended"), LayerId("ground")),
        Asked("", 1, Task.EXTRACT),
    )
    assert [(each.layer, each.role) for each in order.inputs] == [
        ("ground", "background"),
        ("blended", "blended"),
    ]


def test_controls_and_styles_come_from_layers_or_files_and_are_seen_as_nothing_else(
    document: Document, subject: PixelLayer
) -> None:
    sketch = replace(subject, id=LayerId("sketch"), visible=False, model_visible=False)
    painting = np.full((10, 30, 4), 128, np.uint8)
    asked = Asked(
        "cup", 1, Task.FOREGROUND,
        given=(
            Given(Role.CONTROL, (LayerId("sketch"),), kind="scribble", weight=0.5),
            Given(Role.STYLE, pixels=painting, weight=0.7),
        ),
    )  # fmt: skip
    order = order_for(replace(document, layers=(*document.layers, sketch)), (), asked)
    control = next(each for each in order.request.conditions if each.role is Role.CONTROL)
    assert (control.kind, control.weight, control.pixels[30, 30, 0]) == ("scribble", 0.5, 200)
    assert seen(order, Role.STYLE) is painting
    assert {(each.role, each.layer) for each in order.inputs} >= {
        ("control", "sketch"),
        ("style", ""),
    }
    backdrop = [each.layer for each in order.inputs if each.role == "background"]
    assert backdrop == ["ground", "subject"]


def test_pictures_from_files_take_the_boxs_proportions(document: Document) -> None:
    wide = np.full((10, 40, 4), (10, 20, 30, 255), np.uint8)
    as_background = Given(Role.BACKGROUND, pixels=wide)
    order = order_for(document, (), Asked("x", 1, Task.FOREGROUND, given=(as_background,)))
    assert seen(order, Role.BACKGROUND).shape == (10, 10, 4)
    as_subject = Given(Role.FOREGROUND, pixels=wide)
    order = order_for(document, (), Asked("x", 1, Task.BACKGROUND, given=(as_subject,)))
    picture = seen(order, Role.FOREGROUND)
    assert picture.shape == (40, 40, 4)
    assert (picture[15:25] == (10, 20, 30, 255)).all()
    assert not picture[:15].any()


@pytest.mark.parametrize(
    ("active", "task", "sentence"),
    [
        ((), Task.BACKGROUND, "Choose the layer that the background is for"),
        (("hidden",), Task.BACKGROUND, "may see as the subject"),
        ((), Task.VARY, "Choose one layer with pixels"),
        (("ground", "subject"), Task.UPSCALE, "Choose one layer with pixels"),
        (("subject",), Task.REPAINT, "Select the region"),
        (("subject",), Task.EXTRACT, "Choose two layers"),
        ((), Task.SHADOW, "casts the shadow"),
    ],
)
def test_what_is_lacking_is_said_in_a_sentence(
    document: Document, subject: PixelLayer, active: tuple[str, ...], task: Task, sentence: str
) -> None:
    hidden = replace(subject, id=LayerId("hidden"), model_visible=False)
    whole = replace(document, layers=(*document.layers, hidden))
    with pytest.raises(GenerationError, match=sentence) as caught:
        order_for(whole, tuple(map(LayerId, active)), Asked("x", 1, task))
    assert caught.value.kind is ErrorKind.BAD_REQUEST


def test_on_an_empty_canvas_there_is_nothing_to_stand_on() -> None:
    with pytest.raises(GenerationError, match="nothing in the box"):
        order_for(Document(size=Size(8, 8)), (), Asked("x", 1, Task.FOREGROUND))


def test_a_box_too_large_is_refused_before_it_is_composited(document: Document) -> None:
    asked = Asked("x", 1, Task.FOREGROUND, box=Rect(0, 0, 10**9, 10**9))
    with pytest.raises(GenerationError, match="too large"):
        order_for(document, (), asked)
