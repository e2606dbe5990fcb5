"""Two models, or two folders of pictures, made into a blind page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from generator.request import RGBA8, ErrorKind, GenerationError
from generator.training.evaluation.blind import Pair, blind
from generator.training.evaluation.findings import Tell
from generator.training.evaluation.generation import FIRST_SEED
from generator.training.evaluation.judged import Asked, judged
from generator.training.evaluation.renders import held_out, seen
from generator.training.evaluation.report import PAGE, filling
from generator.training.words.captions import phrase
from generator.training.words.free_prompts import FREE_PROMPTS


def prompts(file: Path | None, count: int) -> list[str]:
    """The lines of a file, or held-out pairs, known subjects and free prompts by turns."""
    if file is None:
        own = [phrase(each) for pair in zip(held_out(), seen(16), strict=False) for each in pair]
        free = [prompt for prompt, _, _ in FREE_PROMPTS]
        mixed = [each for both in zip(own, free, strict=False) for each in both]
        return (mixed + free[len(own) :])[:count]
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(f"{file} cannot be read as a list of prompts ({error}).") from error
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not found:
        raise _bad(f"{file} has no prompts: write one on each line.")
    return found[:count]


def compare(
    sides: tuple[str, str], asked: list[str], seed: int, device: str, folder: Path, tell: Tell
) -> Path:
    """Let both sides answer, shuffle them, write the page; returns where it is."""
    pictures = [Path(side) for side in sides]
    if all(_holds_pictures(each) for each in pictures):
        pairs = _from_folders(pictures[0], pictures[1])
    else:
        made = [_made(side, asked, device, tell) for side in sides]
        pairs = [Pair(*each) for each in zip(asked, made[0], made[1], strict=True)]
    page = blind(sides, pairs, seed)
    with filling(folder) as there:
        for name, pixels in page.pictures.items():
            Image.fromarray(pixels).save(there / name)
        (there / PAGE).write_text(page.page, encoding="utf-8")
    return folder / PAGE


def _made(side: str, asked: list[str], device: str, tell: Tell) -> list[RGBA8]:
    if _holds_pictures(Path(side)):
        raise _bad(f"{side} is a folder of pictures: compare it with another such folder.")
    model = judged(side, device)
    wanted = [Asked(prompt, FIRST_SEED + number) for number, prompt in enumerate(asked)]
    return model.make(wanted, side, tell)


def _holds_pictures(folder: Path) -> bool:
    return folder.is_dir() and not (folder / "model.json").exists()


def _from_folders(a: Path, b: Path) -> list[Pair]:
    """The PNG files that both folders have, by name."""
    names = sorted({f.name for f in a.glob("*.png")} & {f.name for f in b.glob("*.png")})
    if not names:
        raise _bad(f"{a} and {b} have no PNG files of the same names.")
    return [Pair(Path(name).stem, _read(a / name), _read(b / name)) for name in names]


def _read(file: Path) -> RGBA8:
    try:
        with Image.open(file) as picture:
            return np.asarray(picture.convert("RGBA"))
    except (OSError, UnidentifiedImageError) as error:
        raise _bad(f"{file} cannot be read as a picture.") from error


def _bad(message: str) -> GenerationError:
    return GenerationError(ErrorKind.BAD_REQUEST, message)
