"""Random events on a real window without a screen: `python tests/journeys/monkey.py --seed 1`.

Whatever raises, is logged as an error or is warned of by Qt ends the run, with the last events on
paper. Drawn shapes stand in for a model; everything that is written goes to a temporary home.
"""

import argparse
import faulthandler
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
CHECK_EVERY = 1000  # events
SHOWN = 50  # of the last events, when a run fails
IGNORED = ("This plugin does not support",)  # of the offscreen platform, which has no windows
LONGEST_S = 300  # for one event on a busy machine; then all stacks are printed


def at_home(folder: Path) -> None:
    """Let the program find nothing of the person's own, and no model but one that does it all."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name, place in (
        ("HOME", ""), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache"),
        ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state"), ("ACETATE_MODELS", "models"),
    ):  # fmt: skip
        (folder / place).mkdir(exist_ok=True)
        os.environ[name] = str(folder / place)


def prepare(folder: Path, *, without_kernels: bool) -> None:
    """Load the kernels of the person's own cache, and let those of files be found again.

    Without them none are compiled either: all is done by the formulas.
    """
    from editor.paths import cache_folder
    from editor.render import native

    kernels = cache_folder() / "kernels"
    if without_kernels:
        native._State.ordered = True
    else:
        native.prepare().join()
        assert native.ready()
    at_home(folder)
    if kernels.is_dir():
        shutil.copytree(kernels, cache_folder() / "kernels")


class Watch:
    """Keeps what went wrong, and calls `stop` the first time."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.stop: Callable[[], None] = lambda: None

    def report(self, text: str) -> None:
        self.wrong.append(text)
        self.stop()

    def install(self) -> None:
        from PySide6.QtCore import QtMsgType, qInstallMessageHandler

        def on_exception(kind, value, trace) -> None:
            self.report("".join(traceback.format_exception(kind, value, trace)))

        def on_unraisable(found) -> None:
            on_exception(found.exc_type, found.exc_value, found.exc_traceback)

        def on_message(kind, context, text) -> None:
            bad = kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
            if bad and not text.startswith(IGNORED):
                self.report(f"Qt: {text}\n" + "".join(traceback.format_stack()))

        sys.excepthook = on_exception
        sys.unraisablehook = on_unraisable
        qInstallMessageHandler(on_message)
        logging.getLogger().addHandler(_Handler(self))


class _Handler(logging.Handler):
    """Errors that the window says and survives are errors here."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.ERROR)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        self._watch.report(f"log: {logging.Formatter().format(record)}")


class Hang:
    """Ends the process, with all stacks, when one event takes too long."""

    def __init__(self, done: list[str]) -> None:
        self._done = done
        self._until = time.monotonic() + LONGEST_S
        self._ended = threading.Event()
        threading.Thread(target=self._wait, name="hang", daemon=True).start()

    def put_off(self) -> None:
        self._until = time.monotonic() + LONGEST_S

    def end(self) -> None:
        self._ended.set()

    def _wait(self) -> None:
        while not self._ended.wait(1.0):
            if time.monotonic() > self._until:
                say("\n".join((*self._done[-SHOWN:], f"hangs for {LONGEST_S} s")))
                faulthandler.dump_traceback()
                os._exit(2)


def say(text: str) -> None:
    """Write a line that is there even if the process is killed."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--check-every", type=int, default=CHECK_EVERY)
    parser.add_argument("--reference", action="store_true", help="without the compiled kernels")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="monkey-", ignore_cleanup_errors=True) as folder:
        prepare(Path(folder), without_kernels=options.reference)
        watch = Watch()
        try:
            done = run(options, Path(folder), watch)
        except Exception:
            traceback.print_exc()
            raise
    for text in watch.wrong[:3]:
        say(text)
    if watch.wrong:
        say(f"seed {options.seed}: {len(watch.wrong)} wrong after {len(done)} events; the last:")
        say("\n".join(done[-SHOWN:]))
        return 1
    say(f"seed {options.seed}: {len(done)} events, nothing wrong")
    return 0


def run(options: argparse.Namespace, folder: Path, watch: Watch) -> list[str]:
    """Do the events; returns what they were."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from editor.ui.garbage import Garbage
    from editor.ui.lasting import make_lasting
    from editor.ui.whole_errors import keep_errors_whole

    make_lasting()
    keep_errors_whole()
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    Garbage(app)
    watch.install()
    from monkey_checks import Checks, prepared
    from monkey_hands import Hands

    window = prepared(app, folder)
    checks = Checks(window, watch)
    hands = Hands(window, options.seed, folder)
    watch.stop = lambda: app.exit(1)
    hang = Hang(hands.done)
    events = options.events

    def turn() -> None:
        hang.put_off()
        if len(hands.done) >= events:
            timer.stop()
            hands.answer_during(lambda: checks.run(hands))
            app.exit(0)
            return
        hands.act()
        if len(hands.done) // options.check_every > checks.count and not hands.is_busy:
            hands.answer_during(lambda: checks.run(hands))

    timer = QTimer()
    timer.timeout.connect(turn)
    timer.start(0)
    app.exec()
    timer.stop()
    watch.stop = lambda: None
    hands.end()
    checks.close()
    hang.end()
    return hands.done


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the widgets of a failed run are in no state to be taken down
