"""How good the pocket model's tasks with one layer are, through the same pipeline as in the window.

Run: `python -m benchmarks.pocket_layers [--model DIR] [--count 40] [--sheets DIR]`. It asks for
layers from words, varies and repaints them, lifts drawn things out of drawn scenes, and follows
scribbles of drawn things with several pens and without them. Seconds are those of the processor,
of all threads, and the first job of a task does not count. `--small` asks for two of each.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.models.catalogue import model_in
from generator.request import RGBA8, Condition, GenerationRequest, Role, Task
from generator.training.drawing.scenes import Scene
from generator.training.evaluate import TESTED_COLOURS, TESTED_THINGS, Answer, Floats, References
from generator.training.pairs.lessons import scene_of, scribble_of
from generator.training.sheets import sheet
from generator.training.words.captions import Subject, phrase
from generator.training.words.scene_captions import FIRST

MODEL = Path(__file__).parent.parent / "resources" / "models" / "pocket"
FIRST_SEED, SCENES_SEED = 500, 60_000
MANY = 20  # steps that the model's own are compared with
PENS = (0.4, 1.5, 4.0)  # widths of a hand's lines, as shares of the trained one
VARIED = 0.5
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Found:
    """What a task came to: figures by name, pictures for the sheet in columns, CPU seconds."""

    figures: dict[str, float]
    pictures: list[RGBA8]
    columns: int
    seconds: list[float]


class Bench:
    """One loaded model and the questions that are asked of it."""

    def __init__(self, model: Path, count: int) -> None:
        """Load the model; `count` is of questions for each task."""
        self._pipeline = LayerDiffusionPipeline(load(model_in(model)))
        self._size = self._pipeline.parts.card.native_size
        self._references = References()
        self._count = count
        self._seconds: list[float] = []

    def layer(self) -> Found:
        """Things in colours from words, with the model's steps and with many."""
        asked = self._subjects()
        few = [self._made(phrase(subject), seed) for subject, seed in asked]
        seconds = self._taken()
        many = [self._made(phrase(subject), seed, steps=MANY) for subject, seed in asked]
        self._taken()
        answers = self._answers(few, asked), self._answers(many, asked)
        return Found(
            {
                "thing": _things(answers[0]),
                "colour": _colours(answers[0]),
                f"thing_{MANY}_steps": _things(answers[1]),
                f"colour_{MANY}_steps": _colours(answers[1]),
            },
            few,
            10,
            seconds,
        )

    def vary(self) -> Found:
        """A layer of the model's own, varied half-way: still the thing, not the same picture."""
        asked = self._subjects()
        before = [self._made(phrase(subject), seed) for subject, seed in asked]
        self._taken()
        after = [
            self._made(phrase(subject), seed + 1000, Task.VARY, {Role.IMAGE: given})
            for (subject, seed), given in zip(asked, before, strict=True)
        ]
        return Found(
            {
                "thing": _things(self._answers(after, asked)),
                "colour": _colours(self._answers(after, asked)),
                "changed": _distance(before, after),
            },
            _beside(before, after),
            10,
            self._taken(),
        )

    def repaint(self) -> Found:
        """The upper half of a layer in another colour; what is not selected must be the same."""
        asked = self._subjects()
        before = [self._made(phrase(subject), seed) for subject, seed in asked]
        self._taken()
        mask = np.zeros((self._size[1], self._size[0], 4), np.uint8)
        mask[: self._size[1] // 2] = 255
        after = []
        for number, ((subject, seed), given) in enumerate(zip(asked, before, strict=True)):
            other = Subject(subject.name, TESTED_COLOURS[(number + 3) % len(TESTED_COLOURS)])
            pictures = {Role.IMAGE: given, Role.MASK: mask}
            after.append(self._made(phrase(other), seed + 1000, Task.REPAINT, pictures))
        below = self._size[1] // 2
        same = [np.array_equal(a[below:], b[below:]) for a, b in zip(before, after, strict=True)]
        halves = [a[:below] for a in before], [b[:below] for b in after]
        return Found(
            {"outside_is_the_same": float(np.mean(same)), "changed": _distance(*halves)},
            _beside(before, after),
            10,
            self._taken(),
        )

    def extract(self) -> Found:
        """A drawn thing out of a drawn scene, with the empty place given beside it."""
        scenes = [scene for _, scene in self._scenes()]
        made = []
        for number, scene in enumerate(scenes):
            pictures = {
                Role.BACKGROUND: _opaque(scene.background),
                Role.BLENDED: _opaque(scene.blended),
            }
            made.append(self._made("", FIRST_SEED + number, Task.EXTRACT, pictures))
        errors, overlaps, colours = [], [], []
        for scene, layer in zip(scenes, made, strict=True):
            found, truth = layer.astype(np.float32) / 255, scene.lit
            errors.append(float(np.abs(found[..., 3] - truth[..., 3]).mean()))
            overlaps.append(_overlap(layer[..., 3] > 127, truth[..., 3] > 0.5))
            seen = found[..., :3] * found[..., 3:]
            colours.append(float(np.abs(seen - truth[..., :3]).mean()))
        return Found(
            {
                "alpha_error": float(np.mean(errors)),
                "overlap": float(np.mean(overlaps)),
                "colour_error": float(np.mean(colours)),
            },
            _beside([_opaque(scene.blended) for scene in scenes], made),
            10,
            self._taken(),
        )

    def scribble(self) -> Found:
        """Things drawn after an outline, anywhere in the picture, and from the words alone."""
        drawn = self._scenes()
        lines: list[RGBA8] = []
        traced: list[RGBA8] = []
        for number, (subject, scene) in enumerate(drawn):
            lines.append(_by_hand(scene.foreground[..., 3], number))
            control = {Role.CONTROL: lines[-1]}
            traced.append(self._made(phrase(subject), FIRST_SEED + number, given=control))
        seconds = self._taken()
        free = [
            self._made(phrase(subject), FIRST_SEED + number)
            for number, (subject, _) in enumerate(drawn)
        ]
        self._taken()
        truths = [scene.foreground[..., 3] > 0.5 for _, scene in drawn]
        with_it = [_overlap(a[..., 3] > 127, b) for a, b in zip(traced, truths, strict=True)]
        without = [_overlap(a[..., 3] > 127, b) for a, b in zip(free, truths, strict=True)]
        guided, alone = float(np.mean(with_it)), float(np.mean(without))
        return Found(
            {
                "overlap": guided,
                "without_control": alone,
                "times": guided / max(alone, 1e-6),
            },
            _beside(lines, traced),
            10,
            seconds,
        )

    def _subjects(self) -> list[tuple[Subject, int]]:
        rng = np.random.default_rng(FIRST_SEED)
        return [
            (
                Subject(str(rng.choice(TESTED_THINGS)), str(rng.choice(TESTED_COLOURS))),
                FIRST_SEED + number,
            )
            for number in range(self._count)
        ]

    def _scenes(self) -> list[tuple[Subject, Scene]]:
        """Fresh scenes of the things that pairs know best."""
        found: list[tuple[Subject, Scene]] = []
        number = 0
        while len(found) < self._count:
            subject, _, scene = scene_of(number, SCENES_SEED)
            number += 1
            if subject.name in FIRST:
                found.append((subject, scene))
        return found

    def _made(
        self,
        prompt: str,
        seed: int,
        task: Task = Task.LAYER,
        given: dict[Role, RGBA8] | None = None,
        steps: int | None = None,
    ) -> RGBA8:
        conditions = tuple(
            Condition(role, pixels, "scribble" if role is Role.CONTROL else "")
            for role, pixels in (given or {}).items()
        )
        strength = VARIED if task is Task.VARY else None
        request = GenerationRequest(
            prompt, self._size, seed, task, steps=steps, strength=strength, conditions=conditions
        )
        begun = time.process_time()
        layers = self._pipeline.run(request, lambda _told: None, lambda: False).layers
        self._seconds.append(time.process_time() - begun)
        (pixels,) = (each.pixels for each in layers if each.role is Role.FOREGROUND)
        return pixels

    def _taken(self) -> list[float]:
        """The CPU seconds of the jobs since the last call, without the first."""
        seconds, self._seconds = self._seconds[1:], []
        return seconds

    def _answers(self, made: list[RGBA8], asked: list[tuple[Subject, int]]) -> list[Answer]:
        pairs = zip(made, asked, strict=True)
        return [self._references.answer(picture, *subject) for picture, subject in pairs]


def main() -> None:
    """Ask, print a line for each task, and write the sheets if asked."""
    asked = _parser().parse_args()
    bench = Bench(asked.model, 2 if asked.small else asked.count)
    tasks: dict[str, Callable[[], Found]] = {
        "layer": bench.layer,
        "vary": bench.vary,
        "repaint": bench.repaint,
        "extract": bench.extract,
        "scribble": bench.scribble,
    }
    for name, task in tasks.items():
        if name in asked.tasks:
            found = task()
            figures = " ".join(f"{key} {value:.3f}" for key, value in found.figures.items())
            print(name, figures, f"seconds {np.mean(found.seconds):.2f}", flush=True)
            if asked.sheets:
                page = sheet(found.pictures, found.columns, cell=96).convert("RGB")
                page.save(asked.sheets / f"{name}.jpg", quality=QUALITY)


def _by_hand(alpha: Floats, number: int) -> RGBA8:
    """An outline as people draw it: in one of several pens, dark on white, light on black, bare."""
    pen = PENS[number % len(PENS)]
    line = scribble_of(alpha.astype(np.float32), 5 if pen >= 1 else 3)
    picture = Image.fromarray(np.round(line * 255).astype(np.uint8))
    large = picture.resize((3 * line.shape[1], 3 * line.shape[0]), Image.Resampling.BICUBIC)
    size = 2 * round(3 * pen) + 1
    if pen > 1:
        large = large.filter(ImageFilter.MaxFilter(min(size, 15)))
    ink = np.asarray(large)
    match number // len(PENS) % 3:
        case 0:
            return np.dstack([255 - ink] * 3 + [np.full_like(ink, 255)])
        case 1:
            return np.dstack([ink] * 3 + [np.full_like(ink, 255)])
    return np.dstack([np.zeros_like(ink)] * 3 + [ink])


def _beside(one: list[RGBA8], other: list[RGBA8]) -> list[RGBA8]:
    """Before and after by turns."""
    return [picture for pair in zip(one, other, strict=True) for picture in pair]


def _distance(one: list[RGBA8], other: list[RGBA8]) -> float:
    """Mean absolute difference of premultiplied pictures, 0..1."""
    away = []
    for a, b in zip(one, other, strict=True):
        layers = [each.astype(np.float32) / 255 for each in (a, b)]
        seen = [each[..., :3] * each[..., 3:] for each in layers]
        away.append(float(np.abs(seen[0] - seen[1]).mean()))
    return float(np.mean(away))


def _overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union of two shapes (h, w) of bool."""
    union = np.logical_or(one, other).sum()
    return float(np.logical_and(one, other).sum() / union) if union else 0.0


def _things(found: list[Answer]) -> float:
    return float(np.mean([each.thing == each.subject.name for each in found]))


def _colours(found: list[Answer]) -> float:
    return float(np.mean([each.colour == each.subject.colour for each in found]))


def _opaque(picture: Floats) -> RGBA8:
    levels = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return np.dstack([levels, np.full(levels.shape[:2], 255, np.uint8)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--sheets", type=Path, help="write a sheet of each task into this folder")
    parser.add_argument("--small", action="store_true")
    names = ("layer", "vary", "repaint", "extract", "scribble")
    parser.add_argument("--tasks", nargs="+", choices=names, default=names)
    return parser


if __name__ == "__main__":
    main()
