"""Control and pairs with a model whose answers are planted."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from generator.request import (
    RGBA8,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Role,
    Task,
)
from generator.training.evaluation import agreement
from generator.training.evaluation.agreement import MEANS, control_section, made, summed
from generator.training.evaluation.classifier import Classifier
from generator.training.evaluation.judged import Judged
from generator.training.evaluation.renders import HOLDING_OUT
from generator.training.pairs.lessons import scene_of
from generator.training.pictures import SIDE


def whole(colour: tuple[int, int, int, int]) -> RGBA8:
    return np.tile(np.array(colour, np.uint8), (SIDE, SIDE, 1))


@dataclass
class Planted:
    """Follows a scribble to the pixel, and without one fills the picture; makes red on grey."""

    takes_control: bool = True
    asked: list[GenerationRequest] = field(default_factory=list)
    side: int = SIDE
    loras: tuple[Any, ...] = ()
    pipeline: Any = field(default_factory=lambda: SimpleNamespace(parts=SimpleNamespace(roads={})))

    def run(self, request: GenerationRequest) -> dict[Role, RGBA8]:
        self.asked.append(request)
        roles = {condition.role for condition in request.conditions}
        if Role.CONTROL in roles:
            if not self.takes_control:
                raise GenerationError(ErrorKind.UNSUPPORTED, "This model cannot be guided.")
            found = whole((200, 0, 0, 0))
            number = (len(self.asked) - 1) // 2
            alpha = scene_of(number, HOLDING_OUT)[2].foreground[..., 3]
            found[..., 3] = np.where(alpha > 0.5, 255, 0)
            return {Role.FOREGROUND: found}
        red, grey = whole((200, 0, 0, 255)), whole((120, 120, 120, 255))
        answer = {Role.FOREGROUND: red, Role.BACKGROUND: grey, Role.BLENDED: red}
        if request.task is Task.LAYER:
            return {Role.FOREGROUND: red}
        return {role: pixels for role, pixels in answer.items() if role not in roles}


def model(**changes: Any) -> tuple[Judged, Planted]:
    planted = Planted(**changes)
    return cast(Judged, planted), planted


def test_overlap_is_measured_with_and_without_the_scribble() -> None:
    judged, planted = model()
    found = control_section(judged, 2, lambda _words: None)
    figures = {each.name: each for each in found.figures}
    assert figures["overlap"].value == pytest.approx(1)
    assert 0 < figures["overlap_without"].value < 0.6
    assert figures["times_better"].is_met
    guided, alone = planted.asked[:2]
    assert (guided.prompt, guided.seed) == (alone.prompt, alone.seed)
    assert [condition.kind for condition in guided.conditions] == ["scribble"]


def test_a_model_without_control_is_said_to_be_one() -> None:
    judged, _ = model(takes_control=False)
    found = control_section(judged, 2, lambda _words: None)
    assert found.figures == ()
    assert "This model cannot be guided." in found.words


@pytest.mark.parametrize("task", agreement.TASKS)
def test_a_scene_is_laid_together_from_its_layers(task: Task) -> None:
    judged, planted = model()
    scene = made(judged, task, 3)
    assert scene.is_untouched
    assert scene.page.shape == (SIDE, SIDE, 3)
    (request,) = planted.asked
    given = {condition.role for condition in request.conditions}
    assert (
        given
        == {
            Task.BACKGROUND: {Role.FOREGROUND},
            Task.FOREGROUND: {Role.BACKGROUND},
            Task.TOGETHER: set(),
        }[task]
    )
    said = SimpleNamespace(answers=lambda pictures: [scene.wanted for _ in pictures])
    told = summed([scene], cast(Classifier, said))
    assert told.keys() == MEANS.keys()
    assert told["thing"] == 1
    assert told["untouched"] == 1
    if task is not Task.BACKGROUND:  # there the subject is drawn, and here it covers all
        assert told["recomposed"] < 0.01


def test_no_pairs_is_no_table() -> None:
    judged, _ = model()
    found = agreement.section(judged, cast(Classifier, None), 2, lambda _words: None)
    assert found.tables == ()
    assert found.words == "This model makes no pairs."
