"""Stage of the pairs: the single-object denoiser learns to see given layers and to agree with them.

One network serves all pair tasks. Its first convolution is widened by a slot for each role; the
pattern of what is given tells it the task. The text encoder stays as it is but for new words, so
single objects lose nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from generator.request import Role
from generator.training.denoiser import PADDING, Denoiser
from generator.training.drawing.places import place_named
from generator.training.loop import (
    Average,
    Budget,
    Clock,
    load_checkpoint,
    log_line,
    needed_checkpoint,
    save_checkpoint,
)
from generator.training.pairs.lessons import SceneLatents, kept_out
from generator.training.pairs.tasks import PAIR_TASKS, SLOTS, PairTask
from generator.training.words.scene_captions import FIRST, of_place, of_scene, of_thing
from generator.training.words.vocabulary import MAX_WORDS, words_of_scenes
from generator.training.workers import Workers

LEARNING_RATE = 1e-3
SLOT_GAIN = 3.0  # on the learning rate of what begins from nothing: slots and new words
BATCH = 48
WORDINGS = 4  # captions of each kind that are prepared for a scene
UNCONDITIONAL = 0.1
NOISE_SHARE = (0.9, 1.1)  # logit-normal; more noise than for single objects: there tasks part
LARGER = 0.6  # share of the smallest pictures of each thing that are left out where it is drawn
ALREADY_LIT = 0.35  # share of the scenes whose subject comes with the place's light on it
CHANGE_GAIN = 4.0  # by which differences are enlarged: they are small beside whole pictures
CHANGE_WEIGHT = 4.0  # of their errors: they have no noise, which is most of the others'
# How often each task is told thing and place, the thing, the place; else nothing.
TOLD = {
    "place": (0.45, 0.0, 0.55),
    "background": (0.45, 0.0, 0.45),
    "foreground": (0.45, 0.45, 0.0),
    "blended": (0.5, 0.15, 0.1),
    "settled": (0.5, 0.15, 0.1),
    "extract": (0.2, 0.35, 0.0),
    "scribble": (0.2, 0.7, 0.0),
}
COMPUTED = [number for number, task in enumerate(PAIR_TASKS) if task.over]

Given = dict[Role, tuple[Tensor, Tensor]]  # role: rows of the batch, their latents (rows, c, 8, 8)


@dataclass(frozen=True, slots=True)
class PairBatch:
    """What one step sees."""

    clean: Tensor  # (n, channels, 8, 8)
    given: Given
    words: Tensor  # (n, MAX_WORDS)
    tasks: NDArray[np.int64]  # (n,) index into PAIR_TASKS

    def rows(self, rows: Tensor) -> PairBatch:
        """Some of its rows (k,), ascending, as a batch."""
        given: Given = {}
        for role, (places, latent) in self.given.items():
            mine = torch.isin(places, rows)
            if mine.any():
                given[role] = (torch.searchsorted(rows, places[mine]), latent[mine])
        return PairBatch(self.clean[rows], given, self.words[rows], self.tasks[rows.numpy()])

    def to(self, device: torch.device) -> PairBatch:
        """The same batch on a device."""
        given = {
            role: (rows.to(device), seen.to(device)) for role, (rows, seen) in self.given.items()
        }
        return PairBatch(self.clean.to(device), given, self.words.to(device), self.tasks)


class PairDenoiser(nn.Module):
    """The single-object denoiser with a convolution for each slot.

    They begin at random: from zero it took a thousand steps until what is given was looked at.
    """

    def __init__(self, channels: int, tokenizer: PreTrainedTokenizerFast) -> None:
        super().__init__()
        self.base = Denoiser(channels, tokenizer)
        first = self.base.unet.conv_in
        self.slots = nn.ModuleDict(
            {
                role.value: nn.Conv2d(channels, first.out_channels, 3, padding=1, bias=False)
                for role in SLOTS
            }
        )
        self._given: Given = {}
        first.register_forward_hook(self._join)

    def forward(self, noisy: Tensor, noise_share: Tensor, words: Tensor, given: Given) -> Tensor:
        self._given = given
        velocity: Tensor = self.base(noisy, noise_share, words)
        return velocity

    def widened(self) -> Tensor:
        """The first convolution's kernel over its own input and then the slots, in their order."""
        kernels = [self.base.unet.conv_in.weight]
        kernels += [self.slots[role.value].get_parameter("weight") for role in SLOTS]
        return torch.cat(kernels, dim=1)

    def _join(self, _module: nn.Module, _inputs: Any, sample: Tensor) -> Tensor:
        # Any: what torch passes to hooks. A convolution is linear, so the slots' shares add up.
        for role, (rows, latent) in self._given.items():
            sample = sample.index_add(0, rows, self.slots[role.value](latent))
        return sample


class PairLessons:
    """Draws batches from scenes in memory; the same (seed, step) gives the same batch."""

    def __init__(self, scenes: SceneLatents, tokenizer: PreTrainedTokenizerFast, seed: int) -> None:
        self.scenes = scenes
        count = len(scenes)
        numbers = np.setdiff1d(np.arange(count), kept_out(count))
        # Which scenes a task learns from: any will do where a thing is only found or filled in.
        self.numbers = {task.name: numbers for task in PAIR_TASKS}
        simple = [scenes.subjects[number].name in FIRST for number in numbers]
        if any(simple):  # a handful of scenes, in a trial, may have none
            self.numbers["foreground"] = _large(scenes, numbers[np.array(simple)])
        says = [task.says for task in PAIR_TASKS]
        self._silence: Tensor = tokenizer(says, **PADDING).input_ids
        self._says = [1 + len(each.split()) for each in says]  # tokens to their end, with the start
        rng = np.random.default_rng([seed, 3])
        texts = [text for number in range(count) for text in _wordings(scenes, number, rng)]
        words = tokenizer(texts, **PADDING).input_ids
        # (scenes, kinds, WORDINGS, MAX_WORDS)
        self._words = words.reshape(count, 3, WORDINGS, MAX_WORDS).to(torch.int16)

    def batch(self, seed: int, step: int, size: int = BATCH) -> PairBatch:
        """One batch of mixed tasks."""
        rng = np.random.default_rng([seed, step])
        tasks = rng.choice(len(PAIR_TASKS), size, p=[task.share for task in PAIR_TASKS])
        numbers = [rng.choice(self.numbers[PAIR_TASKS[task].name]) for task in tasks]
        lit = rng.random(size) < ALREADY_LIT
        clean, given = [], list[dict[Role, Tensor]]()
        for task, number, is_lit in zip(tasks, numbers, lit, strict=True):
            known = PAIR_TASKS[task].lit
            light = bool(is_lit) if known is None else known
            target, seen = lesson(self.scenes, PAIR_TASKS[task], int(number), light)
            clean.append(target)
            given.append(seen)
        words = torch.stack(
            [
                self._told(int(task), int(number), rng)
                for task, number in zip(tasks, numbers, strict=True)
            ]
        )
        return PairBatch(torch.stack(clean), gathered(given), words, tasks)

    def _told(self, task: int, number: int, rng: np.random.Generator) -> Tensor:
        shares = TOLD[PAIR_TASKS[task].name]
        kind = int(np.searchsorted(np.cumsum(shares), rng.random(), side="right"))
        wording = int(rng.integers(WORDINGS))
        if kind == 3 or rng.random() < UNCONDITIONAL:
            return self._silence[task]
        plain: Tensor = self._words[number, kind, wording].long()
        until = self._says[task]
        return torch.cat([self._silence[task, :until], plain[1 : MAX_WORDS + 1 - until]])


def lesson(
    scenes: SceneLatents, task: PairTask, number: int, lit: bool
) -> tuple[Tensor, dict[Role, Tensor]]:
    """What a task makes of a scene and what it is given, (channels, 8, 8) float32 each.

    `lit` says whether a given foreground has the place's light on it. A foreground that is made for
    a background always has; one made for a scribble never has.
    """
    planes = scenes.planes
    channels = planes["lit"].shape[1]

    def plane(name: str) -> Tensor:
        latent = planes[name][number].float()
        missing = channels - latent.shape[0]
        return nn.functional.pad(latent, (0, 0, 0, 0, 0, missing)) if missing else latent

    own = {
        Role.FOREGROUND: "lit" if lit else "foreground",
        Role.BACKGROUND: "background",
        Role.BLENDED: "blended",
        Role.CONTROL: "control",
    }
    given = {role: plane(own[role]) for role in task.sees}
    if task.over:
        return CHANGE_GAIN * (plane("blended") - plane("over_lit" if lit else "over")), given
    if task.makes is Role.FOREGROUND:
        return plane("foreground" if Role.CONTROL in task.sees else "lit"), given
    return plane(own[task.makes]), given


def _large(scenes: SceneLatents, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the scenes in which the thing is not small beside others of its kind."""
    offset = scenes.planes["foreground"][torch.from_numpy(numbers)]
    offset = offset[:, scenes.planes["background"].shape[1] :].float()
    # An opaque cell has no offset and an empty one the largest.
    empty = offset.square().sum(1).mean((1, 2)).numpy()
    kept = np.zeros(len(numbers), bool)
    names = np.array([scenes.subjects[number].name for number in numbers])
    for name in set(names):
        mine = names == name
        kept[mine] = empty[mine] <= np.quantile(empty[mine], 1 - LARGER)
    return numbers[kept]


def gathered(given: list[dict[Role, Tensor]]) -> Given:
    """From what each row is given to what each slot takes."""
    found: Given = {}
    for role in SLOTS:
        rows = [row for row, seen in enumerate(given) if role in seen]
        if rows:
            found[role] = (torch.tensor(rows), torch.stack([given[row][role] for row in rows]))
    return found


def from_single(single: Path, channels: int, tokenizer: PreTrainedTokenizerFast) -> PairDenoiser:
    """A pair denoiser that begins as the averaged single-object one; new words begin small."""
    state = needed_checkpoint(single / "denoiser.pt")
    model = PairDenoiser(channels, tokenizer)
    weights: dict[str, Tensor] = state["average"]
    name = "text.embeddings.token_embedding.weight"
    fresh = model.base.get_parameter(name).detach().clone()
    fresh *= weights[name].std() / fresh.std()
    fresh[: len(weights[name])] = weights[name]
    model.base.load_state_dict({**weights, name: fresh})
    return model


OnCheckpoint = Callable[[PairDenoiser, int], None]  # the averaged weights so far, the step


def train(
    lessons: PairLessons,
    tokenizer: PreTrainedTokenizerFast,
    single: Path,
    out: Path,
    budget: Budget,
    on_checkpoint: OnCheckpoint,
) -> float:
    """Train until the budget is spent, resuming `out / pairs.pt`; returns the mean loss."""
    torch.manual_seed(budget.seed)
    channels = lessons.scenes.planes["lit"].shape[1]
    model = from_single(single, channels, tokenizer)
    workers = Workers()
    workers.place(model)
    scenes_from, scenes_to = words_of_scenes()
    optimiser = _optimiser(model)
    average, clock = Average(model, 0.996), Clock(budget)
    state = load_checkpoint(out / "pairs.pt")
    if state is not None:
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.take_over(state["average"])
        clock.step, clock.spent_before = state["step"], state["seconds"]
    saved, smooth = clock.seconds, Smooth()
    embedding = model.base.text.get_input_embeddings().weight
    pupils = Pupils(model, workers)
    while clock.fraction < 1:
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * clock.rate() * group["gain"]
        errors, tasks = pupils.study(
            lessons.batch(budget.seed, clock.step), (budget.seed, clock.step)
        )
        embedding.grad[:scenes_from] = 0
        embedding.grad[scenes_to:] = 0
        nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimiser.step()
        clock.tick(workers)
        average.follow(model, clock.step)
        smooth.follow(errors, tasks)
        if not workers.is_first:
            continue
        if clock.step % 25 == 0 or clock.fraction >= 1:
            log_line(out / "pairs.csv", step=clock.step, seconds=clock.seconds, **smooth.by_task())
        if clock.fraction >= 1 or clock.seconds - saved > budget.checkpoint_seconds:
            saved = clock.seconds
            save_checkpoint(
                out / "pairs.pt",
                {
                    "model": model.state_dict(),
                    "average": average.weights,
                    "optimiser": optimiser.state_dict(),
                    "step": clock.step,
                    "seconds": clock.seconds,
                },
            )
            averaged = PairDenoiser(channels, tokenizer)
            averaged.load_state_dict(average.weights)
            on_checkpoint(averaged.eval(), clock.step)
    return smooth.mean()


def load(out: Path, channels: int, tokenizer: PreTrainedTokenizerFast) -> PairDenoiser:
    """The averaged weights of the last checkpoint."""
    state = needed_checkpoint(out / "pairs.pt")
    model = PairDenoiser(channels, tokenizer)
    model.load_state_dict(state["average"])
    return model.eval()


class Smooth:
    """A moving mean of the loss of each task."""

    def __init__(self) -> None:
        self._means: dict[str, float] = {}

    def follow(self, errors: Tensor, tasks: NDArray[np.int64]) -> None:
        for number, task in enumerate(PAIR_TASKS):
            mine = errors.detach()[torch.from_numpy(tasks == number)]
            if len(mine):
                new = float(mine.mean())
                self._means[task.name] = 0.96 * self._means.get(task.name, new) + 0.04 * new

    def by_task(self) -> dict[str, float | None]:
        """Every task, so that all lines of the log have the same columns; None: not met yet."""
        return {task.name: self._means.get(task.name) for task in PAIR_TASKS}

    def mean(self) -> float:
        return sum(self._means.values()) / max(1, len(self._means))


class Pupils:
    """Works on the parts of a batch at the same time, each in a thread of its own.

    On a CPU small convolutions gain little from threads inside of them, and much from this; a
    graphics card has one pupil. The parts' gradients are added in a fixed order, so the same seed
    gives the same weights.
    """

    def __init__(self, model: PairDenoiser, workers: Workers) -> None:
        count = 2 if workers.device.type == "cpu" else 1
        self._workers = workers
        self._twins = [_twin(model) for _ in range(count)]
        self._learned = [p for p in model.parameters() if p.requires_grad]
        self._pool = ThreadPoolExecutor(count)

    def study(self, batch: PairBatch, seed: tuple[int, int]) -> tuple[Tensor, NDArray[np.int64]]:
        """Leave the batch's gradients on the model; the squared error of each row, and its task.

        Batch and errors are on the CPU, and the whole batch's in every process.
        """
        rng = np.random.default_rng([*seed, 1])
        size = len(batch.clean)
        noise = torch.from_numpy(rng.standard_normal(batch.clean.shape, np.float32))
        share = torch.from_numpy(1 / (1 + np.exp(-rng.normal(*NOISE_SHARE, size)))).float()
        computed = torch.from_numpy(np.isin(batch.tasks, COMPUTED))
        noise[computed], share[computed] = 0, 1
        weight = 1 + (CHANGE_WEIGHT - 1) * computed.float()
        workers, count = self._workers, len(self._twins)
        mine = workers.rows(size)
        parts = [
            torch.arange(mine.start + k * mine.step, size, mine.step * count) for k in range(count)
        ]

        def work(twin: PairDenoiser, rows: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
            part = batch.rows(rows).to(workers.device)
            shares, noises, weights = (
                each[rows].to(workers.device) for each in (share, noise, weight)
            )
            along = shares[:, None, None, None]
            noisy = (1 - along) * part.clean + along * noises
            velocity = twin(noisy, shares, part.words, part.given)
            errors = (velocity - (noises - part.clean)).square().mean((1, 2, 3))
            # The processes' gradients will be averaged, and should add up.
            loss = (errors * weights).sum() / size * workers.count
            gradients = torch.autograd.grad(loss, self._learned, allow_unused=True)
            return errors.detach(), gradients

        done = list(self._pool.map(work, self._twins, parts))
        for parameter, *found in zip(
            self._learned, *(gradients for _, gradients in done), strict=True
        ):
            there = [gradient for gradient in found if gradient is not None]
            parameter.grad = sum(there[1:], there[0]) if there else None
        errors = torch.zeros(size)
        for rows, (found_errors, _) in zip(parts, done, strict=True):
            errors[rows] = found_errors.cpu()
        return workers.average(self._learned, errors * workers.count), batch.tasks


def _twin(model: PairDenoiser) -> PairDenoiser:
    """The same parameters in modules of their own: what a call leaves on a module is apart."""
    shared: dict[int, Any] = {id(parameter): parameter for parameter in model.parameters()}
    twin = deepcopy(model, shared)
    first = twin.base.unet.conv_in
    first._forward_hooks.clear()
    first.register_forward_hook(twin._join)
    return twin


def _optimiser(model: PairDenoiser) -> torch.optim.AdamW:
    """Of the text encoder only the words learn, and without decay, so that old ones stay exact."""
    model.base.text.requires_grad_(False)
    embedding = model.base.text.get_input_embeddings().weight
    embedding.requires_grad_(True)
    slots = list(model.slots.parameters())
    known = {id(p) for p in (*slots, embedding)}
    rest = [p for p in model.parameters() if p.requires_grad and id(p) not in known]
    groups: list[dict[str, Any]] = [
        {"params": rest, "gain": 1.0},
        {"params": slots, "gain": SLOT_GAIN},
        {"params": [embedding], "gain": SLOT_GAIN, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, LEARNING_RATE, betas=(0.9, 0.98), weight_decay=0.01)


def _wordings(scenes: SceneLatents, number: int, rng: np.random.Generator) -> list[str]:
    """All wordings of a scene: of thing and place, of the thing, of the place."""
    subject, place = scenes.subjects[number], place_named(scenes.places[number])
    both = [of_scene(subject, place, rng) for _ in range(WORDINGS)]
    things = [of_thing(subject, rng) for _ in range(WORDINGS)]
    return both + things + [of_place(place, rng) for _ in range(WORDINGS)]
