"""One verb from its arguments to its exit code; every failure ends here as one sentence."""

import logging

from editor.cli import NOT_YET, doctor, files, generate, models
from editor.cli.arguments import parsed
from editor.cli.output import NotDoneError, UsageError, say
from editor.edits.edit import EditError
from editor.formats import FormatError
from generator.request import ErrorKind, GenerationError

log = logging.getLogger(__name__)

RUN = {
    "generate": generate.run,
    "convert": files.convert,
    "info": files.info,
    "models": models.run,
    "doctor": doctor.run,
}


def run(arguments: list[str]) -> int:
    """Run one verb; returns 0 done, 1 not done, 2 wrong usage."""
    try:
        if arguments[0] in NOT_YET:
            raise NotDoneError(f"{arguments[0]} is not possible yet in this version.")
        options = parsed(arguments)
        RUN[options.verb](options)
    except UsageError as error:
        return _failed(error, 2)
    except (NotDoneError, FormatError, EditError) as error:
        return _failed(error, 1)
    except GenerationError as error:
        return _failed(error, 2 if error.kind is ErrorKind.BAD_REQUEST else 1)
    except KeyboardInterrupt:
        say("Cancelled; nothing was written.")
        return 1
    return 0


def _failed(error: Exception, code: int) -> int:
    log.info("not done: %s", error, exc_info=error)
    say(" ".join(str(error).split()))
    return code
