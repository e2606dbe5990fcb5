"""No thread but the window's looks for garbage."""

import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from editor.ui.garbage import EVERY_MS, Garbage


class _Cycle(QObject):
    def __init__(self, threads: list[int]) -> None:
        super().__init__()
        self.own = self
        weakref.finalize(self, lambda: threads.append(threading.get_ident()))


def _makes_objects() -> None:
    kept: list[list[int]] = [[] for _ in range(200_000)]  # by Python's own count, many looks
    assert kept


def test_cycles_are_found_in_the_windows_thread_only(qtbot: QtBot) -> None:
    garbage, threads = Garbage(), list[int]()
    _Cycle(threads)
    other = threading.Thread(target=_makes_objects)
    other.start()
    other.join()
    assert not threads
    qtbot.waitUntil(lambda: bool(threads), timeout=20 * EVERY_MS)
    assert threads == [threading.get_ident()]
    garbage.deleteLater()
