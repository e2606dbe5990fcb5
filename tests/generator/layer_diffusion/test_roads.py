"""Which road a request takes; the roads as data hold together."""

from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.roads import (
    ROADS,
    TRACED,
    Road,
    control_kinds,
    roads_with,
    traced_with,
)
from generator.models.catalogue import TRACED_WITH, Card, Model
from generator.request import NEEDS, Condition, GenerationRequest, Role, Task

PAGE = np.zeros((4, 4, 4), np.uint8)


@dataclass
class Roads:
    """What `road_for` asks of a model."""

    roads: dict[Task, Road]
    traced: dict[Task, Road] = field(default_factory=dict)


def asked(task: Task, weight: float | None = None) -> GenerationRequest:
    control = Condition(Role.CONTROL, PAGE, "scribble", weight if weight is not None else 1.0)
    conditions = () if weight is None else (control,)
    return GenerationRequest("red ball", (64, 64), 1, task, conditions=conditions)


def road(model: Roads, request: GenerationRequest) -> Road | None:
    return Parts.road_for(model, request)  # type: ignore[arg-type]  # has all that is asked of it


def test_a_control_picture_leads_to_the_road_that_sees_it() -> None:
    pocket = Roads(ROADS["pocket"], TRACED["pocket"])
    assert road(pocket, asked(Task.LAYER, 1.0)) == TRACED["pocket"][Task.LAYER]
    assert road(pocket, asked(Task.LAYER)) == ROADS["pocket"][Task.LAYER]
    assert road(pocket, asked(Task.LAYER, 0.0)) == ROADS["pocket"][Task.LAYER]
    assert road(pocket, asked(Task.VARY, 1.0)) == ROADS["pocket"][Task.VARY]


def test_a_family_with_control_models_beside_it_keeps_its_roads() -> None:
    sd15 = Roads(ROADS["sd15"], traced_with("sd15", ("layer",)))
    assert road(sd15, asked(Task.LAYER, 1.0)) == ROADS["sd15"][Task.LAYER]
    assert road(sd15, asked(Task.EXTRACT)) is None


def test_roads_need_the_weights_that_they_wear() -> None:
    assert not traced_with("pocket", ())
    assert traced_with("pocket", ("pairs",)) == TRACED["pocket"]
    assert traced_with("", ("pairs",)) == TRACED["pocket"]
    assert Task.BACKGROUND not in roads_with("pocket", (), has_encoder=True)


def test_a_card_promises_the_control_pictures_that_roads_follow() -> None:
    card = Card("p", (64, 64), 8, 3.0, "h", {TRACED_WITH: ""}, tasks=tuple(Task))
    able = Model("p", Path("p"), card, True, 1).capabilities(frozenset(Task))
    roads = traced_with("", (Path(TRACED_WITH).parent.name,))
    assert able.controls == {task: control_kinds(each) for task, each in roads.items()}


def test_only_roads_for_control_pictures_name_kinds() -> None:
    for roads in TRACED.values():
        assert all(control_kinds(each) == ("scribble", "canny") for each in roads.values())
    for roads in ROADS.values():
        assert not any(control_kinds(each) for each in roads.values())


@pytest.mark.parametrize("family", [*ROADS])
def test_what_a_stage_sees_is_given_or_was_made_before(family: str) -> None:
    traced = TRACED.get(family, {})
    for task, stages in chain(ROADS[family].items(), traced.items()):
        there = {*NEEDS[task]} | ({Role.CONTROL} if control_kinds(stages) else set())
        for stage in stages:
            assert there.issuperset(stage.sees), (task, stage)
            there.update(stage.makes)
