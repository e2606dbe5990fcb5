"""Native transparency against generate-then-matte: alpha that a model made or one that was guessed.

The mattes are PyMatting's, untouched: closed form (Levin et al. 2008) and KNN (Chen et al. 2013).
They get a trimap made from the true alpha, which nobody has in practice, where there is a true one.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from generator.request import RGBA8
from generator.training.drawing.easel import Layer, Mask
from generator.training.drawing.places import PLACES, draw_place
from generator.training.evaluation.distributions import alpha_histogram, histogram_distance
from generator.training.evaluation.findings import Figure, Row, Section, Sheet, Table, Tell
from generator.training.evaluation.generation import FIRST_SEED, plain
from generator.training.evaluation.judged import Judged
from generator.training.evaluation.measures import alpha_mae, semi_mae
from generator.training.evaluation.renders import (
    HOLDING_OUT,
    Kind,
    all_subjects,
    fresh,
    kind_of,
    premultiplied,
    straight,
)
from generator.training.sheets import sheet
from generator.training.words.captions import Subject

NAME = "matting"
NATIVE = "native"
BAND = 16  # the unknown band reaches a picture's side divided by this from every soft pixel
SURE = 0.01  # of the true alpha: nearer to 0 or 1 than this is known
DENSEST = 0.005  # share of the pixels that count as before where none is opaque
LIKE, UNLIKE = 0.03, 0.25  # colour distances from the border's colour: surely behind, surely before
TIMES_BETTER = {Kind.OPAQUE: 1.0, Kind.THIN: 1.0, Kind.TRANSLUCENT: 2.0}
SHOWN = 12

Pixels = NDArray[np.float64]
Method = Callable[[Pixels, Pixels], Pixels]  # picture (h, w, 3), trimap (h, w) to alpha (h, w)


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """The alphas of one render by each method, the native one among them."""

    subject: Subject
    true: Mask
    alphas: dict[str, Mask]


class NoMattingError(Exception):
    """The library that mattes is not installed; the message says how to get it."""


def methods() -> dict[str, Method]:
    """The matting methods by name; raises `NoMattingError` where PyMatting is not installed."""
    try:
        from pymatting.alpha.estimate_alpha_cf import estimate_alpha_cf
        from pymatting.alpha.estimate_alpha_knn import estimate_alpha_knn
    except ImportError as error:
        raise NoMattingError(
            "The comparison with matting needs PyMatting: pip install pymatting."
        ) from error
    return {"closed form": _quiet(estimate_alpha_cf), "KNN": _quiet(estimate_alpha_knn)}


def _quiet(method: Method) -> Method:
    """Keep the library's remarks on speed from our results, where it prints them."""

    def quiet(picture: Pixels, trimap: Pixels) -> Pixels:
        with contextlib.redirect_stdout(io.StringIO()):
            return method(picture, trimap)

    return quiet


def section(model: Judged, count: int, tell: Tell) -> Section:
    """Who finds alpha better, by kind: of renders in places, and of the model's own layers."""
    mattes = methods()
    chosen = subjects_by_kind(count)
    found = []
    for number, subject in enumerate(chosen):
        if number % 5 == 0:
            tell(f"matting: {number} of {len(chosen)}")
        found.append(contest(model, mattes, subject, number))
    table, figures = _of_renders(found, list(mattes))
    made = model.make(
        [each for _, each in plain([(s, FIRST_SEED + n) for n, s in enumerate(chosen)])],
        "layers to matte",
        tell,
    )
    spread = _of_layers(list(zip(chosen, made, strict=True)), mattes)
    return Section(
        NAME,
        "Native against generate-then-matte",
        "Renders over drawn places: matting sees the flat picture and a trimap from the true alpha;"
        " native is the model's own latent, encoded and decoded.",
        figures,
        (table, spread),
        (_sheet(found),),
    )


def subjects_by_kind(count: int) -> list[Subject]:
    """So many subjects, of each kind of alpha by turns, always the same."""
    order = np.random.default_rng([HOLDING_OUT, 3]).permutation(len(all_subjects()))
    queues: dict[Kind, list[Subject]] = {kind: [] for kind in Kind}
    wanted = -(-count // len(Kind))
    for number in order:
        subject = all_subjects()[number]
        if min(len(queue) for queue in queues.values()) >= wanted:
            break
        queues[kind_of(subject.name)].append(subject)
    by_turns = zip(*(queue[:wanted] for queue in queues.values()), strict=False)
    return [subject for turn in by_turns for subject in turn][:count]


def contest(model: Judged, mattes: Mapping[str, Method], subject: Subject, number: int) -> Contest:
    """One fresh render, held by the model and, over a place, given to each matting method."""
    layer = fresh(subject, HOLDING_OUT, 2000 + number, model.side)
    place = PLACES[number % len(PLACES)]
    rng = np.random.default_rng([HOLDING_OUT, 4, number])
    behind = draw_place(place, rng, float(rng.uniform(*place.horizon)), model.side)
    flat = over(layer, behind)
    trimap = true_trimap(layer[..., 3])
    alphas: dict[str, Mask] = {name: method(flat, trimap) for name, method in mattes.items()}
    alphas[NATIVE] = model.hold(straight(layer)).layer[..., 3]
    return Contest(subject, layer[..., 3], alphas)


def over(layer: Layer, behind: Layer) -> Pixels:
    """A premultiplied layer over an opaque picture (h, w, 3), as eight bits hold it."""
    flat = np.clip(layer[..., :3] + behind * (1 - layer[..., 3:]), 0, 1)
    return np.round(flat * 255).astype(np.float64) / 255


def true_trimap(alpha: Mask) -> Pixels:
    """1 surely before, 0 surely behind, 0.5 unknown: a wide band around all that is soft.

    Where nothing is opaque, the densest pixels count as before, as a person would mark them: no
    matting method can begin without any.
    """
    reach = max(1, alpha.shape[0] // BAND)
    found = _trimap(alpha > 1 - SURE, alpha < SURE, reach)
    if not (found == 1).any():
        found[alpha >= np.quantile(alpha, 1 - DENSEST)] = 1
    return found


def automatic_trimap(picture: Pixels) -> Pixels:
    """The same where nobody knows alpha: by colour distance from the picture's border."""
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    away = np.abs(picture - np.median(edge, axis=0)).max(axis=2)
    reach = max(1, picture.shape[0] // (4 * BAND))
    return _trimap(away > UNLIKE, away < LIKE, reach)


def _trimap(before: NDArray[np.bool_], behind: NDArray[np.bool_], reach: int) -> Pixels:
    found = np.full(before.shape, 0.5)
    found[_shrunk(before, reach)] = 1
    found[_shrunk(behind, reach)] = 0
    return found


def _shrunk(region: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    outside = torch.from_numpy((~region).astype(np.float32))[None, None]
    wide = nn.functional.max_pool2d(outside, 2 * reach + 1, 1, reach)
    shrunk: NDArray[np.bool_] = wide[0, 0].numpy() < 0.5
    return shrunk


def _of_renders(found: Sequence[Contest], names: Sequence[str]) -> tuple[Table, tuple[Figure, ...]]:
    """The alpha errors by kind, and how often smaller the native one is than the best matte's."""
    rows: list[Row] = []
    figures = []
    for kind in Kind:
        part = [each for each in found if kind_of(each.subject.name) is kind]
        if not part:
            continue
        errors = {name: _error(part, name) for name in (NATIVE, *names)}
        semi = {name: _semi_error(part, name) for name in (NATIVE, *names)}
        best = min(names, key=errors.__getitem__)
        ratio = errors[best] / max(errors[NATIVE], 1e-6)
        rows.append((str(kind), len(part), *errors.values(), *semi.values(), best, ratio))
        words = f"error of the best matte ({best}) divided by the native one, {kind} things"
        figures.append(
            Figure(f"times_better_{kind.name.lower()}", ratio, words, TIMES_BETTER[kind])
        )
    columns = (
        "kind", "renders", *(f"{name} MAE" for name in (NATIVE, *names)),
        *(f"{name} semi" for name in (NATIVE, *names)), "best matte", "native is better by",
    )  # fmt: skip
    words = "Mean absolute error of alpha; semi is that where the true alpha is 0.1 to 0.9."
    return Table("Alpha of renders over places", columns, tuple(rows), words), tuple(figures)


def _error(part: Sequence[Contest], name: str) -> float:
    return float(np.mean([alpha_mae(each.alphas[name], each.true) for each in part]))


def _semi_error(part: Sequence[Contest], name: str) -> float:
    found = [semi_mae(each.alphas[name], each.true) for each in part]
    kept = [each for each in found if each is not None]
    return float(np.mean(kept)) if kept else 0.0


def _of_layers(made: Sequence[tuple[Subject, RGBA8]], mattes: Mapping[str, Method]) -> Table:
    """The model's layers laid on plain grey and matted with a trimap that a program can make."""
    rows: list[Row] = []
    for kind in Kind:
        part = [each for each in made if kind_of(each[0].name) is kind]
        if not part:
            continue
        side = part[0][1].shape[0]
        true = alpha_histogram(
            [fresh(s, HOLDING_OUT, 3000 + n, side)[..., 3] for n, (s, _) in enumerate(part)]
        )
        layers = [premultiplied(picture) for _, picture in part]
        away = [histogram_distance(alpha_histogram([each[..., 3] for each in layers]), true)]
        for method in mattes.values():
            alphas = [_matted(each, method) for each in layers]
            away.append(histogram_distance(alpha_histogram(alphas), true))
        rows.append((str(kind), len(part), *away))
    return Table(
        "Distance of alpha histograms to those of drawn things",
        ("kind", "layers", NATIVE, *mattes),
        tuple(rows),
        "The model's own layers; to be matted they lie on plain grey, with an automatic trimap."
        " 0 is the same, 1 as far as can be.",
    )


def _matted(layer: Layer, method: Method) -> Mask:
    grey = np.full((*layer.shape[:2], 3), 0.5, np.float32)
    flat = over(layer, grey)
    trimap = automatic_trimap(flat)
    if not ((trimap == 1).any() and (trimap == 0).any()):
        return np.where(trimap == 1, 1.0, np.where(trimap == 0, 0.0, 0.5))  # nothing to go by
    return method(flat, trimap)


def _sheet(found: Sequence[Contest]) -> Sheet:
    """The true alpha, then each method's, as black things on the board."""
    shown = sorted(found, key=lambda each: kind_of(each.subject.name), reverse=True)[:SHOWN]
    names = [name for name in shown[0].alphas if name != NATIVE]
    rows = [[each.true for each in shown], [each.alphas[NATIVE] for each in shown]]
    rows += [[each.alphas[name] for each in shown] for name in names]
    pictures = [_black(alpha) for row in rows for alpha in row]
    words = f"Alpha as black: drawn, {NATIVE}, {', '.join(names)}."
    return Sheet(NAME, words, sheet(pictures, columns=len(shown), cell=96))


def _black(alpha: Mask) -> RGBA8:
    picture = np.zeros((*alpha.shape, 4), np.uint8)
    picture[..., 3] = np.round(np.clip(alpha, 0, 1) * 255)
    return picture
