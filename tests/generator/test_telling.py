import numpy as np

from generator.request import Progress
from generator.telling import PREVIEW_SIDE, Teller


def test_stages_and_last_steps_are_always_told_and_few_of_what_comes_fast() -> None:
    told: list[Progress] = []
    teller = Teller(told.append)
    teller.tell(Progress("loading model", 0, 1))
    for step in range(1, 101):
        teller.tell(Progress("step", step, 100))
    teller.tell(Progress("finishing", 100, 100))
    assert [progress.stage for progress in told][0 :: len(told) - 1] == [
        "loading model",
        "finishing",
    ]
    assert any(progress.step == 100 for progress in told if progress.stage == "step")
    assert len(told) < 50


def test_preview_is_made_small_and_keeps_its_shape() -> None:
    told: list[Progress] = []
    large = np.zeros((900, 300, 4), np.uint8)
    large[450:] = 255
    Teller(told.append).tell(Progress("step", 8, 8, large))
    preview = told[0].preview
    assert preview is not None
    height, width, _ = preview.shape
    assert max(height, width) <= PREVIEW_SIDE
    assert abs(height / width - 3) < 0.1
    assert preview.flags.c_contiguous
    assert not preview[0].any()
    assert preview[-1].all()
