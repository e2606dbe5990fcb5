"""What may stand behind each verb: the surface is fixed, even where a task is not possible yet."""

import argparse
import math
import re
from pathlib import Path
from typing import NoReturn

from editor.cli.output import UsageError
from editor.document.geometry import Rect, Size
from generator.request import Task

SIZE = re.compile(r"(\d{1,9})(?:[xX](\d{1,9}))?")
BOX = re.compile(r"(-?\d{1,9}),(-?\d{1,9}),(\d{1,9}),(\d{1,9})")

# Options of tasks that take pictures; with task layer they would change nothing.
PICTURES = ("foreground", "background", "blended", "image", "mask", "style")
MORE = (
    "control", "lora", "weight", "strength", "stop_at", "foreground_prompt", "background_prompt",
)  # fmt: skip


class Parser(argparse.ArgumentParser):
    """Says one sentence instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.")


def parsed(arguments: list[str]) -> argparse.Namespace:
    """Return the verb and its options; raises `UsageError`."""
    parser = Parser(prog="main.py", allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _add_generate(verbs.add_parser("generate", help="make a layer", allow_abbrev=False))
    convert = verbs.add_parser("convert", help="turn one file into another", allow_abbrev=False)
    convert.add_argument("source", type=Path, metavar="IN")
    convert.add_argument("target", type=Path, metavar="OUT")
    info = verbs.add_parser("info", help="say what is in a file", allow_abbrev=False)
    info.add_argument("file", type=Path, metavar="FILE")
    models = verbs.add_parser("models", help="list, fetch and add models", allow_abbrev=False)
    _add_models(models)
    doctor = verbs.add_parser("doctor", help="check this machine", allow_abbrev=False)
    for verb in (convert, info, models, doctor):
        verb.add_argument("--json", action="store_true", help="answer for machines")
    return parser.parse_args(arguments)


def whole(text: str) -> int:
    """Parse a whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None


def number(text: str) -> float:
    """Parse a number that is neither infinite nor undefined."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return value


def size(text: str) -> Size:
    """Parse 640x480, or 512 for a square."""
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 640x480")
    return Size(int(match[1]), int(match[2] or match[1]))


def box(text: str) -> Rect:
    """Parse X,Y,W,H."""
    match = BOX.fullmatch(text.replace(" ", ""))
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no box such as 10,20,300,200")
    x, y, width, height = (int(each) for each in match.groups())
    return Rect(x, y, x + width, y + height)


def _add_generate(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("prompt", metavar="PROMPT")
    verb.add_argument(
        "-o", "--output", metavar="OUT", required=True, help="a picture, a layered file or a folder"
    )
    tasks = [task.value for task in Task]
    verb.add_argument("--task", type=Task, default=Task.LAYER, metavar=" | ".join(tasks))
    verb.add_argument("--model", default="pocket", metavar="NAME")
    verb.add_argument("--device", default="auto", metavar="NAME")
    verb.add_argument("--size", type=size, metavar="WxH", help="size of the layer in pixels")
    verb.add_argument("--seed", type=whole, metavar="N", help="the same seed, the same picture")
    verb.add_argument("--steps", type=whole, metavar="N")
    verb.add_argument("--guidance", type=number, metavar="X", help="how closely to follow PROMPT")
    verb.add_argument("--negative", default="", metavar="TEXT", help="what it should not show")
    verb.add_argument("--count", type=whole, default=1, metavar="N", help="how many variants")
    verb.add_argument("--on", type=Path, metavar="FILE", help="the document to add the layer to")
    verb.add_argument("--box", type=box, metavar="X,Y,W,H", help="where in the document it goes")
    verb.add_argument("--json", action="store_true", help="answer for machines")
    _add_options_of_later_tasks(verb)


def _add_models(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("action", choices=("list", "get", "add", "verify", "where"))
    verb.add_argument("names", nargs="*", metavar="NAME", help="models; for add, files or folders")
    verb.add_argument("--accept-licence", action="store_true", help="get: accept the terms shown")
    verb.add_argument("--name", metavar="NAME", help="add: what to call the file")
    verb.add_argument("--copy", action="store_true", help="add: copy it to your own models")


def _add_options_of_later_tasks(verb: argparse.ArgumentParser) -> None:
    hidden = argparse.SUPPRESS
    for name in PICTURES:
        verb.add_argument(f"--{name}", type=Path, help=hidden)
    verb.add_argument("--control", action="append", help=hidden)
    verb.add_argument("--lora", action="append", help=hidden)
    for name in ("weight", "strength", "stop-at"):
        verb.add_argument(f"--{name}", type=number, help=hidden)
    verb.add_argument("--foreground-prompt", help=hidden)
    verb.add_argument("--background-prompt", help=hidden)
