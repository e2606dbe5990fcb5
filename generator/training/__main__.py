"""The single command: `python -m generator.training --stage all --steps 6000 --out DIR [--resume]`.

Stages: data (draw), codec, denoiser; then for pairs places (the codec learns opaque pictures),
scenes (draw and encode) and pairs; upscaler; export. Each leaves its result in DIR and can be
stopped and resumed; `--steps` is the budget of denoiser and of pairs, and the others get their
shares of it. Without `--seconds`, the same seed and threads give the same weights. Several
processes share every batch: `accelerate launch --multi_gpu -m generator.training ...` on graphics
cards, `torchrun --nproc-per-node 2 -m generator.training ...` on CPUs.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from generator.training.stages import STAGES
from generator.training.words.vocabulary import build_tokenizer
from generator.training.workers import TooManyProcessesError, Workers

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run the stages asked for, in order; returns 0 done, 1 not done."""
    asked = _parser().parse_args(arguments)
    workers = Workers()
    level = logging.INFO if workers.is_first else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(message)s")
    torch.set_num_threads(asked.threads)
    stages = STAGES if asked.stage == "all" else {asked.stage: STAGES[asked.stage]}
    there = [each.leaves for each in stages.values() if (asked.out / each.leaves).is_file()]
    if there and not asked.resume:
        log.error(
            "%s holds %s of an earlier run: give --resume or another --out", asked.out, there[0]
        )
        return 1
    asked.out.mkdir(parents=True, exist_ok=True)
    tokenizer = build_tokenizer()
    workers.wait()  # all have seen what was there
    try:
        for name, stage in stages.items():
            log.info("stage %s", name)
            if stage.is_shared or workers.is_first:
                stage.run(asked, tokenizer)
            workers.wait()  # what it left is whole
    except FileNotFoundError as error:
        log.error("%s is missing: run the stage before it first", error.filename)
        return 1
    except TooManyProcessesError as error:
        log.error("%s", error)
        return 1
    except KeyboardInterrupt:
        log.error("stopped; --resume goes on from the last checkpoint")
        return 1
    finally:
        workers.part()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="train pocket", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--stage", choices=("all", *STAGES), default="all")
    parser.add_argument("--steps", type=int, default=6000, help="denoiser steps in all")
    parser.add_argument("--seconds", type=float, help="end each training stage after this long")
    parser.add_argument("--out", type=Path, required=True, help="pictures, checkpoints, sheets")
    parser.add_argument("--model", type=Path, help="where export writes; DIR/model if not given")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--begin", type=Path, help="folder of an earlier denoiser that learns more: new words only"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2, help="of torch, and drawing processes")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the pictures to draw")
    parser.add_argument(
        "--no-sheets", dest="sheets", action="store_false", help="do not draw samples on the way"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
