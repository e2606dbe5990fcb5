"""Stage two: the autoencoder and latent transparency.

The linear parts are principal components of the patches, found without training; the encoders stay
so. Then the decoders' non-linear residuals are trained, with noise on the latents, so that they
also tidy what a denoiser leaves.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from generator.layer_diffusion.matte import padded
from generator.layer_diffusion.patch_autoencoder import PatchAutoencoder, PatchAutoencoderConfig
from generator.layer_diffusion.transparent_vae import (
    TransparencyConfig,
    TransparencyDecoder,
    TransparencyEncoder,
)
from generator.training.loop import (
    Average,
    Budget,
    Clock,
    gradient_loss,
    load_checkpoint,
    log_line,
    needed_checkpoint,
    save_checkpoint,
)
from generator.training.pictures import Pictures
from generator.training.workers import Workers

log = logging.getLogger(__name__)

LEARNING_RATE = 1.5e-3
BATCH = 8
NOISE = 0.35  # the most noise on normalised latents while the decoders learn
WHITENING = 0.4  # latents are divided by std ** 0.4: between plain and whitened components
FIT_PICTURES = 2400
HOLD_OUT = 37  # every picture whose number is a multiple is kept for measuring


@dataclass(slots=True)
class Codec:
    """The three networks that turn transparent pictures into latents and back."""

    autoencoder: PatchAutoencoder
    encoder: TransparencyEncoder
    decoder: TransparencyDecoder

    def encode(self, premultiplied: Tensor) -> Tensor:
        """(n, 4, h, w) premultiplied 0..1 to raw latents."""
        colour, alpha = premultiplied[:, :3], premultiplied[:, 3:]
        over_grey = colour * 2 - alpha  # (rgb * 2 - 1) * alpha
        mean: Tensor = self.autoencoder.encode(over_grey).latent_dist.mean
        offset: Tensor = self.encoder(colour, alpha)  # the pocket's looks at alpha alone
        return mean + offset

    def decode(self, latent: Tensor) -> tuple[Tensor, Tensor]:
        """Raw latents to the picture over grey (-1..1) and (n, 4, h, w) alpha, straight colour."""
        picture = self.autoencoder.decode(latent).sample
        return picture, self.decoder(picture * 0.5 + 0.5, latent)


def as_batch(pictures: Pictures, numbers: NDArray[np.int64]) -> Tensor:
    """Training pictures as (n, 4, h, w) premultiplied 0..1."""
    rgba = np.ascontiguousarray(pictures.rgba[np.sort(numbers)])
    return torch.from_numpy(rgba).permute(0, 3, 1, 2).float() / 255


@torch.no_grad()
def fitted(pictures: Pictures, seed: int) -> Codec:
    """A codec whose linear parts are the principal components of the pictures' patches."""
    rng = np.random.default_rng([seed, 2])
    count = min(FIT_PICTURES, len(pictures.labels))
    numbers = rng.choice(len(pictures.labels), count, replace=False)
    shapes, transparency = PatchAutoencoderConfig(), TransparencyConfig()
    colour_patches, alpha_patches = [], []
    for part in np.array_split(np.sort(numbers), max(1, count // 50)):
        batch = as_batch(pictures, part)
        over_grey = batch[:, :3] * 2 - batch[:, 3:]
        colour_patches.append(_patches(over_grey, shapes.patch))
        alpha_patches.append(_patches(batch[:, 3:] - 1, shapes.patch))
    basis, spread = _components(torch.cat(colour_patches), shapes.colour_channels)
    alpha_basis, alpha_spread = _components(torch.cat(alpha_patches), transparency.offset_channels)
    gain, alpha_gain = spread**-WHITENING, alpha_spread**-WHITENING
    size = ((spread * gain).square().sum() + (alpha_spread * alpha_gain).square().sum()).sqrt()
    scaling = float(shapes.latent_channels**0.5 / size)
    codec = blank(scaling)
    side = shapes.patch
    codec.autoencoder.analysis.weight.copy_((basis * gain).T.reshape(-1, 3, side, side))
    codec.autoencoder.synthesis.weight.copy_((basis / gain).T.reshape(-1, 3, side, side))
    codec.encoder.analysis.weight.copy_((alpha_basis * alpha_gain).T.reshape(-1, 1, side, side))
    codec.decoder.synthesis.weight.copy_((alpha_basis / alpha_gain).T.reshape(-1, 1, side, side))
    return codec


def train(pictures: Pictures, out: Path, budget: Budget) -> Codec:
    """Fit, then train the decoders' residuals; resumes from `out / codec.pt`."""
    checkpoint = out / "codec.pt"
    state = load_checkpoint(checkpoint)
    torch.manual_seed(budget.seed)
    codec = fitted(pictures, budget.seed) if state is None else blank(state["scaling"])
    parts = nn.ModuleDict({"autoencoder": codec.autoencoder, "decoder": codec.decoder})
    workers = Workers()
    for placed in (parts, codec.encoder):
        workers.place(placed)
    learned = [p for name, p in parts.named_parameters() if "synthesis" not in name]
    optimiser = torch.optim.AdamW(learned, LEARNING_RATE, betas=(0.9, 0.99), weight_decay=1e-4)
    average, clock = Average(parts, 0.995), Clock(budget)
    if state is not None:
        parts.load_state_dict(state["model"])
        codec.encoder.load_state_dict(state["encoder"])
        average.take_over(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        clock.step, clock.spent_before = state["step"], state["seconds"]
    numbers = np.flatnonzero(np.arange(len(pictures.labels)) % HOLD_OUT != 0)
    saved = clock.seconds
    while clock.fraction < 1:
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * clock.rate()
        error = _step(codec, pictures, numbers, (budget.seed, clock.step), workers)
        optimiser.zero_grad()
        loss = workers.learn(error, BATCH, learned)
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        clock.tick(workers)
        average.follow(parts, clock.step)
        if not workers.is_first:
            continue
        if clock.step % 50 == 0 or clock.fraction >= 1:
            log_line(out / "codec.csv", step=clock.step, loss=loss, seconds=clock.seconds)
        if clock.fraction >= 1 or clock.seconds - saved > budget.checkpoint_seconds:
            saved = clock.seconds
            save_checkpoint(
                checkpoint,
                {
                    "model": parts.state_dict(),
                    "average": average.weights,
                    "encoder": codec.encoder.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "scaling": codec.autoencoder.config.scaling_factor,
                    "step": clock.step,
                    "seconds": clock.seconds,
                },
            )
    parts.load_state_dict(average.weights)
    for placed in (parts, codec.encoder):
        placed.cpu()
    return codec


def load(out: Path) -> Codec:
    """The averaged codec of the last checkpoint."""
    state = needed_checkpoint(out / "codec.pt")
    codec = blank(state["scaling"])
    parts = nn.ModuleDict({"autoencoder": codec.autoencoder, "decoder": codec.decoder})
    parts.load_state_dict(state["average"])
    codec.encoder.load_state_dict(state["encoder"])
    return codec


def blank(scaling: float) -> Codec:
    """A codec of the shipped shapes with nothing in it yet."""
    transparency = TransparencyConfig()
    return Codec(
        PatchAutoencoder(PatchAutoencoderConfig(scaling_factor=scaling)),
        TransparencyEncoder(transparency),
        TransparencyDecoder(transparency),
    )


@torch.no_grad()
def measured(codec: Codec, pictures: Pictures, count: int = 64) -> dict[str, float]:
    """How held-out pictures come back: PSNR of premultiplied colour, mean alpha error."""
    numbers = np.arange(0, len(pictures.labels), HOLD_OUT)[:: max(1, 630 // count)][:count]
    wanted = as_batch(pictures, numbers)
    found = torch.cat([codec.decode(codec.encode(part))[1] for part in torch.split(wanted, 16)])
    alpha, colour = found[:, :1].clamp(0, 1), found[:, 1:].clamp(0, 1)
    error = (colour * alpha - wanted[:, :3]).square().mean()
    soft = (wanted[:, 3:] > 0.1) & (wanted[:, 3:] < 0.9)
    miss = (alpha - wanted[:, 3:]).abs()
    return {
        "psnr": float(-10 * error.log10()),
        "alpha_error": float(miss.mean()),
        "soft_alpha_error": float(miss[soft].mean()),
    }


def _step(
    codec: Codec,
    pictures: Pictures,
    numbers: NDArray[np.int64],
    seed: tuple[int, int],
    workers: Workers,
) -> Tensor:
    """The loss of this process's rows of a batch."""
    rng = np.random.default_rng(seed)
    (wanted,) = workers.mine(as_batch(pictures, rng.choice(numbers, BATCH, replace=False)))
    colour, alpha = wanted[:, :3], wanted[:, 3:]
    with torch.no_grad():
        latent = codec.encode(wanted)
        noise = torch.from_numpy(rng.standard_normal((BATCH, *latent.shape[1:]), np.float32))
        amount = torch.from_numpy(rng.uniform(0, NOISE, (BATCH, 1, 1, 1)).astype(np.float32))
        noise, amount = workers.mine(noise, amount)
        latent = latent + noise * amount / codec.autoencoder.config.scaling_factor
    picture, found = codec.decode(latent)
    found_alpha, found_colour = found[:, :1], found[:, 1:]
    seen, seen_wanted = found_colour * alpha, colour
    return (
        difference(found_alpha, alpha)
        + difference(seen, seen_wanted)
        + 0.5 * difference(picture * 0.5 + 0.5, colour + 0.5 * (1 - alpha))
        + 0.05 * (found_colour - padded(colour, alpha)).abs().mean()
    )


def difference(found: Tensor, wanted: Tensor) -> Tensor:
    """How far pictures are from what was wanted: values, slopes and large errors most."""
    error = found - wanted
    return 0.5 * error.abs().mean() + 0.1 * gradient_loss(found, wanted) + 6 * error.square().mean()


def _patches(pictures: Tensor, side: int) -> Tensor:
    """(n, c, h, w) to (n * patches, c * side * side)."""
    rows = nn.functional.unfold(pictures, side, stride=side)  # (n, c * side**2, patches)
    return rows.transpose(1, 2).reshape(-1, rows.shape[1])


def _components(rows: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The first principal directions (columns) around zero, and the root mean square along each."""
    power = rows.T @ rows / len(rows)
    values, vectors = torch.linalg.eigh(power)  # ascending
    basis = vectors[:, -count:].flip(1)
    return basis, values[-count:].flip(0).clamp_min(1e-8).sqrt()
