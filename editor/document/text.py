"""What a text layer says and how: kept beside its pixels, so that it can be changed at any time.

Plain fields only, because it travels in project files. It draws nothing: the pixels are made by who
has fonts, and stand where there are none.
"""

from dataclasses import dataclass
from enum import StrEnum

Linear = tuple[float, float, float, float]  # x' = a*x + b*y, y' = c*x + d*y


class Alignment(StrEnum):
    """Where the lines lie from the point that was clicked."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Text:
    """Lines in one font; the layer's offset is where the first one's baseline begins."""

    content: str
    font: str = ""  # family; empty is the system's
    size: float = 48.0  # pixels
    colour: tuple[int, int, int] = (0, 0, 0)
    alignment: Alignment = Alignment.LEFT
    bold: bool = False
    italic: bool = False
    linear: Linear = (1.0, 0.0, 0.0, 1.0)  # what free transforms have done to it
