"""What the window begins once something is on the screen: libraries, the queue, the kernels."""

import gc
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from editor.tools import TOOLS

if TYPE_CHECKING:
    from editor.ui.window import Window
    from generator.models.catalogue import Model

LATER = (  # modules that are imported after the first paint
    "editor.ui.canvas",
    "editor.ui.display",
    "editor.jobs",
    "editor.ui.generation",
    "editor.ui.queue_panel",
    "generator.thread",
    "editor.formats",
)


def start_work(window: "Window", files: Sequence[Path], backend: str) -> None:
    """Begin what a window need not wait for: files, libraries, then the queue and the kernels.

    What is there for as long as the window is taken out of what Python looks through for garbage
    again and again, which would keep the window from answering for 40 ms at any moment.
    """
    gc.freeze()
    if files:
        window.files.open(files)
    window.background.run(import_the_rest, lambda found: _begin(window, backend, found))


def import_the_rest() -> "tuple[Model, ...]":
    """Import, in a thread, what is used after the first paint; returns the models there are."""
    for name in (*LATER, *(f"editor.tools.{row.id}" for row in TOOLS)):
        import_module(name)
    return find_models()


def find_models() -> "tuple[Model, ...]":
    """Look, in a thread, into the folders of models."""
    from generator.models.store import models

    return models()


def _begin(window: "Window", backend: str, models: "tuple[Model, ...]") -> None:
    from editor.render import native
    from generator.client import GeneratorClient
    from generator.launch import window_threads
    from generator.thread import GeneratorThread

    if not window.desk.workspaces:  # nothing that can be closed must be kept
        gc.freeze()
    device = window.preferences.settings.device
    client = GeneratorClient(backend, device, threads=window_threads())
    window.start_generation(GeneratorThread(client))
    window.models.show(models)
    native.prepare()
