"""Starts Acetate: the window with the files named, or one verb of the command line.

At module level only the standard library, so that what is missing can be said in one sentence.
"""

import faulthandler
import logging
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

log = logging.getLogger("acetate")

USAGE = """usage: main.py [FILE ...]    open the editor, and the files in it
       main.py {verbs}    work without a window; each has its own --help
"""
WORKER_FLAG = "--generator-worker"  # how the bundled program starts itself as the generator
LOG_LIMIT_BYTES = 1_000_000


def main(arguments: list[str]) -> int:
    """Do what was asked and return the exit code: 0 done, 1 not done, 2 wrong usage."""
    try:
        return start(arguments)
    except ModuleNotFoundError as error:
        name = (error.name or "").split(".")[0]
        if name in ("editor", "generator"):
            raise
        command = "python3 bootstrap.py run"
        say(f"Acetate is not set up here ({name} is missing). Start it by: {command}")
        return 2
    except KeyboardInterrupt:
        say("Stopped; nothing was written.")
        return 1


def start(arguments: list[str]) -> int:
    """Choose between worker, command line and window."""
    first = arguments[0] if arguments else ""
    if first == WORKER_FLAG:
        from generator.process import main as work

        return work()
    from editor.cli import VERBS
    from editor.cli import main as run_verb

    if first in ("-h", "--help"):
        sys.stdout.write(USAGE.format(verbs=" | ".join(VERBS)))
        return 0
    if first == "--version":
        sys.stdout.write(f"Acetate {own_version()}\n")
        return 0
    if first.startswith("-"):
        say(f"There is no option {first}; see main.py --help.")
        return 2
    keep_log()
    if first not in VERBS:
        return open_window(arguments)
    use_settings()
    return run_verb(arguments)


def use_settings() -> None:
    """Look for models where the user has set it in the window; the environment counts more."""
    from editor.paths import settings_file
    from editor.settings import MODELS_VARIABLE, load_settings

    folder = load_settings(settings_file()).settings.models_folder
    if folder and not os.environ.get(MODELS_VARIABLE):
        os.environ[MODELS_VARIABLE] = folder


def open_window(arguments: list[str]) -> int:
    """Open the editor with files, when they are there and there is a screen."""
    files = [Path(each) for each in arguments]
    missing = next((file for file in files if not file.exists()), None)
    if missing is not None:
        say(f"There is no file {missing}.")
        return 1
    if sys.platform.startswith("linux") and not has_screen():
        say("There is no screen to open a window on; main.py --help lists what works without.")
        return 1
    try:
        from editor.settings import backend_name
        from editor.ui.window import run
    except ModuleNotFoundError:
        raise
    except ImportError as error:
        log.exception("the window's libraries cannot be loaded")
        say(f"The window cannot start ({error}); main.py doctor says what is missing.")
        return 1
    return run(files, backend_name())


def has_screen() -> bool:
    """Whether Qt will find something to draw on; otherwise it would end the process."""
    return any(os.environ.get(key) for key in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def keep_log() -> None:
    """Write the log, uncaught errors and the stacks of a crash to the user's log folder."""
    from editor.paths import log_folder

    logging.getLogger().setLevel(logging.INFO)
    sys.excepthook = on_uncaught
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(
            log_folder() / "acetate.log", maxBytes=LOG_LIMIT_BYTES, backupCount=2, encoding="utf-8"
        )
        crashes = (log_folder() / "crash.log").open("a", encoding="utf-8")
    except OSError as error:
        logging.getLogger().addHandler(logging.NullHandler())
        say(f"No log is kept: {error.strerror}.")
        return
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(file)
    faulthandler.enable(crashes)  # it keeps the file open for as long as the process lives


def on_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Log what nobody caught and say one sentence; the window stays open."""
    log.critical("uncaught", exc_info=(kind, error, traceback))
    say(
        f"Something went wrong that should not ({kind.__name__}: {error}); the log has the details."
    )


def own_version() -> str:
    """Return the version that set-up installed."""
    try:
        return version("acetate")
    except PackageNotFoundError:
        return "not installed"


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
