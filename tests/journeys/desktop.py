"""A real screen with the window on it and another program beside it, driven by xdotool alone.

Needs Xvfb, openbox, xdotool, and ImageMagick's import for pictures. The window writes where its
parts are to a file (see probe.py); nothing else is told apart.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
SCREEN = "1960x1040x24"
WAIT_S = 90.0
SETTLED_S = 0.14  # twice as long as the window takes to write again
SHOT_WIDTH = 1280
KEEPER = """<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard/><mouse>
<context name="Client"><mousebind button="Left" action="Press">
<action name="Focus"/><action name="Raise"/></mousebind></context>
</mouse></openbox_config>
"""  # the window manager takes no key and no Alt-click for itself
State = dict[str, Any]
Place = tuple[int, int]


class Desktop:
    """The screen; `state` is what the window last wrote of itself."""

    def __init__(
        self,
        stack: ExitStack,
        folder: Path,
        *,
        files: tuple[Path, ...] = (),
        peer: tuple[Path, ...] = (),
        backend: str = "fake",
        shots: Path | None = None,
    ) -> None:
        """Start everything; all of it ends with the stack. `peer` is what the other program has."""
        self.folder = folder
        self.shots = shots
        self._state = folder / "state.json"
        self._peer = folder / "peer.json"
        display = stack.enter_context(screen())
        self._environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
            "ACETATE_BACKEND": backend,
        }
        keeper = folder / "openbox.xml"
        keeper.write_text(KEEPER)
        command = ["openbox", "--config-file", str(keeper)]
        stack.enter_context(running(command, self._environment))
        here = Path(__file__).parent
        child = [here / "probe.py", self._state, *files]
        stack.enter_context(running(python(child), self._environment))
        if peer:
            child = [here / "peer.py", self._peer, *peer]
            stack.enter_context(running(python(child), self._environment))

    # What is seen

    def state(self) -> State:
        """What the window last wrote of itself; nothing yet in the first moments."""
        try:
            found: State = json.loads(self._state.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {"layers": [], "jobs": 0, "history": [""], "tool": "", "cursor": 0, "model": "",
                    "stale": [], "digest": "", "dialog": None, "of": {}, "finder": ""}  # fmt: skip
        return found

    def wait(self, what: str, is_so: Callable[[State], object], within: float = WAIT_S) -> State:
        """Wait until the window's state is so; returns it."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            state = self.state()
            if is_so(state):
                sys.stdout.write(f"seen: {what}\n")
                sys.stdout.flush()
                return state
            time.sleep(0.04)
        raise AssertionError(f"not seen: {what}; {self.state()}")

    def part(self, name: str) -> Place:
        """The middle of a part of the window."""
        self.settle()
        x, y = self.state()["parts"][name]
        return x, y

    def button(self, name: str) -> Place:
        """The middle of a button, by its action's id or its words."""
        self.settle()
        x, y = self.state()["buttons"][name]
        return x, y

    def in_dialog(self, name: str) -> Place:
        """The middle of a field or button of the dialog in front."""
        found = self.wait(
            f"“{name}” is asked for", lambda state: name in (state["dialog"] or {}).get("parts", {})
        )
        x, y = found["dialog"]["parts"][name]
        return x, y

    def row(self, name: str, part: str = "name") -> Place:
        """The middle of a part of a layer's row, once it is in the list."""
        self.settle()
        found = self.wait(f"“{name}” has a row", lambda state: part in state["rows"].get(name, {}))
        x, y = found["rows"][name][part]
        return x, y

    def settle(self) -> None:
        """Wait until nothing moves any more: what was read last is where it was laid out."""
        before: State = {}
        while (found := self.state()) != before:
            before = found
            time.sleep(SETTLED_S)

    def at(self, x: float, y: float) -> Place:
        """Where a place of the document is on the screen."""
        zoom, left, top = self.state()["view"]
        return round(left + x * zoom), round(top + y * zoom)

    # What the other program says

    def peer(self, name: str) -> Place:
        """The middle of a part of the other program."""
        until = time.monotonic() + WAIT_S
        while not self._peer.exists() and time.monotonic() < until:
            time.sleep(0.1)
        found = json.loads(self._peer.read_text())
        x, y = found.get(f"{name}_part", found[name])
        return x, y

    def got(self, count: int) -> State:
        """What came to the other program the n-th time."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            found: State = json.loads(self._peer.read_text())
            if found["count"] >= count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"the other program got nothing: {found}")

    # What is done

    def click(self, place: Place, *, held: str = "", button: int = 1, times: int = 1) -> None:
        """Click there, with keys held."""
        x, y = map(str, place)
        more = ("--repeat", str(times), "--delay", "40") if times > 1 else ()
        clicked = ("mousemove", x, y, "sleep", "0.03", "click", *more, str(button))
        self._do(*_held(held, clicked), "sleep", "0.08")

    def come_back(self) -> None:
        """Give the window the keyboard again, by a click beside its menus."""
        x, y, width, _height = self.state()["frame"]
        self.click((x + width // 2, y + 10))

    def type(self, text: str) -> None:
        """Type."""
        self._do("type", "--delay", "18", text)

    def key(self, *names: str) -> None:
        """Press keys, one after the other."""
        self._do("key", "--delay", "40", *names, "sleep", "0.08")

    def wheel(self, place: Place, *, up: bool, times: int = 1, held: str = "") -> None:
        """Turn the wheel there."""
        turned = ("click", "--repeat", str(times), "--delay", "40", "4" if up else "5")
        self._do("mousemove", str(place[0]), str(place[1]), *_held(held, turned), "sleep", "0.08")

    def trace(self, *places: Place, held: str = "") -> None:
        """Press at the first place, move along the others, release."""
        moves: list[str] = []
        for place in places:
            moves += ["mousemove", str(place[0]), str(place[1]), "sleep", "0.04"]
        first, rest = moves[:5], moves[5:]
        self._do(*_held(held, (*first, "mousedown", "1", *rest, "mouseup", "1")), "sleep", "0.06")

    def drag(self, start: Place, end: Place, *, held: str = "", slowly: bool = False) -> None:
        """Press, move in small steps past the drag distance, then on to the end, release."""
        places = [(start[0] + 3 * step, start[1] + step) for step in range(1, 7)]
        places += [
            (start[0] + (end[0] - start[0]) * step // 8, start[1] + (end[1] - start[1]) * step // 8)
            for step in range(1, 9)
        ]
        pause = "0.07" if slowly else "0.025"
        moves: list[str] = []
        for x, y in (*places, (end[0] + 1, end[1]), end):
            moves += ["mousemove", str(x), str(y), "sleep", pause]
        pressed = ("mousemove", str(start[0]), str(start[1]), "sleep", "0.06", "mousedown", "1")
        after = ("sleep", "0.25" if slowly else "0.05", "mouseup", "1")
        self._do(*_held(held, (*pressed, "sleep", "0.05", *moves, *after)), "sleep", "0.08")

    def shot(self, name: str, *, both: bool = False) -> None:
        """Keep a picture of the window, or of both programs."""
        if self.shots is None:
            return
        self.shots.mkdir(parents=True, exist_ok=True)
        time.sleep(0.5)
        x, y, width, height = self.state().get("frame", (0, 0, 1600, 1000))
        cut = [] if both else ["-crop", f"{width}x{height}+{x}+{y}"]
        look = ["-resize", str(SHOT_WIDTH), "-strip", "-quality", "82"]
        path = str(self.shots / f"{name}.jpg")
        command = ["import", "-window", "root", *cut, *look, path]
        subprocess.run(command, env=self._environment, check=True)

    def _do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self._environment, check=True)


def _held(keys: str, done: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command with keys held, as "shift" or "shift+alt"."""
    down = [each for key in keys.split("+") if key for each in ("keydown", key)]
    up = [each for key in reversed(keys.split("+")) if key for each in ("keyup", key)]
    return (*down, *done, *up)


class Hand:
    """Does one thing, and sees that it became a step of history."""

    def __init__(self, desktop: Desktop) -> None:
        """Act on a screen."""
        self.desktop = desktop

    def take(self, key: str, tool: str) -> "Hand":
        """Take a tool by its key."""
        self.desktop.key(key)
        self.desktop.wait(f"{tool} is in hand", lambda state: state["tool"] == tool)
        return self

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """See that what is done in the block is one step of that name, or more steps ending so."""
        before = self.desktop.state()["cursor"]
        yield
        self.desktop.wait(
            f"“{label}” is a step",
            lambda state: state["cursor"] > before and state["history"][-1] == label,
            20,
        )

    def drag(self, start: Place, end: Place, label: str, held: str = "") -> None:
        """Drag, with keys held."""
        with self.step(label):
            self.desktop.drag(start, end, held=held)

    def trace(self, label: str, *places: Place) -> None:
        """Press, move along and release."""
        with self.step(label):
            self.desktop.trace(*places)

    def click(self, at: Place, label: str, held: str = "") -> None:
        """Click, with keys held."""
        with self.step(label):
            self.desktop.click(at, held=held)

    def key(self, keys: str, label: str) -> None:
        """Press keys."""
        with self.step(label):
            self.desktop.key(keys)

    def undo(self) -> None:
        """Undo one step."""
        before = self.desktop.state()["cursor"]
        self.desktop.key("ctrl+z")
        self.desktop.wait("it is undone", lambda state: state["cursor"] == before - 1)

    def command(self, words: str, action: str, label: str = "") -> None:
        """Find a command by some of its letters and do it; `label` is the step it becomes."""
        self.desktop.key("ctrl+f")
        self.desktop.wait("a command is asked for", lambda state: state["finder"])
        self.desktop.type(words)
        self.desktop.wait(f"{action} is found", lambda state: state["finder"] == action)
        if label:
            self.key("Return", label)
        else:
            self.desktop.key("Return")


@contextmanager
def screen() -> Iterator[str]:
    """A virtual screen; yields its name."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as file:
            yield f":{file.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    """A program that is ended with the block."""
    process = subprocess.Popen(command, env=environment, cwd=PROJECT)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def python(script: list[Path]) -> list[str]:
    """Return the command that runs a script with its arguments."""
    return [sys.executable, *map(str, script)]
