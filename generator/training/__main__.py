"""The single command: `python -m generator.training --stage all --steps 6000 --out DIR [--resume]`.

Stages: data (draw), codec, denoiser, export. Each leaves its result in DIR and can be stopped and
resumed; `--steps` is the denoiser's budget and the codec gets its share of it.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from generator.training import codec, denoiser, export, pictures, sheets
from generator.training.loop import Budget
from generator.training.vocabulary import build_tokenizer

log = logging.getLogger(__name__)

STAGES = ("data", "codec", "denoiser", "export")
CODEC_SHARE = 0.4  # codec steps for each denoiser step


def main(arguments: list[str] | None = None) -> int:
    """Run the stages asked for, in order."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(asked.threads)
    if not asked.resume and any(asked.out.glob("*.pt")):
        log.error("%s holds an earlier run: give --resume or another --out", asked.out)
        return 1
    asked.out.mkdir(parents=True, exist_ok=True)
    for stage in STAGES if asked.stage == "all" else (asked.stage,):
        log.info("stage %s", stage)
        _run(stage, asked)
    return 0


def _run(stage: str, asked: argparse.Namespace) -> None:
    out: Path = asked.out
    tokenizer = build_tokenizer()
    match stage:
        case "data":
            pictures.draw_all(out / "pictures", asked.seed, asked.scale)
        case "codec":
            steps = max(1, round(asked.steps * CODEC_SHARE))
            drawn = pictures.load(out / "pictures")
            trained = codec.train(drawn, out, Budget(steps, asked.seconds, asked.seed))
            log.info("held-out pictures: %s", codec.measured(trained, drawn))
        case "denoiser":
            drawn, trained = pictures.load(out / "pictures"), codec.load(out)
            lesson = denoiser.lessons(drawn, trained, tokenizer, out, asked.seed)

            def look(model: denoiser.Denoiser, step: int) -> None:
                pipeline = export.assembled(trained, model, tokenizer)
                drawn_now = sheets.samples(pipeline, sheets.PROMPTS, seed=7)
                sheets.sheet(drawn_now, columns=6).save(out / f"sheet-{step:06d}.png")

            budget = Budget(asked.steps, asked.seconds, asked.seed)
            log.info("loss %.4f", denoiser.train(lesson, tokenizer, out, budget, look))
        case "export":
            trained = codec.load(out)
            model = denoiser.load(out, trained.decoder.config.latent_channels, tokenizer)
            whole = export.Trained(trained, model)
            card = export.export(whole, tokenizer, asked.model or out / "model")
            log.info("weights %s, recipe %s", card.hash, pictures.recipe_hash(asked.seed))


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
