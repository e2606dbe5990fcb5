from editor.ui.pace import Pace
from generator.request import Progress


def test_the_steps_tell_how_long_the_rest_takes(monkeypatch) -> None:
    clock = iter((10.0, 12.0, 16.0, 20.0, 21.0))
    monkeypatch.setattr("editor.ui.pace.time.monotonic", lambda: next(clock))
    pace = Pace()
    assert pace.seconds_left(Progress("loading model", 0, 1)) is None
    assert pace.seconds_left(Progress("step", 1, 8)) is None
    assert pace.seconds_left(Progress("step", 2, 8)) == 12.0
    assert pace.seconds_left(Progress("step", 4, 8)) == 8.0
    assert pace.seconds_left(Progress("step", 1, 8)) is None  # the next picture begins
    assert pace.seconds_left(Progress("step", 2, 8)) == 6.0
    assert pace.seconds_left(Progress("finishing", 1, 1)) is None
