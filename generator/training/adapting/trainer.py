"""The training itself: only the adapter learns, on whatever devices `accelerate` was started with.

A step's chance follows from (seed, step, process), so a resumed run goes on as it would have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor, nn

from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.prediction import known_besides
from generator.layer_diffusion.text import Words
from generator.layer_diffusion.wearing import Dress, Wardrobe
from generator.request import Task
from generator.training.adapting.assets import bad
from generator.training.adapting.files import not_written
from generator.training.adapting.lessons import Lessons
from generator.training.adapting.low_rank import Adapter
from generator.training.adapting.objective import Exercise, objective_of
from generator.training.adapting.settings import Settings
from generator.training.loop import Average, load_checkpoint, log_line, save_checkpoint

CHECKPOINT, LOG = "checkpoint.pt", "log.csv"
WARM_UP, DECAY_FROM = 0.05, 0.65  # shares of the steps: up to the full rate, then down to FLOOR
FLOOR = 0.02
LOG_STEPS = 10

OnCheckpoint = Callable[[dict[str, Tensor], int], None]  # the averaged weights, steps done


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One run: what learns, from what, how, and where its files go."""

    parts: Parts
    adapter: Adapter
    lessons: Lessons
    settings: Settings
    out: Path
    every: int  # steps between checkpoints
    data: str  # hash of what is learned from: a run goes on with the same alone


class _Student(nn.Module):
    """The adapter as one module whose forward is a prediction: what several devices share."""

    def __init__(self, adapter: Adapter, predict: Callable[..., Tensor]) -> None:
        super().__init__()
        self.adapter = adapter
        self._predict = predict

    def forward(self, noisy: Tensor, time: Tensor, words: Words) -> Tensor:
        return self._predict(noisy, time, words)


class _Run:
    """The state of a course between its steps."""

    def __init__(self, course: Course, accelerator: Accelerator) -> None:
        self.course, self.accelerator = course, accelerator
        self.objective = objective_of(course.parts.sampler_config)
        adapter = course.adapter
        optimiser = torch.optim.AdamW(
            adapter.parameters(), course.settings.learning_rate, betas=(0.9, 0.99)
        )
        self.average = Average(adapter, course.settings.decay)
        self.step, self.loss = 0, 0.0
        self._resume(optimiser)
        student = _Student(adapter, _predictor(course.parts, course.lessons.size))
        # accelerate's are not typed; both behave as what they wrap.
        self.student: Any
        self.optimiser: Any
        self.student, self.optimiser = accelerator.prepare(student, optimiser)

    def take_step(self) -> None:
        """Learn from one batch."""
        settings, adapter = self.course.settings, self.course.adapter
        for group in self.optimiser.param_groups:
            group["lr"] = settings.learning_rate * rate(self.step, settings.steps)
        self.optimiser.zero_grad()
        loss = self._learned()
        self.accelerator.clip_grad_norm_(adapter.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        self.average.follow(adapter, self.step)
        self.loss = loss if self.loss == 0 else self.loss * 0.95 + loss * 0.05

    def save(self) -> None:
        """Keep all that the run needs to go on, whole or not at all."""
        path = self.course.out / CHECKPOINT
        state = {
            "adapter": self.course.adapter.state_dict(),
            "average": self.average.weights,
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "loss": self.loss,
            "facts": _facts(self.course),
        }
        try:
            save_checkpoint(path, state)
        except (OSError, RuntimeError) as error:  # torch's writer says RuntimeError of a full disk
            path.with_suffix(".part").unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise not_written(path, error) from error
            raise not_written(path, OSError(28, "No space left on device")) from error

    def _learned(self) -> float:
        """Add up the gradients of a batch, so many rows at once; returns the mean loss."""
        settings, lessons = self.course.settings, self.course.lessons
        device, dtype = self.course.parts.device, self.course.parts.dtype
        chance = np.random.default_rng(
            [settings.seed, self.step, self.accelerator.process_index, 7]
        )
        rows = chance.choice(len(lessons.chances), settings.batch, p=lessons.chances)
        silent = chance.random(settings.batch) < settings.silent_share
        clean = lessons.latents[torch.from_numpy(rows)].to(device).float()
        exercise = self.objective(clean, chance)
        words = lessons.of_rows(rows, silent)
        total = 0.0
        parts = torch.split(torch.arange(settings.batch), settings.at_once)
        for number, part in enumerate(parts, start=1):
            is_last = number == len(parts)
            with nullcontext() if is_last else self.accelerator.no_sync(self.student):
                few = Exercise(*(one[part] for one in exercise))
                answer = self.student(few.noisy.to(dtype), few.time, _some(words, part))
                error = (answer.float() - few.wanted).square().mean()
                loss = error * (len(part) / settings.batch)
                self.accelerator.backward(loss)
            total += float(loss.detach())
        return total

    def _resume(self, optimiser: torch.optim.Optimizer) -> None:
        state = load_checkpoint(self.course.out / CHECKPOINT)
        if state is None:
            return
        other = [name for name, fact in _facts(self.course).items() if state["facts"][name] != fact]
        if other:
            raise bad(
                f"The run in {self.course.out} was begun with another "
                f"{other[0].replace('_', ' ')}: give the same as then, or another folder by --out."
            )
        self.course.adapter.load_state_dict(state["adapter"])
        self.average.weights = state["average"]
        optimiser.load_state_dict(state["optimiser"])
        self.step, self.loss = state["step"], state["loss"]


def train(course: Course, accelerator: Accelerator, on_checkpoint: OnCheckpoint) -> float:
    """Train to the last step, going on from a checkpoint; returns the smoothed loss.

    `on_checkpoint` is called by the first process alone, while nothing is worn.
    """
    run = _Run(course, accelerator)
    steps = course.settings.steps
    while run.step < steps:
        until = min(steps, (run.step // course.every + 1) * course.every)
        with taught(course.parts, course.adapter):
            while run.step < until:
                run.take_step()
                if accelerator.is_main_process and run.step % LOG_STEPS == 0:
                    log_line(course.out / LOG, step=run.step, loss=run.loss)
        if accelerator.is_main_process:
            run.save()
            on_checkpoint(run.average.weights, run.step)
            course.parts.unet.to(course.parts.device)  # where a picture was made piece by piece
        accelerator.wait_for_everyone()
    return run.loss


def rate(step: int, steps: int) -> float:
    """Return the factor on the learning rate: quickly up, long level, down to nearly nothing."""
    warm = min(1.0, (step + 1) / max(1.0, WARM_UP * steps))
    left = (1 - step / steps) / (1 - DECAY_FROM)
    return warm * max(FLOOR, min(1.0, left))


@contextmanager
def taught(parts: Parts, adapter: Adapter) -> Iterator[None]:
    """Dress the network as for a transparent layer, with the adapter beside it, as in use."""
    stage = parts.roads[Task.LAYER][0]
    dress = Dress(prompts=(None,), conditional=(True,))
    with Wardrobe(parts).wearing(stage.wears, dress), adapter.worn(parts.unet):
        yield


def _predictor(parts: Parts, size: tuple[int, int]) -> Callable[..., Tensor]:
    def predict(noisy: Tensor, time: Tensor, words: Words) -> Tensor:
        predicted: Tensor = parts.unet(
            noisy, time, words.tokens, **known_besides(words, size)
        ).sample
        return predicted

    return predict


def _some(words: Words, rows: Tensor) -> Words:
    pooled = None if words.pooled is None else words.pooled[rows]
    return Words(words.tokens[rows], pooled)


def _facts(course: Course) -> dict[str, Any]:
    """Return what must be the same for a run to go on; more steps are welcome."""
    settings = {k: v for k, v in asdict(course.settings).items() if k not in ("steps", "at_once")}
    return {**settings, "model": course.parts.card.hash, "set of pictures": course.data}
