"""The single command: `python -m generator.training --stage all --steps 6000 --out DIR [--resume]`.

Stages: data (draw), codec, denoiser; then for pairs places (the codec learns opaque pictures),
scenes (draw and encode) and pairs; export. Each leaves its result in DIR and can be stopped and
resumed; `--steps` is the budget of denoiser and of pairs, and the codecs get their shares of it.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast

from generator.training import codec, codec_places, denoiser, export, pictures, sheets
from generator.training.loop import Budget
from generator.training.pairs import denoiser as pair_denoiser
from generator.training.pairs import lessons as pair_lessons
from generator.training.pairs import sheets as pair_sheets
from generator.training.pairs.evaluate import questions
from generator.training.words.vocabulary import build_tokenizer

log = logging.getLogger(__name__)

CODEC_SHARE = 0.4  # codec steps for each denoiser step
PLACES_SHARE = 0.1
SCENES = 8000
SHEET_SCENES = 14


def main(arguments: list[str] | None = None) -> int:
    """Run the stages asked for, in order."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(asked.threads)
    if not asked.resume and any(asked.out.glob("*.pt")):
        log.error("%s holds an earlier run: give --resume or another --out", asked.out)
        return 1
    asked.out.mkdir(parents=True, exist_ok=True)
    tokenizer = build_tokenizer()
    for stage in STAGES if asked.stage == "all" else (asked.stage,):
        log.info("stage %s", stage)
        STAGES[stage](asked, tokenizer)
    return 0


def _draw(asked: argparse.Namespace, _tokenizer: PreTrainedTokenizerFast) -> None:
    pictures.draw_all(asked.out / "pictures", asked.seed, asked.scale)


def _codec(asked: argparse.Namespace, _tokenizer: PreTrainedTokenizerFast) -> None:
    drawn = pictures.load(asked.out / "pictures")
    trained = codec.train(drawn, asked.out, _budget(asked, CODEC_SHARE))
    log.info("held-out pictures: %s", codec.measured(trained, drawn))


def _denoiser(asked: argparse.Namespace, tokenizer: PreTrainedTokenizerFast) -> None:
    out: Path = asked.out
    drawn, trained = pictures.load(out / "pictures"), codec.load(out)
    lesson = denoiser.lessons(drawn, trained, tokenizer, out, asked.seed)

    def look(model: denoiser.Denoiser, step: int) -> None:
        pipeline = export.assembled(trained, model, tokenizer)
        drawn_now = sheets.samples(pipeline, sheets.PROMPTS, seed=7)
        sheets.sheet(drawn_now, columns=6).save(out / f"sheet-{step:06d}.png")

    log.info("loss %.4f", denoiser.train(lesson, tokenizer, out, _budget(asked), look))


def _places(asked: argparse.Namespace, _tokenizer: PreTrainedTokenizerFast) -> None:
    folder = asked.out / "places"
    folder.mkdir(exist_ok=True)
    codec_places.train(asked.out, folder, _budget(asked, PLACES_SHARE))


def _scenes(asked: argparse.Namespace, _tokenizer: PreTrainedTokenizerFast) -> None:
    count = max(1, round(SCENES * asked.scale))
    pair_lessons.draw_latents(asked.out / "scenes", asked.out, count, asked.seed)


def _pairs(asked: argparse.Namespace, tokenizer: PreTrainedTokenizerFast) -> None:
    out: Path = asked.out
    scenes = pair_lessons.load_latents(out / "scenes", max(1, round(SCENES * asked.scale)))
    lessons = pair_denoiser.PairLessons(scenes, tokenizer, asked.seed)
    trained = codec.load(out / "places")
    shown = questions(trained, SHEET_SCENES)

    def look(model: pair_denoiser.PairDenoiser, step: int) -> None:
        page = pair_sheets.pair_sheet(model, tokenizer, trained, shown)
        page.save(out / f"pairs-{step:06d}.png")

    loss = pair_denoiser.train(lessons, tokenizer, out, out, _budget(asked), look)
    log.info("loss %.4f", loss)


def _export(asked: argparse.Namespace, tokenizer: PreTrainedTokenizerFast) -> None:
    out: Path = asked.out
    places = out / "places"
    trained = codec.load(places if (places / "codec.pt").exists() else out)
    channels = trained.decoder.config.latent_channels
    pairs = None
    if (out / "pairs.pt").exists():
        pairs = pair_denoiser.load(out, channels, tokenizer)
    whole = export.Trained(trained, denoiser.load(out, channels, tokenizer), pairs)
    card = export.export(whole, tokenizer, asked.model or out / "model")
    log.info("weights %s, recipe %s", card.hash, pictures.recipe_hash(asked.seed))


STAGES: dict[str, Callable[[argparse.Namespace, PreTrainedTokenizerFast], None]] = {
    "data": _draw,
    "codec": _codec,
    "denoiser": _denoiser,
    "places": _places,
    "scenes": _scenes,
    "pairs": _pairs,
    "export": _export,
}


def _budget(asked: argparse.Namespace, share: float = 1.0) -> Budget:
    return Budget(max(1, round(asked.steps * share)), asked.seconds, asked.seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generator.training", description=__doc__)
    parser.add_argument("--stage", choices=("all", *STAGES), default="all")
    parser.add_argument("--steps", type=int, default=6000, help="denoiser steps in all")
    parser.add_argument("--seconds", type=float, help="end each training stage after this long")
    parser.add_argument("--out", type=Path, required=True, help="pictures, checkpoints, sheets")
    parser.add_argument("--model", type=Path, help="where export writes; DIR/model if not given")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the pictures to draw")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
