"""A small network that says what is drawn and in which colour, taught by fresh renders alone.

It is a measuring device: taught in a few minutes on one core, kept in the cache under a hash of its
recipe, and shipped with nothing. It never sees what a model made while it learns.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from generator.training.drawing.easel import Layer
from generator.training.drawing.things import COLOURS, THINGS
from generator.training.evaluation.renders import (
    HOLDING_OUT,
    TEACHING,
    all_subjects,
    drawings_hash,
    fresh,
    names,
)
from generator.training.words.captions import Subject

log = logging.getLogger(__name__)

SIDE = 64  # pixels
FEATURES = 64
NO_COLOUR = -1  # label of a picture whose colour was not named: its colour teaches nothing
LEARNING_RATE = 3e-3


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much it is taught: pictures a subject with and without a named colour, and epochs."""

    coloured: int = 6
    natural: int = 40
    epochs: int = 6
    batch: int = 64
    tested: int = 1  # held-out pictures of each subject; of a thing without named colours, four


SMALL = Recipe(coloured=1, natural=1, epochs=1, tested=1)


class Network(nn.Module):
    """Premultiplied pictures (n, 4, 64, 64), 0..1, to features, and from these to two answers."""

    def __init__(self, things: int, colours: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_block(4, 24, 2), *_block(24, 40, 2), *_block(40, 64, 2), *_block(64, 96, 1)
        )
        self.feature = nn.Linear(2 * 96, FEATURES)
        self.thing = nn.Linear(FEATURES, things)
        self.colour = nn.Linear(FEATURES, colours)

    def features(self, pictures: Tensor) -> Tensor:
        """Return (n, FEATURES): mean and largest answer of each filter, mixed."""
        found = self.body(pictures - 0.5)
        pooled = torch.cat([found.mean((2, 3)), found.amax((2, 3))], dim=1)
        return nn.functional.relu(self.feature(pooled))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return (n, things) and (n, colours), not normalised."""
        features = self.features(pictures)
        return self.thing(features), self.colour(features)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Shares of right answers on held-out renders, 0..1; that of colours where one was named."""

    count: int
    thing: float
    colour: float


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A taught network, what its answers mean, and how good it is by itself."""

    network: Network
    things: tuple[str, ...]
    colours: tuple[str, ...]
    accuracy: Accuracy

    @torch.inference_mode()
    def answers(self, pictures: Sequence[Layer]) -> list[Subject]:
        """Say of premultiplied square pictures what they show; a colour is always named."""
        found = []
        for batch in _batches(pictures):
            thing, colour = (scores.argmax(1).tolist() for scores in self.network(batch))
            found += [
                Subject(self.things[t], self.colours[c]) for t, c in zip(thing, colour, strict=True)
            ]
        return found

    @torch.inference_mode()
    def features(self, pictures: Sequence[Layer]) -> NDArray[np.float64]:
        """Return (n, FEATURES) for a distance between sets of pictures."""
        parts = [self.network.features(batch) for batch in _batches(pictures)]
        found: NDArray[np.float64] = torch.cat(parts).double().numpy()
        return found


def kept_or_taught(folder: Path, recipe: Recipe) -> Classifier:
    """Read the classifier of this recipe from the cache, or teach it and keep it there."""
    path = folder / f"classifier-{recipe_hash(recipe)[:16]}.safetensors"
    record = path.with_suffix(".json")
    things, colours = names(), tuple(COLOURS)
    if path.exists() and record.exists():
        network = Network(len(things), len(colours))
        network.load_state_dict(load_file(path))
        accuracy = Accuracy(**json.loads(record.read_text()))
        return Classifier(network.eval(), things, colours, accuracy)
    made = taught(recipe)
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file({name: value.contiguous() for name, value in made.network.state_dict().items()}, part)
    part.replace(path)
    record_part = record.with_suffix(".part-json")
    record_part.write_text(json.dumps(asdict(made.accuracy)))
    record_part.replace(record)
    return made


def recipe_hash(recipe: Recipe) -> str:
    """A hash of everything the classifier follows from: drawings, its own code, the amounts."""
    return hashlib.sha256(
        f"{drawings_hash()} {Path(__file__).read_text()} {recipe}".encode()
    ).hexdigest()


def taught(recipe: Recipe) -> Classifier:
    """Draw, teach and test; the same every time on the same machine and thread count."""
    log.info("drawing what the classifier learns from")
    pictures, labels = _drawn(recipe.coloured, recipe.natural, TEACHING)
    torch.manual_seed(TEACHING)
    things, colours = names(), tuple(COLOURS)
    network = Network(len(things), len(colours))
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=0.02)
    steps = -(-len(labels) // recipe.batch) * recipe.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    rng = np.random.default_rng([TEACHING, 2])
    for epoch in range(recipe.epochs):
        total, order = 0.0, rng.permutation(len(labels))
        for numbers in np.array_split(order, steps // recipe.epochs):
            loss = _loss(network, _worn(pictures[numbers], rng), labels[numbers])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
            total += loss.item()
        log.info(
            "teaching the classifier: epoch %d of %d, loss %.3f",
            epoch + 1, recipe.epochs, total / (steps // recipe.epochs),
        )  # fmt: skip
    tested = _tested(network.eval(), recipe.tested)
    log.info("classifier on held-out renders: thing %.3f, colour %.3f", tested.thing, tested.colour)
    return Classifier(network, things, colours, tested)


def _drawn(coloured: int, natural: int, stream: int) -> tuple[Tensor, Tensor]:
    """Pictures (n, 4, SIDE, SIDE) uint8 and their labels (n, 2): thing, colour or NO_COLOUR."""
    things, colours = names(), tuple(COLOURS)
    tables = {thing.name: thing for thing in THINGS}
    pictures, labels = [], []
    for subject in all_subjects():
        thing = tables.get(subject.name)
        is_many = subject.colour is not None or (thing is not None and thing.colourable)
        colour = NO_COLOUR if subject.colour is None else colours.index(subject.colour)
        for number in range(coloured if is_many else natural):
            layer = fresh(subject, stream, number, SIDE)
            pictures.append(torch.from_numpy((layer * 255).round().astype(np.uint8)))
            labels.append((things.index(subject.name), colour))
    return torch.stack(pictures).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels)


def seen_small(layer: Layer) -> Layer:
    """A premultiplied square layer at the side that the classifier sees, by the mean of areas."""
    planes = torch.from_numpy(np.ascontiguousarray(layer, np.float32)).permute(2, 0, 1)[None]
    small = nn.functional.interpolate(planes, size=(SIDE, SIDE), mode="area")
    found: Layer = small[0].permute(1, 2, 0).numpy()
    return found


def _worn(pictures: Tensor, rng: np.random.Generator) -> Tensor:
    """A batch as 0..1, each a little moved, sized and blurred: models are softer than drawings."""
    clean = pictures.float() / 255
    count = len(clean)
    scale = rng.uniform(0.9, 1.25, count)
    turn = rng.normal(0, 0.06, count)
    rows = np.zeros((count, 2, 3), np.float32)
    rows[:, 0, 0] = rows[:, 1, 1] = np.cos(turn) * scale
    rows[:, 0, 1], rows[:, 1, 0] = -np.sin(turn) * scale, np.sin(turn) * scale
    rows[:, :, 2] = rng.uniform(-0.1, 0.1, (count, 2))
    grid = nn.functional.affine_grid(torch.from_numpy(rows), [*clean.shape], align_corners=False)
    moved = nn.functional.grid_sample(clean, grid, align_corners=False)
    soft = nn.functional.avg_pool2d(moved, 3, 1, 1)
    softer = nn.functional.avg_pool2d(soft, 3, 1, 1)
    share = torch.from_numpy(rng.uniform(0, 1, (count, 1, 1, 1)).astype(np.float32))
    is_much = torch.from_numpy(rng.random((count, 1, 1, 1)) < 0.4)
    noise = torch.from_numpy(rng.standard_normal(moved.shape, np.float32))
    worn: Tensor = torch.lerp(moved, torch.where(is_much, softer, soft), share)
    return worn + noise * 0.02 * share


def _loss(network: Network, pictures: Tensor, labels: Tensor) -> Tensor:
    thing, colour = network(pictures)
    loss = nn.functional.cross_entropy(thing, labels[:, 0], label_smoothing=0.05)
    if (labels[:, 1] != NO_COLOUR).any():
        loss = loss + nn.functional.cross_entropy(colour, labels[:, 1], ignore_index=NO_COLOUR)
    return loss


@torch.inference_mode()
def _tested(network: Network, count: int) -> Accuracy:
    pictures, labels = _drawn(count, 4 * count, HOLDING_OUT)
    right = []
    for part, wanted in zip(torch.split(pictures, 256), torch.split(labels, 256), strict=True):
        thing, colour = network(part.float() / 255)
        right.append(torch.stack([thing.argmax(1), colour.argmax(1)], dim=1) == wanted)
    hits = torch.cat(right).double()
    named = labels[:, 1] != NO_COLOUR
    return Accuracy(len(labels), float(hits[:, 0].mean()), float(hits[named, 1].mean()))


def _batches(pictures: Sequence[Layer]) -> Iterator[Tensor]:
    for first in range(0, len(pictures), 64):
        small = [seen_small(layer) for layer in pictures[first : first + 64]]
        yield torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2)


def _block(before: int, after: int, stride: int) -> tuple[nn.Module, ...]:
    return (
        nn.Conv2d(before, after, 3, stride, 1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    )
