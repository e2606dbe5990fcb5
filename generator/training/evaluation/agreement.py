"""Whether layers made for one another agree: light, shadow, place, and the scribble that was drawn.

The measures are those of `pairs`; the pictures come through the pipeline, as a user's do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from generator.request import (
    RGBA8,
    Condition,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Role,
    Task,
)
from generator.training.drawing.easel import Layer
from generator.training.drawing.places import PLACES, Place, draw_place
from generator.training.evaluation.classifier import Classifier
from generator.training.evaluation.findings import Figure, Row, Section, Sheet, Table, Tell
from generator.training.evaluation.judged import Judged
from generator.training.evaluation.measures import overlap
from generator.training.evaluation.renders import HOLDING_OUT, fresh, straight
from generator.training.pairs import figures as measures
from generator.training.pairs.evaluate import recomposed
from generator.training.pairs.lessons import scene_of, scribble_of
from generator.training.sheets import sheet
from generator.training.words.captions import Subject, phrase
from generator.training.words.scene_captions import staged_subject

NAME, CONTROL_NAME = "agreement", "control"
TASKS = (Task.BACKGROUND, Task.FOREGROUND, Task.TOGETHER)
FIRST_SEED = 700
LINE = 5  # pixels wide is a scribble on a picture of 256
INSIDE = 0.5  # alpha from which a pixel is inside
FRAME = 0.9  # share of the square that a cut-out fills when the classifier sees it
WHOLE_SIDE = 256


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One scene made: what was asked, its layers 0..1, and the page that they make together.

    `subject` (h, w, 4) is straight; the others are (h, w, 3).
    """

    wanted: Subject
    place: Place
    subject: Layer
    background: Layer
    blended: Layer
    page: Layer
    is_untouched: bool  # what was given was neither changed nor answered with another picture


def section(model: Judged, classifier: Classifier, count: int, tell: Tell) -> Section:
    """The figures of each pair task that the model has weights for."""
    known = [task for task in TASKS if task in model.pipeline.parts.roads]
    rows: list[Row] = []
    figures, sheets = [], []
    for task in known:
        found = []
        for number in range(count):
            if number % 5 == 0:
                tell(f"{task}: {number} of {count}")
            found.append(made(model, task, number))
        told = summed(found, classifier)
        rows.append((str(task), len(found), *told.values()))
        figures += _figures(task, told)
        sheets.append(_sheet(task, found))
    columns = ("task", "scenes", *MEANS)
    tables = (Table("By task", columns, tuple(rows)),) if rows else ()
    words = "Each scene goes through the pipeline as a user's does and is laid together again."
    if not rows:
        words = "This model makes no pairs."
    return Section(NAME, "Agreement of layers", words, tuple(figures), tables, tuple(sheets))


MEANS = {
    "thing": "share of right things, cut out, by the classifier",
    "recomposed": "mean distance of the layers laid together from the model's blended picture",
    "tint_nearer": "share of other places whose light fits the subject less",
    "shadow_found": "share of ground scenes that are at least 8 % darker at the foot",
    "ground_minus_air": "that share less the one of scenes without a ground",
    "untouched": "share of scenes whose given layer is bit for bit what it was",
}
BARS = {
    "recomposed": (0.06, False),
    "tint_nearer": (0.70, True),
    "shadow_found": (0.70, True),
    "ground_minus_air": (0.5, True),
    "untouched": (1.0, True),
}


def made(model: Judged, task: Task, number: int) -> Scene:
    """Ask for scene `number`: a drawn thing or a drawn place is given, where one is."""
    rng = np.random.default_rng([HOLDING_OUT, 5, number])
    wanted, place = staged_subject(rng), PLACES[number % len(PLACES)]
    given = _given(task, wanted, place, rng, model.side)
    before = {role: pixels.copy() for role, pixels in given.items()}
    thing, scene = phrase(wanted), f"{phrase(wanted)} {place.where}"
    request = GenerationRequest(
        place.name if task is Task.BACKGROUND else scene,
        (model.side, model.side),
        FIRST_SEED + number,
        task=task,
        conditions=tuple(Condition(role, pixels) for role, pixels in given.items()),
        foreground_prompt=thing if task is Task.TOGETHER else "",
        background_prompt=place.name if task is Task.TOGETHER else "",
        loras=model.loras,
    )
    answer = model.run(request)
    same = all(np.array_equal(before[role], given[role]) for role in given)
    layers = {role: pixels.astype(np.float32) / 255 for role, pixels in (answer | given).items()}
    subject = layers[Role.FOREGROUND]
    background = layers[Role.BACKGROUND][..., :3]
    # A model of another road makes no blended picture: then there is nothing to take light from.
    blended = layers.get(Role.BLENDED, _flat(subject, background))[..., :3]
    page = recomposed(subject, background, blended)
    untouched = same and not (answer.keys() & given.keys())
    return Scene(wanted, place, subject, background, blended, page, untouched)


def summed(found: Sequence[Scene], classifier: Classifier) -> dict[str, float]:
    """The figures of many scenes of one task, by the names of `MEANS`."""
    said = classifier.answers([framed(each.subject) for each in found])
    pairs = zip(said, found, strict=True)
    shadows = [
        measures.shadow_under(
            each.subject[..., 3], each.background, each.blended, each.place.ground
        )
        for each in found
    ]
    tints = []
    for each in found:
        alpha = each.subject[..., 3]
        if alpha.max() > measures.OPAQUE:
            drawn = straight(fresh(each.wanted, HOLDING_OUT, 0, 128)) / np.float32(255)
            neutral = measures.mean_colour(drawn[..., :3], drawn[..., 3])
            seen = measures.mean_colour(each.blended, alpha)
            tints.append(measures.tint_nearer(neutral, seen, each.place))
    return {
        "thing": float(np.mean([one.name == each.wanted.name for one, each in pairs])),
        "recomposed": float(np.mean([np.abs(each.page - each.blended).mean() for each in found])),
        "tint_nearer": float(np.mean(tints)) if tints else 0.0,
        **measures.shadow_shares([each for each in shadows if each is not None]),
        "untouched": float(np.mean([each.is_untouched for each in found])),
    }


def framed(layer: Layer) -> Layer:
    """A straight layer cut to what is visible, premultiplied, in the middle of a square."""
    inside = layer[..., 3] > INSIDE / 2
    square = layer.copy()
    square[..., :3] *= square[..., 3:]
    if not inside.any():
        return square
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    side = int(np.ceil(max(high, wide) / FRAME))
    paper = np.zeros((side, side, 4), np.float32)
    top, left = (side - high) // 2, (side - wide) // 2
    cut = square[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    paper[top : top + high, left : left + wide] = cut
    return paper


def control_section(model: Judged, count: int, tell: Tell) -> Section:
    """Whether a layer keeps to a scribble: overlap of its alpha with the filled outline."""
    title, words = "Adherence to control", "Outlines of held-out renders as scribbles."
    pairs: list[tuple[RGBA8, RGBA8, RGBA8]] = []
    kept, free = [], []
    for number in range(count):
        if number % 5 == 0:
            tell(f"control: {number} of {count}")
        # As things stand in scenes: of all sizes and in all places, so that chance hits few.
        wanted, _, scene = scene_of(number, HOLDING_OUT)
        true = _sized(scene.foreground[..., 3], model.side)
        lines = _lines(true)
        try:
            guided, alone = _both(model, wanted, lines, FIRST_SEED + number)
        except GenerationError as error:
            if error.kind is ErrorKind.BAD_REQUEST:
                raise
            return Section(CONTROL_NAME, title, f"This model takes no scribble: {error}")
        inside = true > INSIDE
        kept.append(overlap(guided[..., 3] > 255 * INSIDE, inside))
        free.append(overlap(alone[..., 3] > 255 * INSIDE, inside))
        pairs.append((lines, guided, alone))
    with_it, without = float(np.mean(kept)), float(np.mean(free))
    shown = [pictures[row] for row in range(3) for pictures in pairs[:12]]
    figures = (
        Figure("overlap", with_it, "intersection over union of alpha and filled scribble", 0.5),
        Figure("overlap_without", without, "the same without the scribble, with the same seed"),
        Figure("times_better", with_it / max(without, 1e-6), "the first over the second", 2.0),
    )
    board = sheet(shown, columns=min(12, len(pairs)), cell=96)
    words_of_sheet = "The scribble; with it; without it"
    return Section(
        CONTROL_NAME, title, words, figures, (), (Sheet(CONTROL_NAME, words_of_sheet, board),)
    )


def _both(model: Judged, wanted: Subject, lines: RGBA8, seed: int) -> tuple[RGBA8, RGBA8]:
    """A layer with the scribble and one without, from the same seed."""
    size = (model.side, model.side)
    control = (Condition(Role.CONTROL, lines, kind="scribble"),)
    request = GenerationRequest(phrase(wanted), size, seed, conditions=control, loras=model.loras)
    guided = model.run(request)[Role.FOREGROUND]
    alone = GenerationRequest(phrase(wanted), size, seed, loras=model.loras)
    return guided, model.run(alone)[Role.FOREGROUND]


def _lines(alpha: Layer) -> RGBA8:
    width = max(3, round(LINE * alpha.shape[0] / WHOLE_SIDE))
    line = np.round(scribble_of(alpha, width) * 255).astype(np.uint8)
    return np.dstack([line, line, line, np.full_like(line, 255)])


def _sized(alpha: Layer, side: int) -> Layer:
    """An alpha (h, w) at another side."""
    planes = torch.from_numpy(np.ascontiguousarray(alpha, np.float32))[None, None]
    sized: Layer = nn.functional.interpolate(planes, (side, side), mode="area")[0, 0].numpy()
    return sized


def _given(
    task: Task, wanted: Subject, place: Place, rng: np.random.Generator, side: int
) -> dict[Role, RGBA8]:
    if task is Task.BACKGROUND:
        return {Role.FOREGROUND: straight(fresh(wanted, HOLDING_OUT, 5000, side))}
    if task is Task.FOREGROUND:
        picture = draw_place(place, rng, float(rng.uniform(*place.horizon)), side)
        opaque = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
        return {Role.BACKGROUND: np.dstack([opaque, np.full((side, side), 255, np.uint8)])}
    return {}


def _flat(subject: Layer, background: Layer) -> Layer:
    alpha = subject[..., 3:]
    flat: Layer = subject[..., :3] * alpha + background * (1 - alpha)
    return flat


def _figures(task: Task, told: dict[str, float]) -> list[Figure]:
    found = []
    for name, words in MEANS.items():
        bar, is_at_least = BARS.get(name, (None, True))
        found.append(Figure(f"{task}_{name}", told[name], f"{task}: {words}", bar, is_at_least))
    return found


def _sheet(task: Task, found: Sequence[Scene]) -> Sheet:
    pages = [np.round(np.clip(each.page, 0, 1) * 255).astype(np.uint8) for each in found[:32]]
    pictures = [np.dstack([page, np.full(page.shape[:2], 255, np.uint8)]) for page in pages]
    words = f"{task}: the layers laid together, with shadow and light"
    return Sheet(f"{NAME}-{task}", words, sheet(pictures, columns=min(8, len(pictures))))
