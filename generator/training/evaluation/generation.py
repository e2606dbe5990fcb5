"""What a model makes of words: is it the thing, in the colour, drawn like the true ones.

The grid is of pairs of colour and thing that no training drew, and of pairs that trainings do draw.
A classifier answers that learned from other renders; its own accuracy stands beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from generator.request import RGBA8
from generator.training.drawing.easel import Layer
from generator.training.evaluation import trained_on
from generator.training.evaluation.classifier import Classifier, seen_small
from generator.training.evaluation.distributions import (
    alpha_histogram,
    frechet,
    histogram_distance,
    likely_range,
    nearest_distance,
)
from generator.training.evaluation.findings import Figure, Section, Sheet, Table, Tell
from generator.training.evaluation.judged import Asked, Judged
from generator.training.evaluation.renders import (
    COMPARING,
    HOLDING_OUT,
    TEACHING,
    Kind,
    fresh,
    held_out,
    kind_of,
    premultiplied,
    seen,
)
from generator.training.pictures import SIDE
from generator.training.sheets import sheet
from generator.training.words.captions import Subject, phrase
from generator.training.words.free_prompts import FREE_PROMPTS

NAME, FREE_NAME = "generation", "free-prompts"
FIRST_SEED = 100
ALIKE = 3  # pictures of each subject that stand for the training where its own are not here
COLUMNS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One picture made, what was wanted and what the classifier says it is."""

    wanted: Subject
    picture: RGBA8
    said: Subject

    @property
    def is_thing(self) -> bool:
        """Say whether it is the thing."""
        return self.wanted.name == self.said.name

    @property
    def is_colour(self) -> bool:
        """Say whether it has the colour; also true where none was named."""
        return self.wanted.colour in (None, self.said.colour)


def grid(count: int) -> list[tuple[Subject, int]]:
    """So many held-out pairs with seeds: each pair once, then each with the next seed."""
    pairs = held_out()
    return [(pairs[n % len(pairs)], FIRST_SEED + n // len(pairs)) for n in range(count)]


def answered(
    model: Judged, classifier: Classifier, asked: Sequence[tuple[Subject, Asked]], tell: Tell
) -> list[Answer]:
    """Make a picture for each and ask the classifier what it shows."""
    pictures = model.make([each for _, each in asked], "making layers", tell)
    said = classifier.answers([premultiplied(picture) for picture in pictures])
    wanted = [subject for subject, _ in asked]
    return [Answer(*each) for each in zip(wanted, pictures, said, strict=True)]


def plain(
    pairs: Sequence[tuple[Subject, int]], steps: int | None = None
) -> list[tuple[Subject, Asked]]:
    """Ask for subjects in the plainest words."""
    return [(subject, Asked(phrase(subject), seed, steps)) for subject, seed in pairs]


def section(
    model: Judged, classifier: Classifier, count: int, trained: Path | None, tell: Tell
) -> Section:
    """Accuracy on held-out and seen pairs, and how far the pictures are from drawn ones."""
    kept_out = answered(model, classifier, plain(grid(count)), tell)
    subjects = seen(count)
    pairs = [(each, FIRST_SEED + 50 + n) for n, each in enumerate(subjects)]
    known = answered(model, classifier, plain(pairs), tell)
    tell("comparing with drawn pictures")
    made = [*kept_out, *known]
    figures = (
        *_accuracy("held_out", "pairs that were never drawn", kept_out, (0.70, 0.85)),
        *_accuracy("seen", "pairs of the training", known, (None, None)),
        *_of_classifier(classifier),
        *_distances(classifier, made),
        *_memory(known, trained),
    )
    return Section(
        NAME,
        "Generation",
        f"{len(kept_out)} layers of {len(held_out())} held-out pairs of colour and thing, and"
        f" {len(known)} of pairs that the training draws, with the model's own steps.",
        figures,
        (_by_pair(kept_out), _alphas(made)),
        (
            _sheet("held-out", "Held-out pairs, as made", kept_out),
            _sheet("seen", "Pairs of the training, as made", known),
        ),
    )


def free_section(model: Judged, classifier: Classifier, count: int, tell: Tell) -> Section:
    """The written prompts: does each land on the near concept."""
    cases = FREE_PROMPTS[: count or None]
    asked = [
        (Subject(name, colour), Asked(prompt, FIRST_SEED + number))
        for number, (prompt, name, colour) in enumerate(cases)
    ]
    found = answered(model, classifier, asked, tell)
    landed = float(np.mean([each.is_thing and each.is_colour for each in found]))
    rows = [
        (prompt, phrase(each.wanted), phrase(each.said), _yes(each.is_thing), _yes(each.is_colour))
        for (prompt, _, _), each in zip(cases, found, strict=True)
    ]
    columns = ("prompt", "wanted", "found", "thing", "colour")
    return Section(
        FREE_NAME,
        "Free prompts",
        "Prompts as people write them, put down before anything was measured.",
        (
            Figure("landed", landed, "share that shows the thing, in its colour if named", 0.60),
            Figure("thing", float(np.mean([each.is_thing for each in found])), "the thing alone"),
        ),
        (Table("Each prompt", columns, tuple(rows)),),
        (_sheet("free-prompts", "The prompts in their order", found),),
    )


def _accuracy(
    name: str, words: str, found: Sequence[Answer], bars: tuple[float | None, float | None]
) -> tuple[Figure, ...]:
    figures = []
    for part, right, bar in (
        ("thing", [each.is_thing for each in found], bars[0]),
        ("colour", [each.is_colour for each in found if each.wanted.colour], bars[1]),
    ):
        low, high = likely_range(sum(right), len(right))
        told = f"right {part}s of {words}; 95 % of such samples lie in {low:.3f} to {high:.3f}"
        share = float(np.mean(right)) if right else 0.0
        figures.append(Figure(f"{name}_{part}", share, told, bar))
    return tuple(figures)


def _of_classifier(classifier: Classifier) -> tuple[Figure, ...]:
    own = classifier.accuracy
    words = f"the classifier itself, on {own.count} renders that it never saw"
    return (
        Figure("classifier_thing", own.thing, f"right things by {words}", 0.95),
        Figure("classifier_colour", own.colour, f"right colours by {words}", 0.95),
    )


def _distances(classifier: Classifier, made: Sequence[Answer]) -> tuple[Figure, ...]:
    """Frechet distances and nearest training pictures, each beside what drawn pictures have."""
    layers = [premultiplied(each.picture) for each in made]
    one, other = (_drawn(made, stream) for stream in (HOLDING_OUT, COMPARING))
    true, floor = classifier.features(one), classifier.features(other)
    found = classifier.features(layers)
    own = "features of the classifier; only comparable between models judged by the same one"
    return (
        Figure("frechet", frechet(found, true), f"Frechet distance to held-out renders; {own}"),
        Figure("frechet_floor", frechet(floor, true), "the same of renders against renders"),
    )


def _memory(known: Sequence[Answer], folder: Path | None) -> tuple[Figure, ...]:
    """How near pictures come to those of the training, beside how near fresh renders come.

    Without the training's own folder, pictures drawn as the training draws stand for it.
    """
    made = [premultiplied(each.picture) for each in known]
    drawn = [fresh(each.wanted, HOLDING_OUT, 1000 + n, SIDE) for n, each in enumerate(known)]
    if folder is not None:
        near, near_drawn = trained_on.nearest(made, folder), trained_on.nearest(drawn, folder)
        words = "mean distance to the nearest of the pictures that it was trained on"
    else:
        alike = [seen_small(layer) for n in range(ALIKE) for layer in _taught(known, n)]
        near = nearest_distance([seen_small(layer) for layer in made], alike)
        near_drawn = nearest_distance([seen_small(layer) for layer in drawn], alike)
        words = "mean distance to the nearest of some pictures drawn as for the training"
    return (
        Figure("nearest", float(np.mean(near)), words),
        Figure("nearest_least", min(near), "the smallest of these distances"),
        Figure("nearest_drawn", float(np.mean(near_drawn)), f"{words}, of fresh renders"),
    )


def _drawn(made: Sequence[Answer], stream: int) -> list[Layer]:
    return [fresh(each.wanted, stream, 1000 + n, 128) for n, each in enumerate(made)]


def _taught(made: Sequence[Answer], number: int) -> list[Layer]:
    return [fresh(each.wanted, TEACHING, number, 128) for each in made]


def _alphas(made: Sequence[Answer]) -> Table:
    """How far alphas are spread as in true pictures, by kind, with renders against renders."""
    rows = []
    for kind in Kind:
        part = [each for each in made if kind_of(each.wanted.name) is kind]
        if not part:
            continue
        found = alpha_histogram([each.picture[..., 3] / 255 for each in part])
        true, again = (
            alpha_histogram([layer[..., 3] for layer in _drawn(part, stream)])
            for stream in (HOLDING_OUT, COMPARING)
        )
        away, floor = histogram_distance(found, true), histogram_distance(again, true)
        rows.append((str(kind), len(part), away, floor))
    return Table(
        "Distance of alpha histograms",
        ("kind", "layers", "made against drawn", "drawn against drawn"),
        tuple(rows),
        "Earth mover's distance of the alphas of all pixels where something is, 0 to 1.",
    )


def _by_pair(found: Sequence[Answer]) -> Table:
    rows = []
    for pair in held_out():
        part = [each for each in found if each.wanted == pair]
        if part:
            thing = float(np.mean([each.is_thing for each in part]))
            colour = float(np.mean([each.is_colour for each in part]))
            others = {phrase(each.said) for each in part if not (each.is_thing and each.is_colour)}
            rows.append((phrase(pair), len(part), thing, colour, ", ".join(sorted(others))))
    columns = ("pair", "layers", "thing", "colour", "taken for")
    return Table("Each held-out pair", columns, tuple(rows))


def _sheet(name: str, words: str, found: Sequence[Answer]) -> Sheet:
    shown = [each.picture for each in found[: 6 * COLUMNS]]
    return Sheet(name, words, sheet(shown, columns=min(COLUMNS, len(shown)), cell=96))


def _yes(value: bool) -> str:
    return "yes" if value else "no"
