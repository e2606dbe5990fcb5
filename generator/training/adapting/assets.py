"""Transparent pictures to learn from, with what each shows in words.

A folder, where `name.txt` beside `name.png` is its caption, else its name; or a list: CSV or JSONL
with `file`, `caption` and `weight`, paths being from the list's folder.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from generator.request import RGBA8, ErrorKind, GenerationError

PICTURE = ".png"
LISTS = (".csv", ".jsonl")


@dataclass(frozen=True, slots=True)
class Asset:
    """One picture to learn from; `weight` is how often it is shown, beside the others."""

    file: Path
    caption: str
    weight: float = 1.0
    is_original: bool = False  # of the model's own data: keeps what it knew


def assets_in(place: Path) -> tuple[Asset, ...]:
    """Return what a folder or a list names; `GenerationError` says what is wrong with it."""
    if place.is_dir():
        found = tuple(Asset(file, _caption(file)) for file in _pictures(place))
        if not found:
            raise bad(f"There is no PNG in {place}.")
        return found
    if not place.is_file():
        raise bad(f"There is no folder or list {place}.")
    if place.suffix.lower() not in LISTS:
        raise bad(f"{place.name} is no folder, and no list either: lists are .csv or .jsonl files.")
    found = tuple(_listed(place, number, row) for number, row in enumerate(rows_of(place), start=1))
    if not found:
        raise bad(f"{place.name} names no pictures.")
    return found


def rows_of(path: Path) -> list[dict[str, Any]]:  # Any: JSON
    """Read a CSV with a heading, or one JSON object a line; `GenerationError` names the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise bad(f"{path.name} cannot be read as text.") from error
    if path.suffix.lower() == ".csv":
        return [{k: v for k, v in row.items() if v} for row in csv.DictReader(text.splitlines())]
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise bad(f"Line {number} of {path.name} is no JSON.") from error
        if not isinstance(row, dict):
            raise bad(f"Line {number} of {path.name} is no JSON object.")
        rows.append(row)
    return rows


def read_rgba(path: Path) -> RGBA8:
    """Read a picture, (h, w, 4) straight; without alpha it is opaque. Raises `GenerationError`."""
    try:
        with Image.open(path) as picture:
            return np.array(picture.convert("RGBA"))
    except FileNotFoundError as error:
        raise bad(f"There is no picture {path}.") from error
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise bad(f"{path} is damaged or no picture.") from error


def usable(assets: Iterable[Asset]) -> tuple[tuple[Asset, ...], tuple[str, ...]]:
    """Return the assets that show something, and a sentence about each that was left out.

    Raises `GenerationError` where none has any transparency: a model would learn to lose it.
    """
    kept, said, transparent = [], [], 0
    for asset in assets:
        alpha = read_rgba(asset.file)[..., 3]
        if not alpha.any():
            said.append(f"{asset.file.name} is empty and was left out.")
            continue
        transparent += int(alpha.min() < 255)
        kept.append(asset)
    if not kept:
        raise bad("All the pictures are empty, so there is nothing to learn.")
    if not transparent:
        raise bad(
            f"None of the {len(kept)} pictures has any transparency: save them as PNG with their "
            "background removed."
        )
    return tuple(kept), tuple(said)


def data_hash(assets: Iterable[Asset]) -> str:
    """Return the SHA-256 of what is learned from: pictures' bytes, captions, weights."""
    total = hashlib.sha256()
    for asset in assets:
        picture = hashlib.sha256(asset.file.read_bytes()).hexdigest()
        total.update(repr((picture, asset.caption, asset.weight, asset.is_original)).encode())
    return total.hexdigest()


def bad(sentence: str) -> GenerationError:
    """Return the error for input that cannot be used."""
    return GenerationError(ErrorKind.BAD_REQUEST, sentence)


def _pictures(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.suffix.lower() == PICTURE)


def _caption(file: Path) -> str:
    """Return the text beside a picture, else its name without numbers at the end."""
    beside = file.with_suffix(".txt")
    if beside.is_file():
        try:
            return " ".join(beside.read_text(encoding="utf-8-sig").split())
        except UnicodeDecodeError as error:
            raise bad(f"{beside.name} cannot be read as text.") from error
    return re.sub(r"[\W_]+", " ", re.sub(r"[\W_\d]+$", "", file.stem)).strip()


def _listed(place: Path, number: int, row: dict[str, Any]) -> Asset:
    name = row.get("file")
    if not isinstance(name, str) or not name:
        raise bad(f"Entry {number} of {place.name} names no file.")
    file = place.parent / name
    if not file.is_file():
        raise bad(f"Entry {number} of {place.name} names {name}, which is not there.")
    try:
        weight = float(row.get("weight", 1))
    except (TypeError, ValueError) as error:
        raise bad(f"The weight of {name} in {place.name} is no number.") from error
    if not 0 < weight <= 100:
        raise bad(f"The weight of {name} in {place.name} must be above 0 and at most 100.")
    caption = row.get("caption")
    caption = " ".join(caption.split()) if isinstance(caption, str) else _caption(file)
    return Asset(file, caption, weight, bool(row.get("original", False)))
