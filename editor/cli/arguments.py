"""What may stand behind each verb."""

import argparse
from pathlib import Path
from typing import NoReturn

from editor.cli.output import UsageError
from editor.cli.values import box, control, lora, number, size, whole
from generator.request import Task


class Parser(argparse.ArgumentParser):
    """Says one sentence instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.")


def parsed(arguments: list[str]) -> argparse.Namespace:
    """Return the verb and its options; raises `UsageError`."""
    parser = Parser(prog="main.py", allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, words: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=words, allow_abbrev=False)
        made.add_argument("--json", action="store_true", help="answer for machines")
        return made

    _add_generate(verb("generate", "make a layer"))
    _add_regenerate(verb("regenerate", "make a layer again, by its recipe"))
    _add_refresh(verb("refresh", "make again what was made from layers that have changed"))
    _add_sheet(verb("sheet", "make many layers in one style"))
    convert = verb("convert", "turn one file into another")
    convert.add_argument("source", type=Path, metavar="IN")
    convert.add_argument("target", type=Path, metavar="OUT")
    verb("info", "say what is in a file").add_argument("file", type=Path, metavar="FILE")
    _add_models(verb("models", "list, fetch and add models"))
    verb("doctor", "check this machine")
    _add_train(verb("train", "train a model; train alone says which"))
    return parser.parse_args(arguments)


def _add_generate(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("prompt", metavar="PROMPT", nargs="?", default="")
    verb.add_argument(
        "-o", "--output", metavar="OUT", required=True, help="a picture, a layered file or a folder"
    )
    tasks = [task.value for task in Task]
    verb.add_argument("--task", type=Task, default=Task.LAYER, metavar=" | ".join(tasks))
    verb.add_argument("--model", default="pocket", metavar="NAME")
    verb.add_argument("--size", type=size, metavar="WxH", help="size of the layer in pixels")
    verb.add_argument("--count", type=whole, default=1, metavar="N", help="how many variants")
    verb.add_argument("--on", type=Path, metavar="FILE", help="the document to add the layer to")
    verb.add_argument("--box", type=box, metavar="X,Y,W,H", help="where in the document it goes")
    verb.add_argument(
        "--layer", action="append", metavar="NAME", help="with --on: the layer that it is about"
    )
    _add_pictures(verb)
    _add_settings(verb)
    _add_style(verb)
    _add_of_some_tasks(verb)


def _add_pictures(verb: argparse.ArgumentParser) -> None:
    for name, words in (
        ("foreground", "the subject, with its alpha"),
        ("background", "what it stands on"),
        ("blended", "both in one picture"),
        ("image", "the picture to vary, repaint or enlarge"),
        ("mask", "white, or opaque, where it is repainted"),
    ):
        verb.add_argument(f"--{name}", type=Path, metavar="FILE", help=words)


def _add_settings(verb: argparse.ArgumentParser) -> None:
    """Add what every verb that makes pictures understands."""
    verb.add_argument("--device", default="auto", metavar="NAME")
    verb.add_argument("--seed", type=whole, metavar="N", help="the same seed, the same picture")
    verb.add_argument("--steps", type=whole, metavar="N")
    verb.add_argument("--guidance", type=number, metavar="X", help="how closely to follow PROMPT")
    verb.add_argument("--negative", metavar="TEXT", help="what it should not show")
    verb.add_argument("--draft", action="store_true", help="finish faster and a little rougher")


def _add_style(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--style", type=Path, action="append", metavar="FILE", help="a picture to look like"
    )
    verb.add_argument("--lora", type=lora, action="append", metavar="FILE=WEIGHT")
    verb.add_argument(
        "--control", type=control, action="append", metavar="KIND=FILE",
        help="scribble, canny, depth or pose, and its picture",
    )  # fmt: skip
    verb.add_argument("--weight", type=number, metavar="X", help="of what makes it transparent")
    verb.add_argument("--stop-at", type=number, metavar="X", help="how long that stays on, 0 to 1")


def _add_of_some_tasks(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--strength", type=number, metavar="X", help="vary, repaint: 0 to 1")
    verb.add_argument("--scale", type=whole, metavar="N", help="upscale: 2 or 4")
    verb.add_argument("--foreground-prompt", metavar="TEXT", help="what the subject shows")
    verb.add_argument("--background-prompt", metavar="TEXT", help="what lies behind it")
    verb.add_argument("--direction", type=number, metavar="DEGREES", help="shadow: 0 is right")
    verb.add_argument("--length", type=number, metavar="X", help="shadow: in heights")
    verb.add_argument("--softness", type=number, metavar="X", help="shadow: 0 to 1")
    verb.add_argument("--contact", type=number, metavar="X", help="shadow: 0 to 1")
    verb.add_argument("--opacity", type=number, metavar="X", help="shadow: 0 to 1")


def _add_regenerate(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument("--layer", metavar="NAME", help="its name or id; needed where there are more")
    verb.add_argument("-o", "--output", type=Path, metavar="OUT", required=True)
    verb.add_argument("--prompt", metavar="TEXT")
    verb.add_argument("--model", metavar="NAME")
    verb.add_argument("--count", type=whole, metavar="N", help="how many variants")
    _add_settings(verb)
    _add_style(verb)
    verb.add_argument("--strength", type=number, metavar="X")
    verb.add_argument("--foreground-prompt", metavar="TEXT")
    verb.add_argument("--background-prompt", metavar="TEXT")
    verb.add_argument("--mask", type=Path, metavar="FILE", help="what is repainted")


def _add_refresh(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument("-o", "--output", type=Path, metavar="OUT", required=True)
    verb.add_argument("--device", default="auto", metavar="NAME")


def _add_sheet(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("list", type=Path, metavar="LIST.csv", help="columns prompt, name, seed")
    verb.add_argument("-o", "--output", type=Path, metavar="FOLDER", required=True)
    verb.add_argument("--model", default="pocket", metavar="NAME")
    verb.add_argument("--size", type=size, metavar="WxH", help="size of each in pixels")
    _add_settings(verb)
    _add_style(verb)


def _add_models(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("action", choices=("list", "get", "add", "verify", "where"))
    verb.add_argument("names", nargs="*", metavar="NAME", help="models; for add, files or folders")
    verb.add_argument("--accept-licence", action="store_true", help="get: accept the terms shown")
    verb.add_argument("--name", metavar="NAME", help="add: what to call the file")
    verb.add_argument("--copy", action="store_true", help="add: copy it to your own models")


def _add_train(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "arguments",
        nargs=argparse.REMAINDER,
        metavar="WHAT ...",
        help="what to train and its own options; WHAT --help lists them",
    )
