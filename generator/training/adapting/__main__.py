"""`train adapter`: a LoRA from a folder of transparent pictures.

On one CPU or accelerator as it stands; on several by `accelerate launch -m
generator.training.adapting ...`.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from generator.request import ErrorKind, GenerationError
from generator.training.adapting.arguments import Parser
from generator.training.adapting.files import not_written
from generator.training.adapting.run import Asked, adapt
from generator.training.adapting.settings import DEFAULTS

log = logging.getLogger(__name__)

CHOICES = (  # option, type, what it says; the default is the family's
    ("rank", int, "width of the paths beside the layers"),
    ("alpha", float, "how loud they are: alpha / rank"),
    ("learning_rate", float, "of the optimiser"),
    ("batch", int, "pictures a step"),
    ("at_once", int, "of them in memory at once; smaller needs less, the result is the same"),
    ("steps", int, "steps in all"),
    ("originals_share", float, "share of the model's own kind of data in every batch, 0 to 0.9"),
    ("placements", int, "how often each picture is placed anew, a little smaller"),
    ("seed", int, "the same seed, the same adapter"),
)


def main(arguments: list[str] | None = None) -> int:
    """Train as asked; 0 done, 1 not done, 2 wrong input."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        path = adapt(_asked(_parser().parse_args(arguments)))
    except GenerationError as error:
        log.error("%s", error)
        return 2 if error.kind is ErrorKind.BAD_REQUEST else 1
    except OSError as error:  # of the log and the like
        log.error("%s", not_written(Path(error.filename or "A file"), error))
        return 1
    except KeyboardInterrupt:
        log.error("Stopped; the last checkpoint is whole, and --resume goes on from it.")
        return 1
    sys.stdout.write(f"{path}\n")
    return 0


def _asked(options: argparse.Namespace) -> Asked:
    given = {name: getattr(options, name) for name, _, _ in CHOICES}
    return Asked(
        model=options.model,
        assets=options.assets,
        out=options.out,
        originals=options.originals,
        word=options.word,
        licence=options.licence,
        prompts=tuple(options.prompt or ()),
        every=options.every,
        device=options.device,
        resume=options.resume,
        given={name: value for name, value in given.items() if value is not None},
    )


def _parser() -> Parser:
    parser = Parser(prog="main.py train adapter", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--assets", type=Path, required=True, metavar="PLACE",
        help="a folder of transparent PNGs, with NAME.txt beside NAME.png as its caption, "
        "or a .csv or .jsonl list with file, caption, weight",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="all results go here"
    )
    parser.add_argument("--model", default="pocket", metavar="NAME")
    parser.add_argument(
        "--originals", type=Path, metavar="PLACE", help="pictures that keep it from forgetting"
    )
    parser.add_argument("--word", default="", help="put before every caption of the assets")
    parser.add_argument("--licence", default="not stated", help="written into the file")
    parser.add_argument(
        "--prompt", action="append", help="for the sample sheets; again for each picture"
    )
    parser.add_argument("--every", type=int, metavar="N", help="steps between checkpoints")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, auto; cpu if not given")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    for name, kind, words in CHOICES:
        usual = ", ".join(f"{getattr(one, name):g} {family}" for family, one in DEFAULTS.items())
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=kind, metavar="N", help=f"{words} ({usual})"
        )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
