"""What all tests share: how hypothesis runs, a model to choose, and an end for every widget."""

import gc
import itertools
import json
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from editor.ui.lasting import make_lasting

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
make_lasting()  # tests use more of Qt than a person in a day
gc.disable()  # as in the program no thread but this one may find widgets to be garbage
ENDED = itertools.count(1)

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("house")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Delete what was put off until an event loop ends, for no loop of a test does.

    Else each closed window stays, with its hundreds of widgets, as long as the tests run.
    """
    result = yield
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    gc.collect(2 if next(ENDED) % 50 == 0 else 1)  # the oldest take long to look through
    return result


STUDIO = {
    "name": "studio", "title": "Studio", "family": "sdxl", "native_size": [512, 512], "steps": 20,
    "guidance": 7.0, "hash": "studio", "files": {},
    "tasks": [
        "layer", "together", "background", "foreground", "vary", "repaint", "extract", "upscale",
    ],
}  # fmt: skip


@pytest.fixture
def studio(window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The window with a model that can do every task chosen; drawn shapes stand in for it."""
    from generator.models.store import models

    folder = tmp_path / "models" / "studio"
    folder.mkdir(parents=True)
    (folder / "model.json").write_text(json.dumps(STUDIO))
    monkeypatch.setenv("ACETATE_MODELS", str(folder.parent))
    window.models.show(models())
    window.models.choose("studio")
    return window
