"""Functions of a module that is imported when one of them is first called.

The first paint waits for no edit: `merge = Later("editor.ui.merge_actions")`, then `merge.down`.
"""

from collections.abc import Callable
from importlib import import_module


class Later:
    """A module by name; only functions that are called later can be taken from it."""

    def __init__(self, name: str) -> None:
        """Import nothing yet."""
        self._name = name

    def __getattr__(self, function: str) -> Callable[..., None]:
        """Return what calls that function; a name that is not there raises at the call."""

        def call(*arguments: object, **named: object) -> None:
            getattr(import_module(self._name), function)(*arguments, **named)

        return call
