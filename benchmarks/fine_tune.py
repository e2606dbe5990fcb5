"""What a fine-tune on 30 assets of an unseen style does to the pocket model, in figures.

Run: `python -m benchmarks.fine_tune [--out DIR]`; `--small` sees in seconds that it works and says
nothing of the result. The assets are drawn by code in two inks; how well is told on things that
were among them and on things that were not, by a judge taught on fresh renders.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from generator.backends.layer_diffusion import LayerDiffusionBackend
from generator.models.store import find
from generator.request import RGBA8, GenerationRequest, Lora
from generator.training.adapting.judging import Judge, Render, judge_of, renders
from generator.training.adapting.run import Asked, adapt, loaded
from generator.training.adapting.styles import write_assets
from generator.training.sheets import sheet
from generator.training.words.captions import HELD_OUT, Subject, phrase

MODEL = "pocket"
ASSETS, SEED, FIRST_SEED = 30, 3, 500
AGAIN = 6  # pictures made once more after the adapter was on
THINGS = (
    "ball", "apple", "box", "star", "heart", "flower", "balloon", "bottle", "mug", "chair",
    "table", "lamp", "house", "umbrella", "fish", "mushroom", "leaf", "rocket", "car", "boat",
)  # fmt: skip
UNSEEN = ("mug", "house", "fish", "rocket", "heart")  # that no asset shows
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white")
SMALL = {"steps": 3, "batch": 2, "placements": 1}


def main() -> None:
    """Draw, train, generate with and without the adapter, and print what came of it."""
    asked = _parser().parse_args()
    torch.set_num_threads(asked.threads)
    with tempfile.TemporaryDirectory() as temporary:
        _measure(asked, asked.out or Path(temporary))


def _measure(asked: argparse.Namespace, out: Path) -> None:
    subjects = _subjects()
    count = 2 if asked.small else ASSETS
    learned = [each for each in subjects if each.name not in UNSEEN]
    chance = np.random.default_rng(SEED)
    chosen = [learned[number] for number in chance.choice(len(learned), count, replace=False)]
    write_assets(out / "assets", chosen, SEED)
    before = _hashes()
    prompts = _questions(asked.small)
    backend = LayerDiffusionBackend("cpu")
    base = _made(backend, prompts)

    began, cpu = time.perf_counter(), time.process_time()
    given = SMALL if asked.small else {}
    path = adapt(Asked(MODEL, out / "assets", out / "adapter", prompts=("red apple",), given=given))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - began

    adapted = _made(backend, prompts, Lora("two-inks", 1.0, str(path)))
    again = _made(backend, prompts[:AGAIN])
    parts = loaded(MODEL, "cpu")
    judged = [subject for subject, _ in prompts] if asked.small else subjects
    judge = judge_of(renders(parts, judged[::2], 1, seed=1))
    tested = renders(parts, judged[1::4] or judged, 1, seed=2)
    _print_judge(judge, tested)
    print(f"{len(chosen)} assets, {asked.threads} threads: {cpu:.0f} CPU s, {wall:.0f} s")
    print(f"{'':28}{'count':>7}{'thing':>8}{'style':>8}")
    groups = (("things among the assets", False), ("things that no asset shows", True))
    for name, pictures in (("without the adapter", base), ("with the adapter", adapted)):
        _line(name, judge, prompts, pictures)
        for words, is_unseen in groups:
            _line(f"  {words}", judge, *_part(prompts, pictures, is_unseen))
    same = all(np.array_equal(a, b) for a, b in zip(base, again, strict=False))
    print(f"files of the model unchanged: {'yes' if _hashes() == before else 'NO'}")
    print(f"switched off, bit for bit as before: {'yes' if same else 'NO'}")
    if asked.out:
        shown = slice(0, 24)
        sheet([*base[shown], *adapted[shown]], columns=12).save(out / "before-and-after.png")
        print(out / "before-and-after.png")


def _subjects() -> list[Subject]:
    return [
        Subject(thing, colour)
        for thing in THINGS
        for colour in COLOURS
        if (colour, thing) not in HELD_OUT
    ]


def _questions(is_small: bool) -> list[tuple[Subject, str]]:
    """Return each thing in two colours, by turns."""
    if is_small:
        return [(one, phrase(one)) for one in (Subject("apple", "red"), Subject("mug", "blue"))]
    number = len(COLOURS)
    asked = [
        Subject(thing, COLOURS[(place + step * 3) % number])
        for step in range(2)
        for place, thing in enumerate(THINGS)
    ]
    return [(one, phrase(one)) for one in asked]


def _made(
    backend: LayerDiffusionBackend, prompts: Sequence[tuple[Subject, str]], *loras: Lora
) -> list[RGBA8]:
    size = backend.capabilities(MODEL).native_size
    pictures = []
    for number, (_, words) in enumerate(prompts):
        request = GenerationRequest(words, size, FIRST_SEED + number, model=MODEL, loras=loras)
        result = backend.generate(request, lambda _told: None, lambda: False)
        pictures.append(result.layers[0].pixels)
    return pictures


def _part(
    prompts: Sequence[tuple[Subject, str]], pictures: Sequence[NDArray[np.uint8]], is_unseen: bool
) -> tuple[list[tuple[Subject, str]], list[RGBA8]]:
    chosen = [
        (prompt, picture)
        for prompt, picture in zip(prompts, pictures, strict=True)
        if (prompt[0].name in UNSEEN) == is_unseen
    ]
    return [prompt for prompt, _ in chosen], [picture for _, picture in chosen]


def _line(
    name: str, judge: Judge, prompts: Sequence[tuple[Subject, str]], pictures: Sequence[RGBA8]
) -> None:
    thing, style = judge.shares(pictures, [subject.name for subject, _ in prompts])
    print(f"{name:28}{len(pictures):7d}{thing:8.1%}{style:8.1%}")


def _print_judge(judge: Judge, tested: Sequence[Render]) -> None:
    """Print how often the judge is right about renders that it has not seen."""
    thing, _ = judge.shares([each.pixels for each in tested], [each.name for each in tested])
    style = np.mean([judge.is_styled(each.pixels) == each.is_styled for each in tested])
    print(f"judge on {len(tested)} held-out renders: thing {thing:.1%}, style {style:.1%}")


def _hashes() -> dict[str, str]:
    """Return the hash of every file of the model."""
    folder = find(MODEL).folder
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="keep assets, adapter and a sheet here")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--small", action="store_true", help="only see that it works")
    return parser


if __name__ == "__main__":
    main()
