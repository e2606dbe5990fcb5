"""How soon the window paints, and whether it ever stalls while a model is loaded and runs.

`python benchmarks/window.py` prints the CPU time to the first paint (target 0.4 s) and how late a
5-ms timer in the window fires: idle, and while kernels are compiled from an empty cache and the
worker imports its libraries and generates (target: never more than 100 ms in two of three runs).
Each run is a process of its own. Needs a screen or QT_QPA_PLATFORM=offscreen.
"""

import json
import os
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
TICK_MS = 5
IDLE_S = 3.0
LONGEST_S = 120.0
AFTER_S = 3.0  # of ticking after the job has ended


def main() -> int:
    """Run and print the tables."""
    if sys.argv[1:3] == ["--child", "paint"]:  # what it needs not must not be imported
        return paint()
    import argparse
    import statistics

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--backend", default="layer_diffusion")
    parser.add_argument("--child", choices=("paint", "idle", "busy"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return ticks(options.backend, busy=options.child == "busy")
    sys.stdout.write("first paint, CPU seconds of the whole process\n")
    child("paint", options.backend)  # leaves the bytecode behind
    for run in range(options.runs):
        found = child("paint", options.backend)
        sys.stdout.write(f"  run {run + 1}: {found['cpu_s']:.2f}\n")
    sys.stdout.write("lateness of a 5-ms timer, ms\n")
    sys.stdout.write(f"  {'':8}{'ticks':>8}{'median':>8}{'p99':>8}{'max':>8}   job\n")
    for name in ("idle", "busy"):
        for _ in range(options.runs):
            found = child(name, options.backend)
            late = sorted(found["late_ms"])
            p99 = late[int(len(late) * 0.99)]
            row = f"{len(late):8}{statistics.median(late):8.1f}{p99:8.1f}{late[-1]:8.1f}"
            sys.stdout.write(f"  {name:8}{row}   {found['ended']}\n")
            sys.stdout.flush()
    return 0


def child(kind: str, backend: str) -> dict:
    """Run one measurement in a process with settings and caches of its own."""
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        places = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
        environment = {**os.environ, **{name: f"{folder}/{name}" for name in places}}
        environment["PYTHONPATH"] = str(PROJECT)
        environment["PYTHONPYCACHEPREFIX"] = f"{tempfile.gettempdir()}/acetate-bytecode"
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, __file__, "--child", kind, "--backend", backend]
        done = subprocess.run(
            command, env=environment, cwd=PROJECT, stdout=subprocess.PIPE, check=True, text=True
        )
    return json.loads(done.stdout.splitlines()[-1])


def paint() -> int:
    """Build the window as `main.py` does, and stop at its first paint."""
    from PySide6.QtCore import QEvent, QObject

    from editor.ui import window as ui

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
            if event.type() is QEvent.Type.Paint:
                found = {"cpu_s": time.process_time()}
                sys.stdout.write(json.dumps(found) + "\n")
                sys.stdout.flush()
                loaded = {"torch", "diffusers", "numba", "psd_tools", "superqt"} & set(sys.modules)
                if loaded:
                    sys.stderr.write(f"imported too early: {loaded}\n")
                os._exit(1 if loaded else 0)
            return False

    watch = Watch()
    shown = ui.Window.show

    def show(window: ui.Window) -> None:
        window.welcome.installEventFilter(watch)
        shown(window)

    ui.Window.show = show
    return ui.run([])


def ticks(backend: str, *, busy: bool) -> int:
    """Count how late a timer is in the window's thread, with or without a job."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from editor.ui import window as ui
    from editor.ui.theme import apply_theme, load_theme

    ui.make_lasting()
    app = QApplication([])
    apply_theme(app, load_theme("dark"))
    window = ui.Window()
    lateness, ended = Lateness(), []
    window.first_painted.connect(lateness.start)

    def stop() -> None:
        """Tell, and end at once: nobody is asked whether to save."""
        if window.generator is not None:
            window.generator.stop()
        found = {"late_ms": lateness.late[5:], "ended": ", ".join(ended) or ("not" if busy else "")}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        os._exit(0)

    def ask() -> None:
        ui.start_work(window, [], backend)
        window.prompt.field.setText("red apple")
        window.asking.ask()
        watch()

    def watch() -> None:
        if window.generation is None:
            QTimer.singleShot(20, watch)
            return
        jobs = window.generation.jobs
        jobs.job_finished.connect(lambda *_: ended.append("done"))
        jobs.job_failed.connect(lambda _job, error: ended.append(str(error)))
        for signal in (jobs.job_finished, jobs.job_failed):
            signal.connect(lambda *_: QTimer.singleShot(round(AFTER_S * 1000), stop))

    if busy:
        window.first_painted.connect(ask)
    QTimer.singleShot(round(1000 * (LONGEST_S if busy else IDLE_S)), stop)
    window.show()
    return app.exec()


class Lateness:
    """How many milliseconds after its time each tick came."""

    def __init__(self) -> None:
        """Tick not yet."""
        from PySide6.QtCore import Qt, QTimer

        self.late: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin."""
        self._last = time.perf_counter()
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now


if __name__ == "__main__":
    sys.exit(main())
