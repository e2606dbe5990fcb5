"""A stage between codec and pairs: the autoencoder's decoder learns opaque pictures, too.

The single objects that it learned from are grey around, so it dims the border of a place. What it
encodes to does not change, and neither does the transparency decoder, which goes on reading what
the autoencoder makes of layers: those stay half of the lessons.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from generator.training import codec as codecs
from generator.training.codec import Codec
from generator.training.loop import (
    Average,
    Budget,
    Clock,
    load_checkpoint,
    log_line,
    save_checkpoint,
)
from generator.training.pairs.lessons import planes_of, scene_of
from generator.training.workers import Workers

LEARNING_RATE = 6e-4
SCENES = 3  # drawn for a step; each gives a place, a blended picture and a layer
BATCH = 3 * SCENES


def train(single: Path, out: Path, budget: Budget) -> Codec:
    """Train until the budget is spent, resuming `out / codec.pt`; returns the averaged codec."""
    codec = codecs.load(single)
    autoencoder = codec.autoencoder
    workers = Workers()
    workers.place(autoencoder)
    learned = [p for name, p in autoencoder.named_parameters() if _is_learned(name)]
    optimiser = torch.optim.AdamW(learned, LEARNING_RATE, betas=(0.9, 0.99), weight_decay=1e-4)
    average, clock = Average(autoencoder, 0.99), Clock(budget)
    state = load_checkpoint(out / "codec.pt")
    if state is not None:
        autoencoder.load_state_dict(state["learning"])
        optimiser.load_state_dict(state["optimiser"])
        average.take_over(state["autoencoder"])
        clock.step, clock.spent_before = state["step"], state["seconds"]
    saved = clock.seconds
    while clock.fraction < 1:
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * clock.rate()
        error = _loss(codec, (budget.seed, clock.step), workers)
        optimiser.zero_grad()
        loss = workers.learn(error, BATCH, learned)
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        clock.tick(workers)
        average.follow(autoencoder, clock.step)
        if not workers.is_first:
            continue
        if clock.step % 25 == 0 or clock.fraction >= 1:
            log_line(out / "codec.csv", step=clock.step, loss=loss, seconds=clock.seconds)
        if clock.fraction >= 1 or clock.seconds - saved > budget.checkpoint_seconds:
            saved = clock.seconds
            save_checkpoint(out / "codec.pt", _state(codec, average, optimiser, clock))
    autoencoder.load_state_dict(average.weights)
    autoencoder.cpu()
    return codec


def _state(
    codec: Codec, average: Average, optimiser: torch.optim.Optimizer, clock: Clock
) -> dict[str, object]:
    """A checkpoint that `codec.load` reads, with what the training itself needs."""
    averaged = deepcopy(codec.autoencoder)
    averaged.load_state_dict(average.weights)
    parts = nn.ModuleDict({"autoencoder": averaged, "decoder": codec.decoder})
    return {
        "average": parts.state_dict(),
        "encoder": codec.encoder.state_dict(),
        "scaling": codec.autoencoder.config.scaling_factor,
        "learning": codec.autoencoder.state_dict(),
        "autoencoder": average.weights,
        "optimiser": optimiser.state_dict(),
        "step": clock.step,
        "seconds": clock.seconds,
    }


def _is_learned(name: str) -> bool:
    """The linear parts stay: encoder and decoder must agree with latents that are kept."""
    return not name.startswith(("analysis", "synthesis"))


def _loss(codec: Codec, seed: tuple[int, int], workers: Workers) -> Tensor:
    """The loss of this process's rows of a batch; all of it is drawn by every process."""
    rng = np.random.default_rng([*seed, 5])
    autoencoder = codec.autoencoder
    scenes = [scene_of(int(rng.integers(1 << 30)), seed[0])[2] for _ in range(SCENES)]
    opaque = [planes_of(picture) for s in scenes for picture in (s.background, s.blended)]
    layers = [planes_of(scene.lit) for scene in scenes]
    over_grey = [layer[:3] + 0.5 * (1 - layer[3:]) for layer in layers]
    (wanted,) = workers.mine(torch.stack([*opaque, *over_grey]))
    with torch.no_grad():
        latent = autoencoder.encode(wanted * 2 - 1).latent_dist.mean
        noise = torch.from_numpy(rng.standard_normal((BATCH, *latent.shape[1:]), np.float32))
        drawn = rng.uniform(0, codecs.NOISE, (BATCH, 1, 1, 1)).astype(np.float32)
        noise, amount = workers.mine(noise, torch.from_numpy(drawn))
        latent = latent + noise * amount / autoencoder.config.scaling_factor
    found = autoencoder.decode(latent).sample * 0.5 + 0.5
    return codecs.difference(found, wanted)
