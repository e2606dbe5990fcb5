"""How good the pocket model's pairs are, through the same pipeline as in the window.

Run: `python -m benchmarks.pocket_tasks [--model DIR] [--count 40] [--sheets DIR]`. For each task it
asks for things in places, recomposes what comes back from its layers, with shadow and light, and
prints the share of right things and places, how far the recomposition is from the model's own
blended picture, and whether shadow and tint agree. `third` is the last of three things put on one
picture after another. Seconds are those of the processor, of all threads, without the first job.
`--small` asks for two pictures of each. Tasks with one layer: `benchmarks.pocket_layers`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.models.catalogue import model_in
from generator.request import RGBA8, Condition, GenerationRequest, Role, Task
from generator.training.drawing.places import PLACES, Place, draw_place
from generator.training.drawing.things import COLOURS
from generator.training.evaluate import Floats, render
from generator.training.pairs import figures
from generator.training.pairs.evaluate import recomposed
from generator.training.pictures import SIDE
from generator.training.words.captions import Subject, phrase
from generator.training.words.scene_captions import FIRST

MODEL = Path(__file__).parent.parent / "resources" / "models" / "pocket"
TASKS = (Task.BACKGROUND, Task.FOREGROUND, Task.TOGETHER)
IN_A_ROW = 3
QUALITY = 85
FIRST_SEED = 300
CELL, COLUMNS = 128, 8
RENDERS = 2  # of each thing in each colour, and of each place times four, to compare with


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked for: a thing in a place."""

    subject: Subject
    place: Place
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What came back, straight and 0..1, with what was given in its place."""

    case: Case
    foreground: Floats  # (h, w, 4)
    background: Floats  # (h, w, 3)
    blended: Floats  # (h, w, 3)
    page: Floats  # (h, w, 3) recomposed
    seconds: float  # of the processor
    is_untouched: bool  # what was given is bit for bit what it was, and was not answered anew

    @property
    def ground(self) -> bool:
        return self.case.place.ground


Known = list[tuple[str, Floats]]  # drawn pictures to compare with, by name


def main() -> None:
    """Ask, print a table for each task, and write the sheets if asked."""
    asked = _parser().parse_args()
    pipeline = LayerDiffusionPipeline(load(model_in(asked.model)))
    things, places = _known_things(), _known_places()
    for task in (each for each in TASKS if each in asked.tasks):
        if task not in pipeline.parts.roads:
            print(f"{task}: this model cannot do it")
            continue
        found = [_asked(pipeline, task, case) for case in cases(2 if asked.small else asked.count)]
        _tell(task, found, (things, places), asked.sheets)
    if "third" in asked.tasks and Task.FOREGROUND in pipeline.parts.roads:
        rows = [_in_a_row(pipeline, case) for case in cases(2 if asked.small else asked.count)]
        _tell("third", [row[-1] for row in rows], (things, places), asked.sheets)


def _tell(name: str, found: list[Result], known: tuple[Known, Known], sheets: Path | None) -> None:
    figures_told = (f"{key} {value:.3f}" for key, value in told(found, *known).items())
    print(name, *figures_told, flush=True)
    if sheets:
        sheet_of(found).save(sheets / f"{name}.jpg", quality=QUALITY)


def cases(count: int) -> list[Case]:
    """Things and places in all combinations by turns, each place as often as any other."""
    rng = np.random.default_rng(FIRST_SEED)
    names = [*COLOURS]
    return [
        Case(
            Subject(str(rng.choice(FIRST)), str(rng.choice(names))),
            PLACES[number % len(PLACES)],
            FIRST_SEED + number,
        )
        for number in range(count)
    ]


def told(found: list[Result], things: Known, places: Known) -> dict[str, float]:
    """The figures of one task's results."""
    shadows = [
        figures.shadow_under(each.foreground[..., 3], each.background, each.blended, each.ground)
        for each in found
    ]
    tints = []
    for each in found:
        alpha = each.foreground[..., 3]
        neutral = _neutral(each.case.subject)
        if alpha.max() > figures.OPAQUE:
            seen = figures.mean_colour(each.blended, alpha)
            tints.append(figures.tint_nearer(neutral, seen, each.case.place))
    return {
        "thing": _share(things, [(_framed(r.foreground), r.case.subject.name) for r in found]),
        "place": _share(places, [(_pooled(r.background, 8), r.case.place.name) for r in found]),
        "recomposed": float(np.mean([np.abs(r.page - r.blended).mean() for r in found])),
        "tint_nearer": float(np.mean(tints)) if tints else 0.0,
        **figures.shadow_shares([shadow for shadow in shadows if shadow is not None]),
        "untouched": float(np.mean([each.is_untouched for each in found])),
        "seconds": float(np.mean([each.seconds for each in found[1:]])),
    }


def sheet_of(found: list[Result]) -> Image.Image:
    """Each case recomposed, row by row."""
    rows = -(-len(found) // COLUMNS)
    paper = Image.new("RGB", (COLUMNS * CELL, rows * CELL), "white")
    for number, each in enumerate(found):
        small = Image.fromarray(_bytes(each.page)).resize((CELL, CELL), Image.Resampling.LANCZOS)
        paper.paste(small, ((number % COLUMNS) * CELL, (number // COLUMNS) * CELL))
    return paper


def _asked(pipeline: LayerDiffusionPipeline, task: Task, case: Case) -> Result:
    """One case: a layer of the model's own is given, or a drawn place."""
    given: dict[Role, RGBA8] = {}
    match task:
        case Task.BACKGROUND:
            size = pipeline.parts.card.native_size
            layer = GenerationRequest(phrase(case.subject), size, case.seed)
            given[Role.FOREGROUND] = _run(pipeline, layer)[Role.FOREGROUND]
        case Task.FOREGROUND:
            given[Role.BACKGROUND] = _drawn(case)
    return _result(pipeline, task, case, given)


def _in_a_row(pipeline: LayerDiffusionPipeline, case: Case) -> list[Result]:
    """Three things on one place: each is put on what the ones before it have left."""
    rng = np.random.default_rng([case.seed, 1])
    background, found = _drawn(case), list[Result]()
    for number in range(IN_A_ROW):
        subject = Subject(str(rng.choice(FIRST)), str(rng.choice([*COLOURS])))
        following = Case(subject, case.place, case.seed + 1000 * number)
        given = {Role.BACKGROUND: background}
        found.append(_result(pipeline, Task.FOREGROUND, following, given))
        page = _bytes(found[-1].page)
        background = np.dstack([page, np.full(page.shape[:2], 255, np.uint8)])
    return found


def _result(
    pipeline: LayerDiffusionPipeline, task: Task, case: Case, given: dict[Role, RGBA8]
) -> Result:
    size = pipeline.parts.card.native_size
    there = f"{phrase(case.subject)} {case.place.where}"
    words = case.place.name if task is Task.BACKGROUND else there
    before = {role: pixels.copy() for role, pixels in given.items()}
    conditions = tuple(Condition(role, pixels) for role, pixels in given.items())
    request = GenerationRequest(words, size, case.seed, task=task, conditions=conditions)
    begun = time.process_time()
    made = _run(pipeline, request)
    taken = time.process_time() - begun
    same = all(np.array_equal(before[role], pixels) for role, pixels in given.items())
    layers = given | made
    foreground = layers[Role.FOREGROUND].astype(np.float32) / 255
    background = layers[Role.BACKGROUND][..., :3].astype(np.float32) / 255
    blended = layers[Role.BLENDED][..., :3].astype(np.float32) / 255
    page = recomposed(foreground, background, blended)
    untouched = same and not made.keys() & given.keys()
    return Result(case, foreground, background, blended, page, taken, untouched)


def _run(pipeline: LayerDiffusionPipeline, request: GenerationRequest) -> dict[Role, RGBA8]:
    made = pipeline.run(request, lambda _told: None, lambda: False).layers
    return {layer.role: layer.pixels for layer in made}


def _drawn(case: Case) -> RGBA8:
    rng = np.random.default_rng(case.seed)
    horizon = float(rng.uniform(*case.place.horizon))
    picture = _bytes(draw_place(case.place, rng, horizon, SIDE))
    return np.dstack([picture, np.full((SIDE, SIDE), 255, np.uint8)])


def _known_things() -> Known:
    rng = np.random.default_rng(91_000)
    return [
        (name, _framed(render(Subject(name, colour), rng).astype(np.float32) / 255))
        for name in FIRST
        for colour in COLOURS
        for _ in range(RENDERS)
    ]


def _known_places() -> Known:
    rng = np.random.default_rng(92_000)
    return [
        (place.name, _pooled(draw_place(place, rng, float(rng.uniform(*place.horizon)), SIDE), 8))
        for place in PLACES
        for _ in range(4 * RENDERS)
    ]


def _share(known: Known, asked: list[tuple[Floats, str]]) -> float:
    """The share of pictures whose nearest known one has the right name."""
    names, pictures = zip(*known, strict=True)
    stack = np.stack(pictures).reshape(len(names), -1)
    hits = [names[int(np.square(stack - p.ravel()).sum(1).argmin())] == name for p, name in asked]
    return float(np.mean(hits))


def _framed(layer: Floats) -> Floats:
    """A straight layer cut to what is visible and premultiplied, (16, 16, 4)."""
    inside = layer[..., 3] > 0.2
    if not inside.any():
        return np.zeros((16, 16, 4), np.float32)
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    cut = layer[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
    cut[..., :3] *= cut[..., 3:]
    planes = [
        np.asarray(Image.fromarray(cut[..., k]).resize((16, 16), Image.Resampling.BOX))
        for k in range(4)
    ]
    return np.stack(planes, axis=2)


def _neutral(subject: Subject) -> Floats:
    """The mean straight colour (3,) of a thing by neutral light."""
    picture = render(subject, np.random.default_rng(5)).astype(np.float32) / 255
    return figures.mean_colour(picture[..., :3], picture[..., 3])


def _pooled(picture: Floats, side: int) -> Floats:
    cell = picture.shape[0] // side
    pooled: Floats = picture.reshape(side, cell, side, cell, 3).mean((1, 3))
    return pooled


def _bytes(picture: Floats) -> RGBA8:
    return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--sheets", type=Path, help="write a sheet of each task into this folder")
    parser.add_argument("--small", action="store_true")
    names = (*map(str, TASKS), "third")
    parser.add_argument("--tasks", nargs="+", choices=names, default=names)
    return parser


if __name__ == "__main__":
    main()
