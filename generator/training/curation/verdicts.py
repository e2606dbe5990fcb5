"""What a person said of candidates, from a file: kept, rejected, or repaired by hand.

A CSV or JSONL with `file`, `verdict` and, where it is "fixed", `repaired`: the path of a PNG or PSD
with the alpha as it should be. Later verdicts on a picture take the place of earlier ones.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from generator.request import RGBA8
from generator.training.adapting.assets import bad, read_rgba, rows_of
from generator.training.curation.records import (
    INDEX,
    VERDICTS,
    Candidate,
    Said,
    Verdict,
    read_records,
    write_records,
)

PSD = (".psd", ".psb")


def take_verdicts(folder: Path, given: Path) -> Counter[str]:
    """Add a file's verdicts to a folder of candidates; returns how many there are of each now.

    Raises `GenerationError` for an unknown picture or word, before anything is written.
    """
    known = candidates_in(folder)
    if not given.is_file():
        raise bad(f"There is no file {given}.")
    kept = {each.file: each for each in read_records(folder / VERDICTS, Verdict)}
    for number, row in enumerate(rows_of(given), start=1):
        if not str(row.get("verdict") or "").strip():
            continue  # not judged yet
        verdict = _verdict(row, number, given)
        if verdict.file not in known:
            raise bad(f"Entry {number} of {given.name} is about {verdict.file}, not in {folder}.")
        kept[verdict.file] = verdict
    write_records(folder / VERDICTS, kept.values())
    return Counter(each.verdict.value for each in kept.values())


def candidates_in(folder: Path) -> dict[str, Candidate]:
    """Return a folder's candidates by file; `GenerationError` where there are none."""
    found = {each.file: each for each in read_records(folder / INDEX, Candidate)}
    if not found:
        raise bad(f"There are no candidates in {folder}.")
    return found


def repaired_rgba(path: Path) -> RGBA8:
    """Read a repaired picture: a PNG, or a PSD's composite on its transparent canvas."""
    if path.suffix.lower() not in PSD:
        return read_rgba(path)
    try:
        with Image.open(path) as picture:
            mode, pixels = picture.mode, np.array(picture)
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise bad(f"{path} is damaged or no PSD.") from error
    if mode != "RGBA":
        raise bad(f"{path.name} has no transparency in its composite: save it as PNG instead.")
    # A PSD's composite lies on white: taken off again, c = (seen - (1 - a) white) / a.
    alpha = pixels[..., 3:].astype(np.float32) / 255
    colour = (pixels[..., :3] - 255 * (1 - alpha)) / np.maximum(alpha, 1 / 255)
    straight = np.concatenate([np.where(alpha > 0, colour, 0), alpha * 255], axis=2)
    rounded: RGBA8 = np.rint(np.clip(straight, 0, 255)).astype(np.uint8)
    return rounded


def _verdict(row: dict[str, Any], number: int, given: Path) -> Verdict:
    file, said = row.get("file"), str(row.get("verdict", "")).strip().lower()
    if not isinstance(file, str) or not file:
        raise bad(f"Entry {number} of {given.name} names no file.")
    if said not in [each.value for each in Said]:
        words = ", ".join(each.value for each in Said)
        raise bad(f'Entry {number} of {given.name} says "{said}"; a verdict is one of {words}.')
    repaired = str(row.get("repaired") or "")
    if said == Said.FIXED:
        if not repaired:
            raise bad(f"Entry {number} of {given.name} is fixed, but names no repaired picture.")
        place = given.parent / repaired
        if not repaired_rgba(place)[..., 3].any():
            raise bad(f"The repaired picture {repaired} is empty.")
        repaired = str(place.resolve())
    return Verdict(file, Said(said), repaired, str(row.get("by") or ""))
