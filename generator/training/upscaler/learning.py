"""Stage of the upscaler: a network that enlarges layers, trained on parts of drawn pictures.

The same seed, steps and threads give the same weights. Nothing is random but which parts are seen
and how they are turned.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn

from generator.layer_diffusion.eight_bit import in_eight_bits
from generator.layer_diffusion.upscaler import FACTOR, Upscaler, UpscalerConfig
from generator.training.loop import (
    Average,
    Budget,
    Clock,
    gradient_loss,
    load_checkpoint,
    log_line,
    save_checkpoint,
)
from generator.training.upscaler.pictures import Enlargements
from generator.training.workers import Workers

LEARNING_RATE = 1e-3  # at twice as much it came apart after a thousand steps
BATCH = 8
PART = 32  # side of the parts that are learned from, in given pixels
MADE = 0.4  # share of the parts that come as the codec makes them
TRIES = 4  # for a part in which there is something to see
EVERY = 50  # steps between lines of the log
SETTLING, SETTLING_FROM = 60, 1_000_000  # batches by which it is solved for, and their numbers
RIDGE = 1e-4


@dataclass(slots=True, eq=False)
class Study:
    """A training under way."""

    network: Upscaler
    optimiser: torch.optim.AdamW
    average: Average
    clock: Clock
    workers: Workers
    loss: float = 0.0  # smoothed

    def learn(self, loss: Tensor) -> None:
        """Do one step against the loss of this process's rows of a batch."""
        for group in self.optimiser.param_groups:
            group["lr"] = LEARNING_RATE * self.clock.rate()
        self.optimiser.zero_grad()
        whole = self.workers.learn(loss, BATCH, self.network.parameters())
        nn.utils.clip_grad_norm_(self.network.parameters(), 0.5)
        self.optimiser.step()
        self.clock.tick(self.workers)
        self.average.follow(self.network, self.clock.step)
        self.loss += (whole - self.loss) / min(self.clock.step, 100)

    def averaged(self) -> Upscaler:
        """Return a network of the averaged weights."""
        network = Upscaler(self.network.config)
        network.load_state_dict(self.average.weights)
        return network.eval()

    def save(self, path: Path) -> None:
        """Write all that is needed to go on."""
        state = {
            "model": self.network.state_dict(),
            "average": self.average.weights,
            "optimiser": self.optimiser.state_dict(),
            "loss": self.loss,
            "step": self.clock.step,
            "seconds": self.clock.seconds,
        }
        save_checkpoint(path, state)


def begun(budget: Budget, path: Path) -> Study:
    """Return a training that goes on from a checkpoint, or begins."""
    torch.manual_seed(budget.seed)
    network, workers = Upscaler(UpscalerConfig()), Workers()
    workers.place(network)
    optimiser = torch.optim.AdamW(
        network.parameters(), LEARNING_RATE, (0.9, 0.99), weight_decay=1e-4
    )
    study = Study(network, optimiser, Average(network, 0.998), Clock(budget), workers)
    state = load_checkpoint(path)
    if state is not None:
        network.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        study.average.take_over(state["average"])
        study.loss = state["loss"]
        study.clock.step, study.clock.spent_before = state["step"], state["seconds"]
    return study


def train(pictures: Enlargements, out: Path, budget: Budget) -> tuple[Upscaler, float]:
    """Train until the budget is spent, resuming `out / upscaler.pt`; then settle.

    Returns the averaged network and the smoothed loss.
    """
    path = out / "upscaler.pt"
    study = begun(budget, path)
    clock, workers = study.clock, study.workers
    first, saved = clock.step, clock.seconds
    while clock.fraction < 1:
        parts = workers.mine(*batch(pictures, budget.seed, clock.step))
        study.learn(_loss(study.network, *parts))
        if not workers.is_first:
            continue
        if clock.step % EVERY == 0 or clock.fraction >= 1:
            values = {"loss": study.loss, "seconds": clock.seconds}
            log_line(out / "upscaler.csv", step=clock.step, **values)
        if clock.seconds - saved > budget.checkpoint_seconds:
            saved = clock.seconds
            study.save(path)
    if clock.step > first:
        best = settled(study.averaged(), pictures, budget.seed, min(SETTLING, clock.step))
        study.average.weights = dict(best.state_dict())
        if workers.is_first:
            study.save(path)
    return study.averaged(), study.loss


@torch.no_grad()
def settled(network: Upscaler, pictures: Enlargements, seed: int, batches: int) -> Upscaler:
    """Solve the last convolution for the least squared error, the others staying as they are.

    What steps reach only in the end, this has at once: so a short training is not held back.
    Colour counts as much as it is seen. A little is added to the squares (ridge), so that what is
    not decided stays as it was.
    """
    size = network.last.in_channels * 9 + 1
    squares, products = torch.zeros(2, size, size), torch.zeros(2, size, 4 * FACTOR**2)
    for number in range(batches):
        given, wanted = batch(pictures, seed, SETTLING_FROM + number)
        features, missing = network.features(given), _missing(network, given, wanted)
        rows = nn.functional.unfold(features, 3, padding=1).transpose(1, 2).flatten(0, 1)
        rows = torch.cat([rows, torch.ones_like(rows[:, :1])], dim=1)
        targets = missing.permute(0, 2, 3, 1).flatten(0, 2)
        seen = given[:, 3].flatten()[:, None]
        for kind, weighed in enumerate((rows * seen, rows)):
            squares[kind] += weighed.T @ rows
            products[kind] += weighed.T @ targets
    ridge = RIDGE * squares.diagonal(dim1=1, dim2=2).mean(1)[:, None, None] * torch.eye(size)
    change = torch.linalg.solve((squares + ridge).double(), products.double()).float()
    alphas = 3 * FACTOR**2  # the channels of alpha follow those of colour
    change = torch.cat([change[0, :, :alphas], change[1, :, alphas:]], dim=1).T
    network.last.weight += change[:, :-1].reshape(network.last.weight.shape)
    network.last.get_parameter("bias").add_(change[:, -1])
    return network


def _missing(network: Upscaler, given: Tensor, wanted: Tensor) -> Tensor:
    """Return what the last convolution should have added, (n, 16, h, w)."""
    unshuffle = nn.functional.pixel_unshuffle
    alpha = wanted[:, 3:]
    straight = torch.cat([wanted[:, :3] / alpha.clamp_min(1e-6), alpha], dim=1)
    made = network.plain(given) + nn.functional.pixel_shuffle(
        network.last(network.features(given)), FACTOR
    )
    missing = straight - made
    is_cut = ((made > 1) & (straight >= 1)) | ((made < 0) & (straight <= 0))
    missing[:, :3] *= alpha > 0.02  # nobody knows the colour of nothing
    missing = torch.where(is_cut, 0, missing)
    return unshuffle(missing, FACTOR)


def load(out: Path) -> Upscaler | None:
    """Return the averaged network of the last checkpoint; None where there was no such training."""
    state = load_checkpoint(out / "upscaler.pt")
    if state is None:
        return None
    network = Upscaler(UpscalerConfig())
    network.load_state_dict(state["average"])
    return network.eval()


def write(network: Upscaler, folder: Path) -> None:
    """Write the part of a model's folder that the engine loads, in eight bits."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(asdict(network.config), indent=2) + "\n")
    save_file(in_eight_bits(network.state_dict()), folder / "model.safetensors")


def batch(pictures: Enlargements, seed: int, step: int) -> tuple[Tensor, Tensor]:
    """Return parts of small pictures (n, 4, s, s) and of the large ones (n, 4, 2s, 2s)."""
    rng = np.random.default_rng([seed, 92, step])
    given, wanted = list[Tensor](), list[Tensor]()
    for _ in range(BATCH):
        small, large = _part(pictures, rng)
        turns, is_mirrored = int(rng.integers(4)), rng.random() < 0.5
        order = [*rng.permutation(3), 3]  # colours are as good as one another
        for parts, part in ((given, small), (wanted, large)):
            turned = np.rot90(part, turns)[:, :: -1 if is_mirrored else 1, order]
            parts.append(torch.from_numpy(turned.transpose(2, 0, 1).astype(np.float32) / 255))
    return torch.stack(given), torch.stack(wanted)


def _part(
    pictures: Enlargements, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return one part, small and large; an even one only after some tries."""
    for _ in range(TRIES):
        number = int(rng.integers(len(pictures)))
        source = pictures.made if rng.random() < MADE else pictures.small
        x, y = rng.integers(0, source.shape[1] - PART + 1, 2)
        small = source[number, y : y + PART, x : x + PART]
        if np.ptp(small, axis=(0, 1)).max() > 20:
            break
    x, y, side = FACTOR * x, FACTOR * y, FACTOR * PART
    return small, pictures.large[number, y : y + side, x : x + side]


def _loss(network: Upscaler, given: Tensor, wanted: Tensor) -> Tensor:
    """Return how far premultiplied colour and alpha are from those wanted: values and slopes."""
    found: Tensor = network(given)
    error = found - wanted
    even: Tensor = error.abs().mean() + 0.5 * error[:, 3:].abs().mean() + 4 * error.square().mean()
    return even + 0.25 * gradient_loss(found, wanted)
