"""The tools of the window, which of them is in hand, and what they are set to."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QObject, Signal

from editor.tools import KINDS, made
from editor.tools.tool import Remembering, Tool

FIRST = "move"


class Tools(Mapping[str, Tool]):
    """Every tool by its id, each made when it is first asked for."""

    def __init__(self) -> None:
        """Make none yet."""
        self.made: dict[str, Tool] = {}

    def __getitem__(self, tool_id: str) -> Tool:
        """Return a tool, always the same one; an unknown id raises KeyError."""
        if tool_id not in self.made:
            self.made[tool_id] = made(tool_id)
        return self.made[tool_id]

    def __iter__(self) -> Iterator[str]:
        """Go through the ids in the order of the tool bar."""
        return iter(KINDS)

    def __len__(self) -> int:
        """Return how many there are, made or not."""
        return len(KINDS)


class ToolBox(QObject):
    """One set of tools for all documents; lives in the window's thread."""

    leaving = Signal()  # another tool will be chosen
    changed = Signal()  # another tool is in hand
    options_changed = Signal()
    open_changed = Signal(bool)  # whether the tool has work that is neither applied nor cancelled

    def __init__(self, parent: QObject | None = None) -> None:
        """Take the move tool in hand."""
        super().__init__(parent)
        self.tools = Tools()
        self._current = FIRST
        self._before = FIRST  # what was in hand before
        self._borrowed: str | None = None  # as long as a key is held
        self._is_open = False

    def show_open(self, *, is_open: bool) -> None:
        """Say whether the tool's work is open."""
        if is_open != self._is_open:
            self._is_open = is_open
            self.open_changed.emit(is_open)

    @property
    def current(self) -> Tool:
        """The tool that the next press goes to."""
        return self.tools[self._borrowed or self._current]

    @property
    def chosen(self) -> Tool:
        """The tool that was chosen, whichever is borrowed."""
        return self.tools[self._current]

    @property
    def is_borrowed(self) -> bool:
        """Whether the current tool is in hand only while a key is held."""
        return self._borrowed is not None

    def choose(self, tool_id: str) -> None:
        """Take a tool in hand; an unknown id raises KeyError."""
        assert tool_id in self.tools, tool_id
        if tool_id != self._current:
            self.leaving.emit()
            self._before = self._current
        self._borrowed = None
        self._current = tool_id
        self.changed.emit()

    def forget(self) -> None:
        """Keep nothing of a document that was closed."""
        for tool in self.tools.made.values():
            if isinstance(tool, Remembering):
                tool.forget()

    def put_away(self) -> None:
        """Take the tool in hand that was there before."""
        self.choose(self._before)

    def borrow(self, tool_id: str | None) -> None:
        """Use another tool as long as a key is held; None gives it back."""
        if tool_id != self._borrowed:
            self._borrowed = tool_id
            self.changed.emit()

    def set_number(self, name: str, value: float) -> None:
        """Set one of the current tool's numbers, within its limits."""
        option = self.tools[self._current].options.numbers.get(name)
        if option is not None:
            option.value = min(option.most, max(option.least, value))
            self.options_changed.emit()

    def set_switch(self, name: str, value: bool) -> None:
        """Set one of the current tool's switches."""
        choice = self.tools[self._current].options.switches.get(name)
        if choice is not None:
            choice.value = value
            self.options_changed.emit()

    def set_pick(self, name: str, value: str) -> None:
        """Set which of several the current tool has; one that it does not offer is left."""
        pick = self.tools[self._current].options.picks.get(name)
        if pick is not None and value in pick.values:
            pick.value = value
            self.options_changed.emit()

    def set_font(self, family: str) -> None:
        """Set the current tool's font."""
        options = self.tools[self._current].options
        if options.font is not None and options.font != family:
            options.font = family
            self.options_changed.emit()

    def number(self, name: str) -> float | None:
        """Return one of the current tool's numbers, None where it has none of that name."""
        option = self.current.options.numbers.get(name)
        return None if option is None else option.value
