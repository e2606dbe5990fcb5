"""Actions that have something made: of the active layers, of what is stale; and the models."""

from typing import TYPE_CHECKING

from editor.document.layer import PixelLayer
from editor.ui.desk import Desk
from editor.ui.task_sense import obstacle
from generator.request import Task

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def ask(window: "Window") -> None:
    """Make what the prompt says; behind a running job it waits."""
    window.asking.ask()


def again(window: "Window") -> None:
    """Make another variant of the active layer."""
    window.recipe_panel.vary.click()


def vary(window: "Window") -> None:
    """Begin to make the active layer into something like it."""
    _begin(window, Task.VARY)


def repaint(window: "Window") -> None:
    """Begin to make what is selected of the active layer anew."""
    _begin(window, Task.REPAINT)


def upscale_2(window: "Window") -> None:
    """Make the active layer at twice its size, as a layer of its own."""
    window.asking.ask_wordless(Task.UPSCALE, scale=2)


def upscale_4(window: "Window") -> None:
    """Make the active layer at four times its size."""
    window.asking.ask_wordless(Task.UPSCALE, scale=4)


def extract(window: "Window") -> None:
    """Lift the subject off its background."""
    window.asking.ask_wordless(Task.EXTRACT)


def shadow(window: "Window") -> None:
    """Give the selected layers a shadow and light as layers."""
    window.asking.ask_wordless(Task.SHADOW)


def refresh(window: "Window") -> None:
    """Make what is stale again, sources first."""
    if window.generation is not None:
        window.generation.refresh()


def models(window: "Window") -> None:
    """Show the models."""
    window.show_models()


def can_vary(desk: Desk) -> bool:
    """Needs one active layer with pixels."""
    return not obstacle(Task.VARY, desk.front)


def can_repaint(desk: Desk) -> bool:
    """Needs a selection besides."""
    return not obstacle(Task.REPAINT, desk.front)


def can_extract(desk: Desk) -> bool:
    """Needs two layers."""
    return not obstacle(Task.EXTRACT, desk.front)


def can_shadow(desk: Desk) -> bool:
    """Needs something that can cast one."""
    return not obstacle(Task.SHADOW, desk.front)


def has_sources(desk: Desk) -> bool:
    """Needs a layer that was made from others."""
    document = desk.document
    return document is not None and any(
        isinstance(layer, PixelLayer) and layer.recipe is not None and layer.recipe.inputs
        for layer in document.walk()
    )


def _begin(window: "Window", task: Task) -> None:
    window.show_prompt(shown=True)
    window.asking.begin(task)
