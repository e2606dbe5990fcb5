"""Actions on the tool in hand: taking one, and what it is set to. None is a step of history."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window

SIZE_FACTOR = 1.25
HARDNESS_STEP = 25


def use(window: "Window", tool: str) -> None:
    """Take a tool in hand."""
    window.tools.choose(tool)


def smaller(window: "Window") -> None:
    """Make the brush smaller."""
    _scale_brush(window, 1 / SIZE_FACTOR)


def larger(window: "Window") -> None:
    """Make the brush larger."""
    _scale_brush(window, SIZE_FACTOR)


def softer(window: "Window") -> None:
    """Make the brush softer."""
    _harden(window, -HARDNESS_STEP)


def harder(window: "Window") -> None:
    """Make the brush harder."""
    _harden(window, HARDNESS_STEP)


def _scale_brush(window: "Window", factor: float) -> None:
    size = window.tools.number("size")
    if size is not None:
        grown = round(size * factor)
        step = 1 if factor > 1 else -1
        window.tools.set_number("size", grown if grown != size else size + step)


def _harden(window: "Window", by: float) -> None:
    hardness = window.tools.number("hardness")
    if hardness is not None:
        window.tools.set_number("hardness", hardness + by)
