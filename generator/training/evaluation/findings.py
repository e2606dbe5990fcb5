"""What an evaluation found, before anyone draws it: figures with their bars, tables, sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

Row = tuple[str | float | int, ...]
Tell = Callable[[str], None]  # one line about how far the work is


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `bar` is what it must reach, None where it is only told."""

    name: str
    value: float
    words: str  # what it means, for the page
    bar: float | None = None
    is_at_least: bool = True

    @property
    def is_met(self) -> bool | None:
        """Say whether the bar is reached; None without one."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.is_at_least else self.value <= self.bar


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words and numbers under headings; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    words: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A picture of pictures. `name` is its file's, without the suffix."""

    name: str
    words: str
    picture: Image.Image


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """All that one question gave. `name` is what it is asked for by."""

    name: str
    title: str
    words: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    sheets: tuple[Sheet, ...] = field(default=())

    def entries(self) -> dict[str, Any]:  # Any: JSON
        """Return what machines read of it."""
        return {
            "title": self.title,
            "figures": {
                each.name: {"value": each.value, "bar": each.bar, "met": each.is_met}
                for each in self.figures
            },
            "tables": [
                {"title": table.title, "columns": table.columns, "rows": table.rows}
                for table in self.tables
            ],
        }
