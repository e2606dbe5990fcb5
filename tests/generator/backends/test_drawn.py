import numpy as np
import pytest

from generator.backend import create_backend
from generator.request import NEEDS, Condition, GenerationRequest, Role, Task, checked

BG, FG, BLENDED = Role.BACKGROUND, Role.FOREGROUND, Role.BLENDED
MADE = {
    Task.LAYER: (FG,),
    Task.TOGETHER: (FG, BG, BLENDED),
    Task.BACKGROUND: (BG, BLENDED),
    Task.FOREGROUND: (FG, BLENDED),
    Task.VARY: (FG,),
    Task.REPAINT: (FG,),
    Task.EXTRACT: (FG,),
    Task.UPSCALE: (FG,),
    Task.SHADOW: (Role.SHADOW, Role.LIGHT),
}


def request_of(task: Task, count: int = 1) -> GenerationRequest:
    picture = np.full((24, 32, 4), (10, 200, 30, 255), np.uint8)
    mask = np.zeros((24, 32, 4), np.uint8)
    mask[:, :16, 3] = 255
    given = tuple(Condition(role, mask if role is Role.MASK else picture) for role in NEEDS[task])
    asked = GenerationRequest(
        "red ball", (64, 48), 5, task, count=count, conditions=given, background_prompt="blue sky"
    )
    return checked(asked)


@pytest.mark.parametrize("task", list(Task))
def test_each_task_gives_its_roles_for_each_seed(task: Task) -> None:
    made = create_backend("fake").generate(request_of(task, 2), lambda _: None, lambda: False)
    assert [(each.role, each.seed) for each in made.layers] == [
        (role, seed) for seed in (5, 6) for role in MADE[task]
    ]
    scale = 2 if task is Task.UPSCALE else 1
    assert {each.pixels.shape for each in made.layers} == {(48 * scale, 64 * scale, 4)}


def test_a_background_is_opaque_and_a_repaint_keeps_to_its_selection() -> None:
    engine = create_backend("fake")
    together = engine.generate(request_of(Task.TOGETHER), lambda _: None, lambda: False).layers
    assert (together[1].pixels[..., 3] == 255).all()
    assert together[1].pixels[0, 0, 2] > together[1].pixels[0, 0, 0]  # a blue sky
    (painted,) = engine.generate(request_of(Task.REPAINT), lambda _: None, lambda: False).layers
    assert (painted.pixels[:, :32] == (214, 40, 40, 255)).all()
    assert (painted.pixels[:, 32:] == (10, 200, 30, 255)).all()
