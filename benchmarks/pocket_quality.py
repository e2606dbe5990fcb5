"""How good the shipped pocket model is: right thing, right colour, empty corners, and speed.

Run: `python -m benchmarks.pocket_quality [--model DIR] [--seeds 4] [--sheet FILE]`; `--small` asks
for one thing only, which says that it works and nothing of the model. The same
questions are asked of fresh renders of the drawing code: the ceiling of this way of measuring.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.models.catalogue import model_in
from generator.request import RGBA8
from generator.training.evaluate import (
    TESTED_COLOURS,
    TESTED_THINGS,
    Answer,
    References,
    answers,
    figures,
    render,
)
from generator.training.sheets import samples, sheet
from generator.training.words.captions import Subject, phrase

MODEL = Path(__file__).parent.parent / "resources" / "models" / "pocket"
FIRST_SEED = 100
PROMPTS = (
    "red apple",
    "glass ball",
    "blue glass ball",
    "a shiny red apple",
    "crimson heart",
    "smoke",
    "fire",
    "purple glow",
    "wine glass",
    "glass of white wine",
    "bubble",
    "cloud",
    "hair",
    "white feather",
    "candle",
    "purple chair",
    "yellow balloon",
    "pink fish",
    "green car",
    "blue bird",
    "tree",
    "banana",
    "strawberry",
    "sun",
    "dog",
    "cat",
    "panda",
    "pizza",
    "rainbow",
    "robot",
)


def main() -> None:
    """Measure, print a table, and write the contact sheet if asked."""
    asked = _parser().parse_args()
    pipeline = LayerDiffusionPipeline(load(model_in(asked.model)))
    references = References()
    chance = np.random.default_rng(91_000)
    things = TESTED_THINGS[:1] if asked.small else TESTED_THINGS
    seeds = range(FIRST_SEED, FIRST_SEED + (1 if asked.small else asked.seeds))
    began = time.perf_counter()
    found = answers(references, lambda what, seed: _made(pipeline, what, seed), seeds, things)
    taken = time.perf_counter() - began
    ceiling = answers(references, lambda what, _seed: render(what, chance), seeds, things)
    card = pipeline.parts.card
    print(f"{card.name} {card.version}, weights {card.hash[:12]}")
    print(f"{len(things)} things x {len(TESTED_COLOURS)} colours x {len(seeds)} seeds")
    print(f"{'':24}{'count':>7}{'thing':>8}{'colour':>8}{'corners':>8}")
    _line("model", found)
    _line("  seen in training", [answer for answer in found if not answer.held_out])
    _line("  held-out pairs", [answer for answer in found if answer.held_out])
    _line("fresh renders (ceiling)", ceiling)
    for thing in things:
        _line(f"  {thing}", [answer for answer in found if answer.subject.name == thing])
    print(f"seconds a picture, {card.steps} steps: {taken / len(found):.2f}")
    print(f"glass ball, seed 7: median alpha of the middle {_middle_alpha(pipeline):.0f}")
    if asked.sheet:
        sheet(samples(pipeline, PROMPTS, seed=7), columns=10).save(asked.sheet)


def _made(pipeline: LayerDiffusionPipeline, subject: Subject, seed: int) -> RGBA8:
    return samples(pipeline, [phrase(subject)], seed)[0]


def _middle_alpha(pipeline: LayerDiffusionPipeline) -> float:
    (picture,) = samples(pipeline, ["glass ball"], seed=7)
    height, width = picture.shape[:2]
    middle = picture[height // 4 : -height // 4, width // 4 : -width // 4, 3]
    return float(np.median(middle))


def _line(name: str, found: list[Answer]) -> None:
    if not found:
        return
    shown = figures(found)
    print(f"{name:24}{shown.count:7d}{shown.thing:8.1%}{shown.colour:8.1%}{shown.corners:8.1%}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--small", action="store_true", help="only see that it works")
    return parser


if __name__ == "__main__":
    main()
