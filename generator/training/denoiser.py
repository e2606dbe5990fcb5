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
from generator.training.workers import Workers

log = logging.getLogger(__name__)

LEARNING_RATE = 1.2e-3
WIDENING = 0.75  # of that, for a denoiser that goes on from an earlier one
NEW_WORDS = 3.0  # gain on the learning rate of words that an earlier denoiser did not know
BATCH = 48
GRID = 8
WORDINGS = 48  # captions prepared for each subject
UNCONDITIONAL = 0.1  # share of empty captions: what guidance subtracts
TIMES = 1000
# How often each kind of subject is shown.
SHARES = {
    "coloured": 0.54,
    "natural": 0.08,
    "plain": 0.11,
    "glyph": 0.11,
    "letter": 0.08,
    "variant": 0.08,
}
WORDS = "text.embeddings.token_embedding.weight"  # the text encoder's row for each word


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
    with Workers().first_before_others():
        latents = _latents(pictures, codec, out / "latents.pt")
    captions = [captions_for(subject, WORDINGS, seed) for subject in pictures.subjects]
    for subject, wordings in zip(pictures.subjects, captions, strict=True):
        wordings[0] = phrase(subject)
    flat = tokenizer([text for wordings in captions for text in wordings], **PADDING)
    return Lessons(
        latents,
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
    begin: Path | None = None,
) -> float:
    """Train until the budget is spent, resuming `out / denoiser.pt`; returns the mean loss.

    With `begin`, a folder of an earlier denoiser, it goes on from that one's averaged weights with
    more words: of its text encoder only what is new to it learns, so what reads old captions (the
    pairs, too) reads them as before.
    """
    torch.manual_seed(budget.seed)
    model = Denoiser(lesson.latents.shape[1], tokenizer)
    known = 0 if begin is None else _take_over(model, begin)
    workers = Workers()
    workers.place(model)
    optimiser = _optimiser(model, known)
    average, clock = Average(model, 0.999), Clock(budget)
    checkpoint = out / "denoiser.pt"
    state = load_checkpoint(checkpoint)
    if state is not None:
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.take_over(state["average"])
        clock.step, clock.spent_before = state["step"], state["seconds"]
    saved, smooth = clock.seconds, 0.0
    while clock.fraction < 1:
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * clock.rate()
        error = _loss(model, lesson, (budget.seed, clock.step), workers)
        optimiser.zero_grad()
        loss = workers.learn(error, BATCH, model.parameters())
        _hold_words(model, known, tokenizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        clock.tick(workers)
        average.follow(model, clock.step)
        smooth = loss if not smooth else smooth * 0.98 + loss * 0.02
        if not workers.is_first:
            continue
        if clock.step % 50 == 0 or clock.fraction >= 1:
            log_line(out / "denoiser.csv", step=clock.step, loss=smooth, seconds=clock.seconds)
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


def _take_over(model: Denoiser, begin: Path) -> int:
    """Give a model the averaged weights of an earlier one; returns how many words that knew."""
    state = needed_checkpoint(begin / "denoiser.pt")
    weights: dict[str, Tensor] = state["average"]
    rows = weights[WORDS]
    fresh = model.get_parameter(WORDS).detach().clone()
    fresh *= rows.std() / fresh.std()
    fresh[: len(rows)] = rows
    model.load_state_dict({**weights, WORDS: fresh})
    return len(rows)


def _optimiser(model: Denoiser, known: int) -> torch.optim.AdamW:
    """Everything learns; but of a text encoder that knows words already only its words do."""
    peak = LEARNING_RATE * (WIDENING if known else 1.0)
    if not known:
        groups = [{"params": list(model.parameters()), "peak": peak, "weight_decay": 0.01}]
    else:
        model.text.requires_grad_(False)
        words = model.get_parameter(WORDS).requires_grad_(True)
        groups = [
            {"params": list(model.unet.parameters()), "peak": peak, "weight_decay": 0.01},
            {"params": [words], "peak": peak * NEW_WORDS, "weight_decay": 0.0},
        ]
    return torch.optim.AdamW(groups, peak, betas=(0.9, 0.98), fused=True)


def _hold_words(model: Denoiser, known: int, tokenizer: PreTrainedTokenizerFast) -> None:
    """Known words do not learn; the one that stands for unknown words does, it never meant much."""
    slopes = model.get_parameter(WORDS).grad
    if known and slopes is not None:
        unknown = slopes[tokenizer.unk_token_id].clone()
        slopes[:known] = 0
        slopes[tokenizer.unk_token_id] = unknown


def _loss(model: Denoiser, lesson: Lessons, seed: tuple[int, int], workers: Workers) -> Tensor:
    """Of this process's rows of one batch.

    Its chance follows from (seed, step), so a resumed run goes on as it would.
    """
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
    clean, noise, share, words = workers.mine(clean, noise, share, words)
    along = share[:, None, None, None]
    velocity = model((1 - along) * clean + along * noise, share, words)
    error: Tensor = velocity - (noise - clean)
    return error.square().mean()


def _latents(pictures: Pictures, codec: Codec, path: Path) -> Tensor:
    """All pictures' latents, scaled to unit size, as float16; encoded where they are not kept."""
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
    latents: Tensor = kept["latents"]
    return latents


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
    if subject.count > 1 or subject.material:
        return "variant"
    if subject.name.startswith("letter "):
        return "letter"
    if subject.colour:
        return "coloured"
    return "natural" if thing.colourable else "plain"
