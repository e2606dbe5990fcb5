"""What counts as changed for a layer that was made from others."""

from dataclasses import replace

import numpy as np

from editor.document.geometry import Point
from editor.edits.pixels import PaintPixels
from editor.generation import Asked, Given, Staleness, asked_again, order_for, stale_layers
from editor.generation import seen as seen_room
from generator.request import Role, Task

DAB = np.full((3, 3, 4), 255, np.uint8)


def test_a_layer_is_stale_once_what_it_was_made_from_has_changed(do, document) -> None:
    done = do(document, ("subject",), Asked("cup", 1, Task.FOREGROUND))
    assert stale_layers(done.document) == frozenset()
    painted = PaintPixels("ground", Point(3, 3), DAB).apply(done.document)
    assert stale_layers(painted) == {done.placed.layer}


def test_moving_the_source_makes_stale_and_moving_back_does_not(do, document) -> None:
    done = do(document, ("subject",), Asked("sea", 1, Task.BACKGROUND))
    moved = done.changed("subject", offset=Point(30, 24))
    assert stale_layers(moved) == {done.placed.layer}
    back = moved.replaced("subject", lambda each: replace(each, offset=Point(24, 24)))
    assert stale_layers(back) == frozenset()


def test_moving_the_made_layer_or_all_layers_makes_nothing_stale(do, document) -> None:
    done = do(document, ("subject",), Asked("cup", 1, Task.FOREGROUND))
    own = done.layer()
    moved = done.changed(own.id, offset=Point(own.offset.x + 9, own.offset.y))
    assert stale_layers(moved) == frozenset()
    shifted = replace(
        done.document,
        layers=tuple(
            replace(each, offset=Point(each.offset.x + 5, each.offset.y + 5))
            for each in done.document.layers
        ),
    )
    assert stale_layers(shifted) == frozenset()


def test_an_eye_changes_nothing_but_the_models_eye_does(do, document) -> None:
    done = do(document, ("subject",), Asked("cup", 1, Task.FOREGROUND))
    assert stale_layers(done.changed("ground", visible=False)) == frozenset()
    assert stale_layers(done.changed("ground", model_visible=False)) == {done.placed.layer}


def test_one_of_several_sources_gone_is_a_change_and_the_only_one_gone_is_not(do, document) -> None:
    done = do(document, ("subject",), Asked("cup", 1, Task.FOREGROUND))
    assert stale_layers(done.document.removed("subject")) == {done.placed.layer}
    alone = do(document, ("subject",), Asked("sea", 1, Task.BACKGROUND))
    assert stale_layers(alone.document.removed("subject")) == frozenset()


def test_a_scribble_is_in_the_recipe_makes_stale_and_is_seen_anew(do, document) -> None:
    scribble = Given(Role.CONTROL, ("subject",), kind="scribble")
    done = do(document, (), Asked("cup", 1, given=(scribble,)))
    assert stale_layers(done.document) == frozenset()
    drawn = PaintPixels("subject", Point(3, 3), DAB).apply(done.document)
    assert stale_layers(drawn) == {done.placed.layer}
    order = order_for(drawn, (), asked_again(drawn, done.placed.layer))
    (control,) = order.request.conditions
    assert (control.role, control.kind) == (Role.CONTROL, "scribble")
    assert (control.pixels[..., 3] > 0).sum() == 16 * 16 + 3 * 3
    assert (control.pixels[3:6, 3:6] == 255).all()


def test_a_variant_of_itself_is_never_stale(do, document) -> None:
    made = do(document, (), Asked("cup", 1))
    varied = do(made.document, (made.placed.layer,), Asked("cup", 2, Task.VARY))
    painted = PaintPixels(made.placed.layer, Point(30, 30), DAB).apply(varied.document)
    assert stale_layers(painted) == frozenset()


def test_only_what_is_another_object_is_looked_at_again(do, document, monkeypatch) -> None:
    done = do(document, ("subject",), Asked("cup", 1, Task.FOREGROUND))
    looked = []
    real = seen_room.seen_hash

    def counted(document, layer_id, given, box):
        looked.append(layer_id)
        return real(document, layer_id, given, box)

    monkeypatch.setattr("editor.generation.staleness.seen_hash", counted)
    staleness = Staleness()
    staleness.of(done.document)
    assert sorted(looked) == ["ground", "subject"]
    looked.clear()
    painted = PaintPixels("subject", Point(30, 30), DAB).apply(done.document)
    assert staleness.of(painted) == {done.placed.layer}
    assert looked == ["subject"]
