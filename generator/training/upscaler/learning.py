"""Stage of the upscaler: a network that enlarges layers, trained on parts of drawn pictures.

The same seed, steps and threads give the same weights. Nothing is random but which parts are seen
and how they are turned.
"""

from __future__ import annotations

import json
from dataclasses import asdict
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

LEARNING_RATE = 1e-3  # at twice as much it came apart after a thousand steps
BATCH = 8
PART = 32  # side of the parts that are learned from, in given pixels
MADE = 0.4  # share of the parts that come as the codec makes them
TRIES = 4  # for a part in which there is something to see
EVERY = 50  # steps between lines of the log


def train(pictures: Enlargements, out: Path, budget: Budget) -> tuple[Upscaler, float]:
    """Train until the budget is spent, resuming `out / upscaler.pt`.

    Returns the averaged network and the smoothed loss.
    """
    torch.manual_seed(budget.seed)
    network = Upscaler(UpscalerConfig())
    optimiser = torch.optim.AdamW(
        network.parameters(), LEARNING_RATE, (0.9, 0.99), weight_decay=1e-4
    )
    average, clock, smooth = Average(network, 0.998), Clock(budget), 0.0
    state = load_checkpoint(out / "upscaler.pt")
    if state is not None:
        network.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.weights = state["average"]
        clock.step, clock.spent_before, smooth = state["step"], state["seconds"], state["loss"]
    saved = clock.seconds
    while clock.fraction < 1:
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * clock.rate()
        loss = _loss(network, *batch(pictures, budget.seed, clock.step))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(network.parameters(), 0.5)
        optimiser.step()
        clock.step += 1
        average.follow(network, clock.step)
        smooth += (loss.item() - smooth) / min(clock.step, 100)
        if clock.step % EVERY == 0 or clock.fraction >= 1:
            log_line(out / "upscaler.jsonl", step=clock.step, loss=smooth, seconds=clock.seconds)
        if clock.fraction >= 1 or clock.seconds - saved > budget.checkpoint_seconds:
            saved = clock.seconds
            save_checkpoint(
                out / "upscaler.pt",
                {
                    "model": network.state_dict(),
                    "average": average.weights,
                    "optimiser": optimiser.state_dict(),
                    "loss": smooth,
                    "step": clock.step,
                    "seconds": clock.seconds,
                },
            )
    network.load_state_dict(average.weights)
    return network.eval(), smooth


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
