"""Which steps a tile needs."""

import numpy as np

from editor.document.geometry import Point
from editor.document.layer import BlendMode, Group, Mask, PixelLayer, new_layer_id
from editor.document.pixels import Coverage, Pixels
from editor.render.program import Op, Step, plan, steps_for


def pixel_layer(**how: object) -> PixelLayer:
    array = np.full((100, 100, 4), 200, np.uint8)
    pixels = Pixels.from_array(array)
    return PixelLayer(id=new_layer_id(), name="", pixels=pixels, **how)  # type: ignore[arg-type]


def group(*children: PixelLayer, **how: object) -> Group:
    return Group(id=new_layer_id(), name="", children=children, **how)  # type: ignore[arg-type]


def ops(steps: list[Step]) -> list[Op]:
    return [step.op for step in steps]


def test_what_is_hidden_or_missing_leaves_no_step() -> None:
    layers = (pixel_layer(visible=False), pixel_layer(opacity=0.0), pixel_layer())
    planned = plan(layers)
    assert ops(steps_for(planned, (0, 0))) == [Op.SOURCE]
    assert steps_for(planned, (1, 0)) == []


def test_a_plain_pass_through_group_costs_nothing() -> None:
    assert ops(steps_for(plan((group(pixel_layer()),)), (0, 0))) == [Op.SOURCE]


def test_an_empty_group_leaves_no_step() -> None:
    groups = (group(blend_mode=BlendMode.NORMAL), group(opacity=0.5))
    assert steps_for(plan(groups), (0, 0)) == []


def test_clipping_is_skipped_where_the_base_has_no_pixels() -> None:
    clipped = pixel_layer(clipped=True, offset=Point(128, 0))
    planned = plan((pixel_layer(), clipped, pixel_layer(offset=Point(128, 0))))
    assert ops(steps_for(planned, (0, 0))) == [
        Op.BEGIN,
        Op.SOURCE,
        Op.OPAQUE,
        Op.RESTORE,
        Op.END,
    ]
    assert ops(steps_for(planned, (1, 0))) == [Op.SOURCE]


def test_a_mask_that_hides_all_leaves_no_step_and_one_that_shows_all_no_mask() -> None:
    hidden = pixel_layer(mask=Mask(Coverage.full(0)))
    assert steps_for(plan((hidden,)), (0, 0)) == []
    shown = pixel_layer(mask=Mask(Coverage.full(255)))
    (step,) = steps_for(plan((shown,)), (0, 0))
    assert step.mask is None
    off = pixel_layer(mask=Mask(Coverage.full(0), enabled=False))
    assert len(steps_for(plan((off,)), (0, 0))) == 1


def test_an_offset_finds_the_tiles_around() -> None:
    (step,) = steps_for(plan((pixel_layer(offset=Point(100, -30)),)), (0, 0))
    assert (step.source_x, step.source_y) == (28, 30)
    assert [tile is not None for tile in step.tiles] == [False, True, False, False]
