"""Samples of the pair tasks from a denoiser in memory: for sheets and figures while training."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from generator.layer_diffusion.matte import levelled
from generator.request import Role
from generator.training.codec import Codec
from generator.training.denoiser import PADDING, TIMES
from generator.training.export import GUIDANCE, STEPS, schedule
from generator.training.pairs.denoiser import CHANGE_GAIN, PairDenoiser, gathered
from generator.training.pairs.tasks import PairTask

Pictures = NDArray[np.float32]  # (n, h, w, 3 | 4), 0..1; layers are straight


@dataclass(frozen=True, slots=True)
class Manner:
    """How samples are made; the defaults are the model's own."""

    seed: int
    steps: int = STEPS
    guidance: float = GUIDANCE


@torch.no_grad()
def sampled(
    model: PairDenoiser,
    tokenizer: PreTrainedTokenizerFast,
    given: Sequence[dict[Role, Tensor]],
    texts: Sequence[str],
    task: PairTask,
    manner: Manner,
) -> Tensor:
    """One latent for each text and what is given with it, (n, channels, 8, 8), as a batch.

    What a task computes takes one step from nothing and no guidance, whatever the manner.
    """
    unet = model.base.unet
    count, channels = len(texts), unet.config.in_channels
    rng = torch.Generator().manual_seed(manner.seed)
    latent = torch.randn((count, channels, 8, 8), generator=rng)
    if task.over:
        latent, manner = torch.zeros_like(latent), Manner(manner.seed, steps=1, guidance=1.0)
    told = [*[task.says] * count, *(f"{task.says} {text}" for text in texts)]
    words = tokenizer(told, **PADDING).input_ids
    seen = gathered([*given, *given])
    scheduler = schedule()
    with warnings.catch_warnings():
        # WORKAROUND diffusers 0.42.1 with numpy 2: its schedule hands tensors to numpy the old way.
        warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
        scheduler.set_timesteps(manner.steps)
    for time in scheduler.timesteps:
        share = (time.float() / TIMES).repeat(2 * count)
        without, towards = model(torch.cat([latent, latent]), share, words, seen).chunk(2)
        latent = scheduler.step(
            without + manner.guidance * (towards - without), time, latent
        ).prev_sample
    return latent


def changed(over: Tensor, latent: Tensor) -> Tensor:
    """The blended latent, from the layers' over one another and what the blended task makes."""
    return over + latent / CHANGE_GAIN


@torch.no_grad()
def opaque(codec: Codec, latent: Tensor) -> Pictures:
    """Opaque pictures of scaled latents, (n, h, w, 3)."""
    raw = latent / codec.autoencoder.config.scaling_factor
    picture = (codec.autoencoder.decode(raw).sample * 0.5 + 0.5).clamp(0, 1)
    return picture.permute(0, 2, 3, 1).numpy()


@torch.no_grad()
def layers(codec: Codec, latent: Tensor) -> Pictures:
    """Transparent pictures of scaled latents, (n, h, w, 4), straight."""
    raw = latent / codec.autoencoder.config.scaling_factor
    picture = codec.autoencoder.decode(raw).sample
    found = codec.decoder((picture * 0.5 + 0.5).clamp(0, 1), raw)
    both = torch.cat([found[:, 1:].clamp(0, 1), levelled(found[:, :1])], dim=1)
    return both.permute(0, 2, 3, 1).numpy()
