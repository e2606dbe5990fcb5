"""What a model's latent space keeps of transparent pictures that no training saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.request import RGBA8
from generator.training.drawing.easel import Layer
from generator.training.evaluation.findings import Figure, Row, Section, Sheet, Table, Tell
from generator.training.evaluation.judged import Judged
from generator.training.evaluation.measures import Difference, difference, psnr
from generator.training.evaluation.renders import (
    HOLDING_OUT,
    Kind,
    fresh,
    held_out,
    kind_of,
    premultiplied,
    seen,
    straight,
)
from generator.training.sheets import sheet
from generator.training.words.captions import Subject, phrase

NAME = "reconstruction"
SHOWN = 12  # pairs of pictures on the sheet
MEANS = {
    "psnr": "dB, premultiplied colour of all pictures together; more is better",
    "ssim": "structural similarity of all four planes, 1 is the same (Wang et al. 2004)",
    "alpha_mae": "mean absolute error of alpha",
    "semi_mae": "the same over all pixels whose true alpha is between 0.1 and 0.9",
    "semi_by_picture": "the same as a mean of pictures, however few such pixels they have",
    "sad": "sum of absolute alpha errors of a picture, in thousands (Rhemann et al. 2009)",
    "gradient": "gradient error of alpha, in thousands (Rhemann et al. 2009)",
    "identity": "mean change of the VAE's picture by the offset that carries alpha",
}


@dataclass(frozen=True, slots=True)
class Bars:
    """What a codec must reach; a model trained on a CPU has easier ones."""

    psnr: float = 27.0
    alpha_mae: float = 0.03
    semi_mae: float = 0.10
    identity: float = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One picture, what came back, and how far that is."""

    subject: Subject
    true: RGBA8
    found: Layer
    away: Difference
    identity: float


def trials(model: Judged, count: int, tell: Tell) -> list[Trial]:
    """Send held-out renders through the model: first the held-out pairs, then other subjects."""
    asked = [*held_out(), *seen(max(0, count - len(held_out())))][:count]
    found = []
    for number, subject in enumerate(asked):
        if number % 20 == 0:
            tell(f"reconstruction: {number} of {len(asked)}")
        true = straight(fresh(subject, HOLDING_OUT, number, model.side))
        held = model.hold(true)
        away = difference(held.layer, premultiplied(true))
        changed = float(np.abs(held.picture - held.plain).mean())
        found.append(Trial(subject, true, held.layer, away, changed))
    return found


def section(model: Judged, count: int, tell: Tell) -> Section:
    """The figures of all trials, a row for each kind of alpha, and a sheet."""
    found = trials(model, count, tell)
    whole = summed(found)
    bars = Bars()
    figures = (
        Figure("psnr", whole["psnr"], MEANS["psnr"], bars.psnr),
        Figure("ssim", whole["ssim"], MEANS["ssim"]),
        Figure("alpha_mae", whole["alpha_mae"], MEANS["alpha_mae"], bars.alpha_mae, False),
        Figure("semi_mae", whole["semi_mae"], MEANS["semi_mae"], bars.semi_mae, False),
        Figure("semi_by_picture", whole["semi_by_picture"], MEANS["semi_by_picture"]),
        Figure("sad", whole["sad"], MEANS["sad"]),
        Figure("gradient", whole["gradient"], MEANS["gradient"]),
        Figure("identity", whole["identity"], MEANS["identity"], bars.identity, False),
    )
    kinds = [(kind, [t for t in found if kind_of(t.subject.name) is kind]) for kind in Kind]
    rows: list[Row] = [
        (str(kind), len(part), *summed(part).values()) for kind, part in kinds if part
    ]
    return Section(
        NAME,
        "Reconstruction",
        f"{len(found)} fresh renders encoded and decoded without noise.",
        figures,
        (Table("By kind of alpha", ("kind", "pictures", *MEANS), tuple(rows)),),
        (_sheet(found),),
    )


def summed(found: Sequence[Trial]) -> dict[str, float]:
    """The means over pictures; the signal-to-noise ratio is that of the mean square error."""
    away = [trial.away for trial in found]
    semi = [(each.semi_mae, each.semi_pixels) for each in away if each.semi_mae is not None]
    errors, pixels = zip(*semi, strict=True) if semi else ((0.0,), (1,))
    return {
        "psnr": psnr(float(np.mean([each.colour_error for each in away]))),
        "ssim": float(np.mean([each.ssim for each in away])),
        "alpha_mae": float(np.mean([each.alpha_mae for each in away])),
        "semi_mae": float(np.average(errors, weights=pixels)),
        "semi_by_picture": float(np.mean(errors)),
        "sad": float(np.mean([each.sad for each in away])),
        "gradient": float(np.mean([each.gradient for each in away])),
        "identity": float(np.mean([trial.identity for trial in found])),
    }


def _sheet(found: Sequence[Trial]) -> Sheet:
    """True above, found below; the worst alphas first."""
    worst = sorted(found, key=lambda trial: -trial.away.alpha_mae)[:SHOWN]
    pictures = [trial.true for trial in worst] + [straight(trial.found) for trial in worst]
    named = ", ".join(phrase(trial.subject) for trial in worst)
    words = f"Above drawn, below as it comes back; the largest errors of alpha first: {named}."
    return Sheet(NAME, words, sheet(pictures, columns=len(worst)))
