"""Whether the steps that a model ships with do as well as twenty, of the same words and seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from generator.training.evaluation.classifier import Classifier
from generator.training.evaluation.findings import Figure, Section, Sheet, Table, Tell
from generator.training.evaluation.generation import Answer, answered, grid, plain
from generator.training.evaluation.judged import Judged
from generator.training.sheets import sheet

NAME = "few-steps"
MANY = 20
ALLOWED = 0.05  # share of right answers that may be lost


def section(model: Judged, classifier: Classifier, count: int, tell: Tell) -> Section:
    """Accuracy with the shipped steps and with twenty; the difference has a bar."""
    few = answered(model, classifier, plain(grid(count)), tell)
    many = answered(model, classifier, plain(grid(count), MANY), tell)
    shares = [_shares(few), _shares(many)]
    lost = [b - a for a, b in zip(*shares, strict=True)]
    shown = [each.picture for each in few[:12]] + [each.picture for each in many[:12]]
    words = f"Above {model.steps} steps, below {MANY}, from the same noise"
    return Section(
        NAME,
        "Few steps",
        f"The {model.steps} steps that this model takes against {MANY}, on held-out pairs.",
        (
            Figure(
                "lost_thing", lost[0], "share of right things lost by few steps", ALLOWED, False
            ),
            Figure("lost_colour", lost[1], "the same of colours", ALLOWED, False),
        ),
        (
            Table(
                "Right answers",
                ("steps", "layers", "thing", "colour", "both"),
                (
                    (str(model.steps), len(few), *shares[0]),
                    (str(MANY), len(many), *shares[1]),
                ),
            ),
        ),
        (Sheet(NAME, words, sheet(shown, columns=min(12, len(few)), cell=96)),),
    )


def _shares(found: Sequence[Answer]) -> tuple[float, float, float]:
    """The shares of right things, of right colours, and of pictures with both right."""
    return (
        float(np.mean([each.is_thing for each in found])),
        float(np.mean([each.is_colour for each in found])),
        float(np.mean([each.is_thing and each.is_colour for each in found])),
    )
