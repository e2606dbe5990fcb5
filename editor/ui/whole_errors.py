"""Keeps a raised error from ending the process under PySide6 6.12 on Python 3.11.

WORKAROUND PySide6 6.12.0: where a virtual method raises, it reads the arguments of the error. Those
that C raises (a TypeError of `len(5)`, "already deleted") are not made yet in 3.11 when no Python
code has caught them on their way, and the process ends by a segmentation fault. From 3.12 on errors
are whole from the start. So each override is called inside a `try` here, which makes them whole.
"""

import functools
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject

OURS = "editor.", "generator.", "tests."


def keep_errors_whole() -> None:
    """Guard the overrides of all classes there are and those that come; once is enough."""
    if sys.version_info >= (3, 12) or "__init_subclass__" in vars(QObject):
        return
    for each in _below(QObject):
        guard(each)

    def on_subclass(cls: type, /, **options: object) -> None:
        super(QObject, cls).__init_subclass__(**options)  # type: ignore[misc]  # it is below
        guard(cls)

    setattr(QObject, "__init_subclass__", classmethod(on_subclass))  # noqa: B010 - mypy forbids "="


def guard(cls: type) -> None:
    """Let the overrides that a class of ours defines raise whole errors only."""
    if not f"{cls.__module__}.".startswith(OURS):
        return
    for name, method in tuple(vars(cls).items()):
        if isinstance(method, FunctionType) and not name.startswith("_") and _is_qts(cls, name):
            setattr(cls, name, _whole(method))


def _is_qts(cls: type, name: str) -> bool:
    """Whether Qt has a method of that name, which it may call itself."""
    found = (vars(base)[name] for base in cls.__mro__[1:] if name in vars(base))
    return any(not isinstance(each, FunctionType) for each in found)


def _whole(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **options: Any) -> Any:  # Any: it stands for every method
        try:
            return method(*args, **options)
        except BaseException:
            raise  # caught once, it has its type, its arguments and its traceback

    return call


def _below(cls: type) -> list[type]:
    found: list[type] = []
    own: list[type] = type.__subclasses__(cls)
    for each in own:
        found += [each, *_below(each)]
    return found
