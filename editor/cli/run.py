"""One verb from its arguments to its exit code; every failure ends here as one sentence."""

import argparse
import logging
import os
import sys
from collections.abc import Callable

from editor.cli.arguments import parsed
from editor.cli.output import NotDoneError, UsageError, say, speak_utf8
from editor.edits.edit import EditError
from editor.formats import FormatError
from generator.request import ErrorKind, GenerationError

log = logging.getLogger(__name__)


def run(arguments: list[str]) -> int:
    """Run one verb; returns 0 done, 1 not done, 2 wrong usage."""
    speak_utf8()
    try:
        if arguments[0] == "evaluate":  # its options are its own process's
            from editor.cli.evaluate import run as evaluate

            return evaluate(arguments[1:])
        options = parsed(arguments)
        return _verb(options.verb)(options) or 0
    except UsageError as error:
        return _failed(error, 2)
    except (NotDoneError, FormatError, EditError) as error:
        return _failed(error, 1)
    except GenerationError as error:
        return _failed(error, 2 if error.kind is ErrorKind.BAD_REQUEST else 1)
    except BrokenPipeError:  # whoever read the results has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        say("Cancelled; nothing was written.")
        return 1


def _verb(name: str) -> Callable[[argparse.Namespace], int | None]:
    """Return what runs a verb, without loading what the others need; it may answer an exit code."""
    chosen: Callable[[argparse.Namespace], int | None]
    match name:
        case "generate":
            from editor.cli.generate import run as chosen
        case "regenerate":
            from editor.cli.regenerate import run as chosen
        case "refresh":
            from editor.cli.refresh import run as chosen
        case "sheet":
            from editor.cli.sheet import run as chosen
        case "convert":
            from editor.cli.files import convert as chosen
        case "info":
            from editor.cli.files import info as chosen
        case "models":
            from editor.cli.models import run as chosen
        case "doctor":
            from editor.cli.doctor import run as chosen
        case "train":
            from editor.cli.train import run as chosen
        case _:
            raise KeyError(name)
    return chosen


def _failed(error: Exception, code: int) -> int:
    log.info("not done: %s", error, exc_info=error)
    say(" ".join(str(error).split()))
    return code
