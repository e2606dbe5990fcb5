"""Stage three: the denoiser and its text encoder, trained together by flow matching.

A noisy latent is x_s = (1 - s) x + s n; the network is taught the velocity n - x (Liu et al.,
rectified flow). That is what diffusers calls "flow_prediction", with s * 1000 as the time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, PreTrainedTokenizerFast

from generator.training.codec import Codec, as_batch
from generator.training.loop import (
    Average,
    Budget,
    Clock,
    load_checkpoint,
    log_line,
    needed_checkpoint,
    save_checkpoint,
)
from generator.training.pictures import Pictures, captions_for
from generator.training.words.captions import Subject, phrase, thing_named
from generator.training.words.vocabulary import MAX_WORDS

log = logging.getLogger(__name__)

LEARNING_RATE = 1.2e-3
BATCH = 48
GRID = 8
WORDINGS = 48  # captions prepared for each subject
UNCONDITIONAL = 0.1  # share of empty captions: what guidance subtracts
TIMES = 1000
# How often each kind of subject is shown.
SHARES = {"coloured": 0.62, "natural": 0.09, "plain": 0.14, "glyph": 0.15}


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything a step draws from, in memory."""

    latents: Tensor  # (n, channels, 8, 8) float16, scaled to unit size
    labels: NDArray[np.int64]  # (n,) index of the subject
    chances: NDArray[np.float64]  # (n,) how often each picture is drawn
    words: Tensor  # (subjects, WORDINGS, MAX_WORDS) token ids
    silence: Tensor  # (MAX_WORDS,) the empty caption


class Denoiser(nn.Module):
    """The UNet and the text encoder as one module: one optimiser and one average hold both."""

    def __init__(self, channels: int, tokenizer: PreTrainedTokenizerFast) -> None:
        super().__init__()
        self.text = CLIPTextModel(text_config(tokenizer))
        self.unet = UNet2DConditionModel(
            sample_size=GRID,
            in_channels=channels,
            out_channels=channels,
            block_out_channels=(176, 192),
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            layers_per_block=1,
            cross_attention_dim=128,
            attention_head_dim=(4, 6),
            norm_num_groups=16,
        )

    def forward(self, noisy: Tensor, noise_share: Tensor, words: Tensor) -> Tensor:
        meaning = self.text(input_ids=words).last_hidden_state
        velocity: Tensor = self.unet(noisy, noise_share * TIMES, meaning).sample
        return velocity


def text_config(tokenizer: PreTrainedTokenizerFast) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=MAX_WORDS,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


OnCheckpoint = Callable[[Denoiser, int], None]  # the averaged weights so far, the step


@torch.no_grad()
def lessons(
    pictures: Pictures, codec: Codec, tokenizer: PreTrainedTokenizerFast, out: Path, seed: int
) -> Lessons:
    """Encode all pictures once (kept in `out / latents.pt`) and prepare the captions."""
    path = out / "latents.pt"
    kept = load_checkpoint(path)
    if kept is None:
        parts = []
        for numbers in np.array_split(
            np.arange(len(pictures.labels)), len(pictures.labels) // 64 + 1
        ):
            latent = codec.encode(as_batch(pictures, numbers))
            parts.append((latent * codec.autoencoder.config.scaling_factor).half())
        kept = {"latents": torch.cat(parts)}
        save_checkpoint(path, kept)
    captions = [captions_for(subject, WORDINGS, seed) for subject in pictures.subjects]
    for subject, wordings in zip(pictures.subjects, captions, strict=True):
        wordings[0] = phrase(subject)
    flat = tokenizer([text for wordings in captions for text in wordings], **PADDING)
    return Lessons(
        kept["latents"],
        pictures.labels,
        _chances(pictures),
        flat.input_ids.reshape(len(captions), WORDINGS, MAX_WORDS),
        tokenizer("", **PADDING).input_ids[0],
    )


PADDING = {
    "padding": "max_length",
    "max_length": MAX_WORDS,
    "truncation": True,
    "return_tensors": "pt",
}


def train(
    lesson: Lessons,
    tokenizer: PreTrainedTokenizerFast,
    out: Path,
    budget: Budget,
    on_checkpoint: OnCheckpoint,
) -> float:
    """Train until the budget is spent, resuming `out / denoiser.pt`; returns the mean loss."""
    torch.manual_seed(budget.seed)
    model = Denoiser(lesson.latents.shape[1], tokenizer)
    optimiser = torch.optim.AdamW(
        model.parameters(), LEARNING_RATE, betas=(0.9, 0.98), weight_decay=0.01, fused=True
    )
    average, clock = Average(model, 0.999), Clock(budget)
    checkpoint = out / "denoiser.pt"
    state = load_checkpoint(checkpoint)
    if state is not None:
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.weights = state["average"]
        clock.step, clock.spent_before = state["step"], state["seconds"]
    saved, smooth = clock.seconds, 0.0
    while clock.fraction < 1:
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * clock.rate()
        loss = _loss(model, lesson, (budget.seed, clock.step))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        clock.step += 1
        average.follow(model, clock.step)
        smooth = loss.item() if not smooth else smooth * 0.98 + loss.item() * 0.02
        if clock.step % 50 == 0 or clock.fraction >= 1:
            log_line(out / "denoiser.jsonl", step=clock.step, loss=smooth, seconds=clock.seconds)
        if clock.fraction >= 1 or clock.seconds - saved > budget.checkpoint_seconds:
            saved = clock.seconds
            save_checkpoint(
                checkpoint,
                {
                    "model": model.state_dict(),
                    "average": average.weights,
                    "optimiser": optimiser.state_dict(),
                    "step": clock.step,
                    "seconds": clock.seconds,
                },
            )
            averaged = Denoiser(lesson.latents.shape[1], tokenizer)
            averaged.load_state_dict(average.weights)
            on_checkpoint(averaged.eval(), clock.step)
    return smooth


def load(out: Path, channels: int, tokenizer: PreTrainedTokenizerFast) -> Denoiser:
    """The averaged weights of the last checkpoint."""
    state = needed_checkpoint(out / "denoiser.pt")
    model = Denoiser(channels, tokenizer)
    model.load_state_dict(state["average"])
    return model.eval()


def _loss(model: Denoiser, lesson: Lessons, seed: tuple[int, int]) -> Tensor:
    """One batch; its chance follows from (seed, step), so a resumed run goes on as it would."""
    rng = np.random.default_rng(seed)
    numbers = rng.choice(len(lesson.labels), BATCH, p=lesson.chances)
    clean = lesson.latents[torch.from_numpy(numbers)].float()
    wordings = rng.integers(WORDINGS, size=BATCH)
    wordings[rng.random(BATCH) < 0.3] = 0  # the plain caption, more often than chance
    words = lesson.words[torch.from_numpy(lesson.labels[numbers]), torch.from_numpy(wordings)]
    words[torch.from_numpy(rng.random(BATCH) < UNCONDITIONAL)] = lesson.silence
    noise = torch.from_numpy(rng.standard_normal(clean.shape, np.float32))
    # Logit-normal, a little towards noise: the middle of the way is where most is decided.
    share = torch.from_numpy(1 / (1 + np.exp(-rng.normal(0.3, 1.0, BATCH)))).float()
    along = share[:, None, None, None]
    velocity = model((1 - along) * clean + along * noise, share, words)
    error: Tensor = velocity - (noise - clean)
    return error.square().mean()


def _chances(pictures: Pictures) -> NDArray[np.float64]:
    kinds = np.array([_kind(subject) for subject in pictures.subjects])[pictures.labels]
    chances = np.zeros(len(kinds))
    for kind, share in SHARES.items():
        members = kinds == kind
        chances[members] = share / max(1, members.sum())
    chances /= chances.sum()
    return chances


def _kind(subject: Subject) -> str:
    thing = thing_named(subject.name)
    if thing is None:
        return "glyph"
    if subject.colour:
        return "coloured"
    return "natural" if thing.colourable else "plain"
