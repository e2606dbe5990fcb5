"""The command: `evaluate -o FOLDER`, `evaluate compare A B -o FOLDER`, `evaluate verdicts FILE`.

Progress goes to stderr, results to stdout; 0 is done, 1 not done, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import NoReturn

from platformdirs import user_cache_path

from generator.request import ErrorKind, GenerationError, Lora

PROGRAM = "main.py evaluate"
QUESTIONS = (
    "reconstruction", "generation", "free-prompts", "matting", "agreement", "control", "few-steps",
)  # fmt: skip


class UsageError(Exception):
    """Called wrongly; one sentence."""


class Parser(argparse.ArgumentParser):
    """Says one sentence instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.")


def main(arguments: list[str]) -> int:
    """Do what was asked and return the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("generator.training").setLevel(logging.INFO)
    try:
        match arguments:
            case ["compare", *rest]:
                _compare(rest)
            case ["verdicts", *rest]:
                _verdicts(rest)
            case _:
                _evaluate(arguments)
    except UsageError as error:
        return _failed(error, 2)
    except GenerationError as error:
        return _failed(error, 2 if error.kind is ErrorKind.BAD_REQUEST else 1)
    except OSError as error:
        return _failed(OSError(f"{error.filename}: {error.strerror}; nothing was written."), 1)
    except KeyboardInterrupt:
        return _failed(KeyboardInterrupt("Cancelled; nothing was written."), 1)
    return 0


def _evaluate(arguments: list[str]) -> None:
    asked = _evaluate_parser().parse_args(arguments)
    _check_folder(asked.output)
    _use_threads(asked.threads)
    from generator.training.evaluation import report
    from generator.training.evaluation.judged import judged
    from generator.training.evaluation.mattes import NoMattingError
    from generator.training.evaluation.trained_on import pictures_in

    order = report.Order(asked.only, asked.count, asked.small, asked.cache, asked.trained_on)
    if order.trained is not None:
        pictures_in(order.trained)
    model = judged(asked.model, asked.device, tuple(asked.lora))
    try:
        sections = report.found(model, order, tell)
    except NoMattingError as error:
        raise GenerationError(ErrorKind.UNSUPPORTED, str(error)) from error
    written = report.write(asked.output, model, order, sections)
    if asked.json:
        _answer_json(report.entries(model, order, sections) | {"files": [str(f) for f in written]})
        return
    for section in sections:
        for figure in section.figures:
            verdict = {True: "reached", False: "missed", None: ""}[figure.is_met]
            bar = "" if figure.bar is None else f"bar {figure.bar:g}"
            line = f"{section.name:16}{figure.name:26}{figure.value:10.4f}  {bar:10}{verdict}"
            _answer(line.rstrip())
    for file in written:
        _answer(str(file))


def _compare(arguments: list[str]) -> None:
    asked = _compare_parser().parse_args(arguments)
    _check_folder(asked.output)
    _use_threads(asked.threads)
    from generator.training.evaluation.comparing import compare, prompts

    wanted = prompts(asked.prompts, asked.count)
    page = compare((asked.a, asked.b), wanted, asked.seed, asked.device, asked.output, tell)
    if asked.json:
        _answer_json({"files": [str(page)], "pairs": len(wanted)})
    else:
        _answer(str(page))


def _verdicts(arguments: list[str]) -> None:
    parser = Parser(prog=f"{PROGRAM} verdicts", allow_abbrev=False)
    parser.add_argument("file", type=Path, metavar="FILE", help="what the blind page gave")
    parser.add_argument("--json", action="store_true", help="answer for machines")
    asked = parser.parse_args(arguments)
    from generator.training.evaluation.verdicts import VerdictsError, read, summed

    try:
        summary = summed(read(asked.file))
    except VerdictsError as error:
        raise GenerationError(ErrorKind.INTERNAL, str(error)) from error
    if asked.json:
        _answer_json(summary.entries())
    else:
        for line in summary.lines():
            _answer(line)


def _evaluate_parser() -> Parser:
    parser = Parser(
        prog=PROGRAM,
        allow_abbrev=False,
        description="Measure a model and write a page; see also: compare A B, verdicts FILE.",
    )
    _add_shared(parser)
    parser.add_argument("--model", default="pocket", metavar="NAME", help="a model, or its folder")
    parser.add_argument("--lora", type=_lora, action="append", default=[], metavar="FILE=WEIGHT")
    parser.add_argument(
        "--only", type=_questions, default=(), metavar="A,B", help=" ".join(QUESTIONS)
    )
    parser.add_argument("--count", type=_whole, metavar="N", help="pictures for each question")
    parser.add_argument(
        "--trained-on", type=Path, metavar="FOLDER", help="what the data stage of its training drew"
    )
    parser.add_argument("--small", action="store_true", help="only see that it works")
    parser.add_argument(
        "--cache",
        type=Path,
        default=user_cache_path("acetate", appauthor=False) / "evaluation",
        metavar="FOLDER",
        help="where the classifier is kept",
    )
    return parser


def _compare_parser() -> Parser:
    parser = Parser(prog=f"{PROGRAM} compare", allow_abbrev=False)
    for side in ("a", "b"):
        parser.add_argument(side, metavar=side.upper(), help="a model, or a folder of PNG files")
    _add_shared(parser)
    parser.add_argument("--prompts", type=Path, metavar="FILE", help="one on each line")
    parser.add_argument("--count", type=_whole, default=40, metavar="N", help="how many pairs")
    parser.add_argument("--seed", type=_whole, default=1, metavar="N", help="shuffles the sides")
    return parser


def _add_shared(parser: Parser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--device", default="auto", metavar="NAME")
    parser.add_argument("--threads", type=_whole, metavar="N")
    parser.add_argument("--json", action="store_true", help="answer for machines")


def _questions(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    wrong = [name for name in names if name not in QUESTIONS]
    if wrong or not names:
        raise argparse.ArgumentTypeError(f"must be of {', '.join(QUESTIONS)}")
    return tuple(dict.fromkeys(names))


def _whole(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, not {text}")
    return int(text)


def _lora(text: str) -> Lora:
    path, equals, weight = text.rpartition("=")
    file = Path(path if equals else text)
    try:
        strength = float(weight) if equals else 1.0
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be FILE=WEIGHT, not {text}") from error
    if not file.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {file}")
    return Lora(file.stem, strength, str(file))


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder to write into.")


def _use_threads(count: int | None) -> None:
    if count is not None:
        import torch

        torch.set_num_threads(count)


def tell(words: str) -> None:
    """Say how far the work is."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _answer(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _answer_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _failed(error: BaseException, code: int) -> int:
    tell(" ".join(str(error).split()))
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
