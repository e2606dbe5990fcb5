"""Stage one: draw every training picture once into a file of premultiplied uint8 RGBA.

The file is a flat memory map, so a training process reads what it needs and memory stays free.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.training.drawing.easel import Colour, Easel, Layer, Pose
from generator.training.drawing.glyphs import GLYPHS, glyph, posed
from generator.training.drawing.things import COLOURS, Thing
from generator.training.drawing.variants import made_of, several
from generator.training.sharing import processes_for, shared_out
from generator.training.words.captions import Subject, caption, subjects, thing_named

log = logging.getLogger(__name__)

SIDE = 256
PER_COLOUR = 28  # pictures of a thing in one named colour
PER_NATURAL = 60  # of a colourable thing in its natural colour
PER_PLAIN = 180  # of a thing that has natural colours only
PER_GLYPH = 40
PER_LETTER = 8  # of a letter in one colour, and in none
PER_VARIANT = 12  # of two or three, or of another material, in one colour
COUNTS = (PER_COLOUR, PER_NATURAL, PER_PLAIN, PER_GLYPH, PER_LETTER, PER_VARIANT)
PICTURES, LABELS = "pictures.u8", "labels.json"


@dataclass(frozen=True, slots=True)
class Pictures:
    """The drawn training pictures and what each one shows."""

    rgba: NDArray[np.uint8]  # (n, SIDE, SIDE, 4) premultiplied, memory mapped
    labels: NDArray[np.int64]  # (n,) index into `subjects`
    subjects: tuple[Subject, ...]


def draw(
    subject: Subject, rng: np.random.Generator, side: int = SIDE, pose: Pose | None = None
) -> Layer:
    """One fresh picture of a subject: tint, proportions and, unless given, pose vary with `rng`."""
    pose = pose or Pose(
        scale=rng.uniform(0.88, 0.98),
        turn=rng.normal(0, 0.045),
        right=float(np.clip(rng.normal(0, 0.012), -0.03, 0.03)),
        down=float(np.clip(rng.normal(0, 0.012), -0.03, 0.03)),
    )
    thing = thing_named(subject.name)
    if thing is None:
        return posed(glyph(subject.name), side, pose)
    easel, tint = Easel(side, rng, pose), _tint(subject, thing, rng)
    if subject.count > 1:
        layer = several(thing.draw, subject.count, easel, tint)
    else:
        layer = thing.draw(easel, tint)
    if subject.material:
        layer = made_of(subject.material, np.clip(layer, 0, 1), easel)
    layer = np.clip(layer, 0, 1)
    layer[..., :3] = np.minimum(layer[..., :3], layer[..., 3:])  # a highlight may be too bright
    return layer


def draw_all(folder: Path, seed: int, scale: float = 1.0, processes: int = 2) -> None:
    """Draw the whole set into `folder` unless it is there, or the share `scale` of it."""
    if (folder / LABELS).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    everything = subjects()
    labels = np.repeat(np.arange(len(everything)), [_count(subject) for subject in everything])
    labels = labels[:: max(1, round(1 / scale))]
    path = folder / PICTURES
    np.memmap(path, np.uint8, "w+", shape=(len(labels), SIDE, SIDE, 4)).flush()
    log.info("drawing %d pictures of %d subjects", len(labels), len(everything))
    processes = processes_for(len(labels), processes)
    began = time.perf_counter()
    shared_out(_draw_share, (path, labels, seed), len(labels), processes)
    log.info("%.1f pictures a second", len(labels) / (time.perf_counter() - began))
    record = {"seed": seed, "labels": labels.tolist()}
    part = folder / (LABELS + ".part")
    part.write_text(json.dumps(record))
    part.replace(folder / LABELS)


def load(folder: Path) -> Pictures:
    labels = np.array(json.loads((folder / LABELS).read_text())["labels"], np.int64)
    rgba = np.memmap(folder / PICTURES, np.uint8, "r", shape=(len(labels), SIDE, SIDE, 4))
    return Pictures(rgba, labels, subjects())


def recipe_hash(seed: int) -> str:
    """A hash of everything the pictures follow from: the drawing code's tables, counts and seed."""
    parts = [repr((seed, SIDE, *COUNTS)), repr(subjects())]
    here = Path(__file__).parent
    sources = [*sorted((here / "drawing").glob("*.py")), here / "words" / "captions.py"]
    parts += [source.read_text() for source in (*sources, here / "pictures.py")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def captions_for(subject: Subject, count: int, seed: int) -> list[str]:
    """The plain caption and its variations, for one subject."""
    rng = np.random.default_rng([seed, len(subject.name)])
    return [caption(subject, rng) for _ in range(count)]


def _count(subject: Subject) -> int:
    if subject.count > 1 or subject.material:
        return PER_VARIANT
    if subject.name.startswith("letter "):
        return PER_LETTER
    if subject.colour:
        return PER_COLOUR
    if subject.name in GLYPHS:
        return PER_GLYPH
    thing = thing_named(subject.name)
    return PER_NATURAL if thing and thing.colourable else PER_PLAIN


def _draw_share(path: Path, labels: NDArray[np.int64], seed: int, share: range) -> None:
    rgba = np.memmap(path, np.uint8, "r+", shape=(len(labels), SIDE, SIDE, 4))
    everything = subjects()
    for number in share:
        rng = np.random.default_rng([seed, number])
        rgba[number] = np.round(draw(everything[labels[number]], rng) * 255).astype(np.uint8)


def _tint(subject: Subject, thing: Thing, rng: np.random.Generator) -> Colour:
    """The named or a natural colour, a little off, as paint is."""
    exact = (
        COLOURS[subject.colour]
        if subject.colour
        else thing.natural[rng.integers(len(thing.natural))]
    )
    brightness = rng.uniform(0.93, 1.06)
    red, green, blue = (
        float(np.clip(value * brightness + rng.uniform(-9, 9), 0, 255) / 255) for value in exact
    )
    return (red, green, blue)
