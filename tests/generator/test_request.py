"""What makes no sense is refused with one sentence before a worker sees it."""

from dataclasses import replace

import numpy as np
import pytest

from generator.request import (
    MAX_SIDE,
    NEEDS,
    WORDLESS,
    CastShadow,
    Condition,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Role,
    Task,
    checked,
)

PICTURE = np.full((4, 4, 4), 255, np.uint8)
PLAIN = GenerationRequest("ball", (64, 64), 1)


def with_pictures(task: Task, *lacking: Role) -> GenerationRequest:
    roles = [role for role in NEEDS[task] if role not in lacking]
    return replace(PLAIN, task=task, conditions=tuple(Condition(role, PICTURE) for role in roles))


@pytest.mark.parametrize("task", list(Task))
def test_a_task_with_all_it_needs_is_let_through_as_it_is(task: Task) -> None:
    request = with_pictures(task)
    assert checked(request) is request


@pytest.mark.parametrize(("task", "role"), [(t, r) for t in Task for r in NEEDS[t]])
def test_each_picture_that_a_task_lacks_is_named(task: Task, role: Role) -> None:
    with pytest.raises(GenerationError, match=f'"{task}" needs a picture as its {role}'):
        checked(with_pictures(task, role))


@pytest.mark.parametrize("task", list(Task))
def test_only_tasks_that_speak_for_themselves_need_no_words(task: Task) -> None:
    request = replace(with_pictures(task), prompt="  ")
    if task in WORDLESS:
        assert checked(request) is request
    else:
        with pytest.raises(GenerationError, match="prompt is empty"):
            checked(request)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": (0, 5)}, "no pixels"),
        ({"size": (5, -1)}, "no pixels"),
        ({"size": (MAX_SIDE + 1, 5)}, "too large"),
        ({"count": 0}, "count"),
        ({"count": 65}, "count"),
        ({"steps": 0}, "steps"),
        ({"steps": 1001}, "steps"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"guidance": -0.1}, "guidance"),
        ({"guidance": 100.1}, "guidance"),
        ({"strength": 1.1}, "strength"),
        ({"strength": float("nan")}, "strength"),
        ({"patch_weight": 2.1}, "weight"),
        ({"stop_at": -0.5}, "stop-at"),
        ({"cast": CastShadow(length=0)}, "length of the shadow"),
        ({"cast": CastShadow(softness=2)}, "softness of the shadow"),
        ({"cast": CastShadow(opacity=-1)}, "opacity of the shadow"),
    ],
)
def test_numbers_out_of_range_are_named(changes: dict, words: str) -> None:
    with pytest.raises(GenerationError, match=rf"{words}.*\.$") as caught:
        checked(replace(PLAIN, **changes))
    assert caught.value.kind is ErrorKind.BAD_REQUEST


@pytest.mark.parametrize("scale", [2, 4])
def test_what_is_upscaled_must_stay_within_the_limit(scale: int) -> None:
    request = replace(with_pictures(Task.UPSCALE), scale=scale)
    largest = MAX_SIDE // scale
    assert checked(replace(request, size=(largest, 5)))
    with pytest.raises(GenerationError, match="too large"):
        checked(replace(request, size=(largest + 1, 5)))


@pytest.mark.parametrize("scale", [0, 1, 3, 8])
def test_other_scales_are_refused(scale: int) -> None:
    with pytest.raises(GenerationError, match="2 or 4 times"):
        checked(replace(with_pictures(Task.UPSCALE), scale=scale))
