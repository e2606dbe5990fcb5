"""How a value on the command line is written: sizes, boxes, controls, LoRAs."""

import argparse
import math
import re
from pathlib import Path
from typing import NamedTuple

from editor.document.geometry import Rect, Size

SIZE = re.compile(r"(\d{1,9})(?:[xX](\d{1,9}))?")
BOX = re.compile(r"(-?\d{1,9}),(-?\d{1,9}),(\d{1,9}),(\d{1,9})")


class ControlFile(NamedTuple):
    """A picture that guides, and how it is to be read."""

    kind: str
    path: Path


class LoraFile(NamedTuple):
    """A LoRA by the name of one that was added, or by its file."""

    source: str
    weight: float


def whole(text: str) -> int:
    """Parse a whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None


def number(text: str) -> float:
    """Parse a number that is neither infinite nor undefined."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return value


def size(text: str) -> Size:
    """Parse 640x480, or 512 for a square."""
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 640x480")
    return Size(int(match[1]), int(match[2] or match[1]))


def box(text: str) -> Rect:
    """Parse X,Y,W,H."""
    match = BOX.fullmatch(text.replace(" ", ""))
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no box such as 10,20,300,200")
    x, y, width, height = (int(each) for each in match.groups())
    return Rect(x, y, x + width, y + height)


def control(text: str) -> ControlFile:
    """Parse KIND=FILE."""
    kind, _, path = text.partition("=")
    if not kind.strip() or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is no control such as scribble=sketch.png")
    return ControlFile(kind.strip().lower(), Path(path))


def lora(text: str) -> LoraFile:
    """Parse FILE=WEIGHT, or FILE alone for a weight of 1."""
    source, _, weight = text.rpartition("=")
    if not source:
        return LoraFile(text, 1.0)
    return LoraFile(source, number(weight))
