"""The stages of the one recipe, in order: what each needs is what those before it left behind."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from transformers import PreTrainedTokenizerFast

from generator.layer_diffusion.roads import ROADS
from generator.training import codec, codec_places, denoiser, export, pictures, sheets
from generator.training.loop import Budget
from generator.training.pairs import denoiser as pair_denoiser
from generator.training.pairs import lessons as pair_lessons
from generator.training.pairs import sheets as pair_sheets
from generator.training.pairs.evaluate import questions
from generator.training.upscaler import learning as upscaler
from generator.training.upscaler import pictures as enlargements
from generator.training.workers import Workers

log = logging.getLogger(__name__)

CODEC_SHARE = 0.4  # codec steps for each denoiser step
PLACES_SHARE = 0.1
UPSCALER_SHARE = 2.0
SCENES = 8000
ENLARGEMENTS = 700
SHEET_SCENES = 14
# Until they are measured they are previews.
TASKS_OF_PAIRS = tuple(
    task for task, road in ROADS["pocket"].items() if any(stage.wears for stage in road)
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what runs it, and the files in the output folder by which it can be told."""

    run: Callable[[argparse.Namespace, PreTrainedTokenizerFast], None]
    leaves: str
    log: str = ""  # the losses, as CSV

    @property
    def is_shared(self) -> bool:
        """Whether all processes take part: in what is trained. The rest is for the first alone."""
        return bool(self.log)


def draw(asked: argparse.Namespace, _tokenizer: PreTrainedTokenizerFast) -> None:
    """Draw the pictures of single things."""
    pictures.draw_all(asked.out / "pictures", asked.seed, asked.scale, asked.threads)


def train_codec(asked: argparse.Namespace, _tokenizer: PreTrainedTokenizerFast) -> None:
    """Train autoencoder and transparency."""
    drawn = pictures.load(asked.out / "pictures")
    trained = codec.train(drawn, asked.out, _budget(asked, CODEC_SHARE))
    log.info("held-out pictures: %s", codec.measured(trained, drawn))


def train_denoiser(asked: argparse.Namespace, tokenizer: PreTrainedTokenizerFast) -> None:
    """Train text encoder and denoiser on single things."""
    out: Path = asked.out
    drawn, trained = pictures.load(out / "pictures"), codec.load(out)
    lesson = denoiser.lessons(drawn, trained, tokenizer, out, asked.seed)

    def look(model: denoiser.Denoiser, step: int) -> None:
        if asked.sheets:
            pipeline = export.assembled(trained, model, tokenizer)
            drawn_now = sheets.samples(pipeline, sheets.PROMPTS, seed=7)
            sheets.sheet(drawn_now, columns=6).save(out / f"sheet-{step:06d}.png")

    loss = denoiser.train(lesson, tokenizer, out, _budget(asked), look, asked.begin)
    log.info("loss %.4f", loss)


def train_places(asked: argparse.Namespace, _tokenizer: PreTrainedTokenizerFast) -> None:
    """Let the codec learn opaque pictures, too."""
    folder = asked.out / "places"
    folder.mkdir(exist_ok=True)
    codec_places.train(asked.out, folder, _budget(asked, PLACES_SHARE))


def draw_scenes(asked: argparse.Namespace, _tokenizer: PreTrainedTokenizerFast) -> None:
    """Draw scenes and keep their latents."""
    count = _of(SCENES, asked)
    pair_lessons.draw_latents(asked.out / "scenes", asked.out, count, asked.seed, asked.threads)


def train_pairs(asked: argparse.Namespace, tokenizer: PreTrainedTokenizerFast) -> None:
    """Let the denoiser learn to see given layers."""
    out: Path = asked.out
    scenes = pair_lessons.load_latents(out / "scenes", _of(SCENES, asked))
    lessons = pair_denoiser.PairLessons(scenes, tokenizer, asked.seed)
    trained = codec.load(out / "places")
    is_looking = asked.sheets and Workers().is_first
    shown = questions(trained, SHEET_SCENES) if is_looking else None

    def look(model: pair_denoiser.PairDenoiser, step: int) -> None:
        if shown is not None:
            page = pair_sheets.pair_sheet(model, tokenizer, trained, shown)
            page.save(out / f"pairs-{step:06d}.png")

    loss = pair_denoiser.train(lessons, tokenizer, out, out, _budget(asked), look)
    log.info("loss %.4f", loss)


def train_upscaler(asked: argparse.Namespace, _tokenizer: PreTrainedTokenizerFast) -> None:
    """Draw pictures to be enlarged, and train what enlarges them."""
    folder: Path = asked.out / "enlargements"
    count = _of(ENLARGEMENTS, asked)
    with Workers().first_before_others():
        enlargements.draw_all(folder, _codec_folder(asked.out), count, asked.seed, asked.threads)
    drawn = enlargements.load(folder)
    _, loss = upscaler.train(drawn, asked.out, _budget(asked, UPSCALER_SHARE))
    log.info("loss %.4f", loss)


def write_model(asked: argparse.Namespace, tokenizer: PreTrainedTokenizerFast) -> None:
    """Write what there is as a model folder."""
    out: Path = asked.out
    trained = codec.load(_codec_folder(out))
    channels = trained.decoder.config.latent_channels
    pairs = None
    if (out / "pairs.pt").exists():
        pairs = pair_denoiser.load(out, channels, tokenizer)
    preview = () if pairs is None else TASKS_OF_PAIRS
    single = denoiser.load(out, channels, tokenizer)
    whole = export.Trained(trained, single, pairs, preview=preview, upscaler=upscaler.load(out))
    card = export.export(whole, tokenizer, asked.model or out / "model")
    log.info("weights %s, recipe %s", card.hash, pictures.recipe_hash(asked.seed))


STAGES: dict[str, Stage] = {
    "data": Stage(draw, "pictures/labels.json"),
    "codec": Stage(train_codec, "codec.pt", "codec.csv"),
    "denoiser": Stage(train_denoiser, "denoiser.pt", "denoiser.csv"),
    "places": Stage(train_places, "places/codec.pt", "places/codec.csv"),
    "scenes": Stage(draw_scenes, "scenes/scenes-0000.pt"),
    "pairs": Stage(train_pairs, "pairs.pt", "pairs.csv"),
    "upscaler": Stage(train_upscaler, "upscaler.pt", "upscaler.csv"),
    "export": Stage(write_model, ""),
}


def _budget(asked: argparse.Namespace, share: float = 1.0) -> Budget:
    return Budget(max(1, round(asked.steps * share)), asked.seconds, asked.seed)


def _of(count: int, asked: argparse.Namespace) -> int:
    share: float = asked.scale
    return max(1, round(count * share))


def _codec_folder(out: Path) -> Path:
    """Return where the codec lies that has learned most."""
    places = out / "places"
    return places if (places / "codec.pt").exists() else out
