"""Two rounds on the same prompts and seeds: figures side by side, a sheet, and a blind page.

The figures are about alpha alone; which of two pictures is better a person says on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from generator.request import RGBA8
from generator.training.adapting.assets import bad, read_rgba
from generator.training.curation.flags import VISIBLE, border_share, soft_share
from generator.training.curation.records import Candidate
from generator.training.curation.verdicts import candidates_in
from generator.training.evaluation.comparing import compare as blind_page
from generator.training.sheets import sheet

SHEET, PAGE = "sheet.png", "blind"
COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over one side's pictures."""

    pictures: int
    flagged: float  # share of pictures with any flag
    cover: float  # share of the picture that something covers
    soft: float  # share of that which is semi-transparent
    border: float  # share of the border that something covers


def compare_rounds(first: Path, second: Path, out: Path, seed: int) -> dict[str, Figures]:
    """Compare what two folders of candidates have in common; writes sheet and page into `out`.

    Raises `GenerationError` where they have no prompts and seeds in common.
    """
    one, other = candidates_in(first), candidates_in(second)
    names = [name for name in one if name in other]
    if not names:
        raise bad(f"{first} and {second} have no prompts and seeds in common.")
    if out.exists() and any(out.iterdir()):
        raise bad(f"{out} is not empty: name a new folder for the comparison.")
    pictures = [[read_rgba(folder / name) for name in names] for folder in (first, second)]
    blind_page((str(first), str(second)), [], seed, "cpu", out / PAGE, lambda _words: None)
    rows = [
        picture
        for start in range(0, len(names), COLUMNS)
        for side in pictures
        for picture in _row(side[start : start + COLUMNS])
    ]
    sheet(rows, COLUMNS).save(out / SHEET)
    return {
        str(folder): _figures(side, [known[name] for name in names])
        for folder, side, known in zip((first, second), pictures, (one, other), strict=True)
    }


def _row(pictures: list[RGBA8]) -> list[RGBA8]:
    """Fill a row of the sheet up, so that the other side begins below."""
    nothing: RGBA8 = np.zeros((1, 1, 4), np.uint8)
    return [*pictures, *[nothing] * (COLUMNS - len(pictures))]


def _figures(pictures: list[RGBA8], known: list[Candidate]) -> Figures:
    return Figures(
        pictures=len(pictures),
        flagged=float(np.mean([bool(each.flags) for each in known])),
        cover=float(np.mean([(each[..., 3] >= VISIBLE).mean() for each in pictures])),
        soft=float(np.mean([soft_share(each) for each in pictures])),
        border=float(np.mean([border_share(each) for each in pictures])),
    )
