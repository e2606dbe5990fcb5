"""`python -m generator.training.pairs.report --out DIR`: figures of all pair tasks, and a sheet.

Each task's line has the model's figures and the codec's for the same scenes. Reads the last
checkpoint of DIR; changes nothing there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import torch

from generator.training import codec
from generator.training.codec import Codec
from generator.training.pairs import denoiser as pair_denoiser
from generator.training.pairs.denoiser import PairDenoiser
from generator.training.pairs.evaluate import answered, judged, questions, wanted
from generator.training.pairs.samples import Manner
from generator.training.pairs.sheets import pair_sheet
from generator.training.pairs.tasks import PAIR_TASKS
from generator.training.words.vocabulary import build_tokenizer

SHEET_SCENES = 14


def main(arguments: list[str] | None = None) -> int:
    """Print one line of JSON for each task that is trained."""
    asked = _parser().parse_args(arguments)
    torch.set_num_threads(asked.threads)
    tokenizer = build_tokenizer()
    trained = codec.load(asked.codec or asked.out / "places")
    channels = trained.decoder.config.latent_channels
    model = pair_denoiser.load(asked.out, channels, tokenizer)
    if asked.sheet:
        page = pair_sheet(model, tokenizer, trained, questions(trained, SHEET_SCENES), asked.seed)
        page.save(asked.sheet)
    if asked.count:
        _report(model, trained, asked)
    return 0


def _report(model: PairDenoiser, trained: Codec, asked: argparse.Namespace) -> None:
    tokenizer, scenes = build_tokenizer(), questions(trained, asked.count)
    for task in PAIR_TASKS:
        if not task.share:
            continue
        begun = time.monotonic()
        latent = answered(model, tokenizer, scenes, task, Manner(asked.seed))
        line = {
            "task": task.name,
            "model": judged(trained, scenes, task, latent),
            "codec": judged(trained, scenes, task, wanted(scenes, task)),
            "seconds": time.monotonic() - begun,
        }
        sys.stdout.write(json.dumps(line) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generator.training.pairs.report")
    parser.add_argument("--out", type=Path, required=True, help="where the pairs were trained")
    parser.add_argument("--codec", type=Path, help="folder of the codec; OUT/places if not given")
    parser.add_argument("--count", type=int, default=48, help="scenes; 0 for the sheet alone")
    parser.add_argument("--sheet", type=Path, help="write a sheet of 14 scenes here")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
