"""A thing into a composition, on a real screen: `python tests/journeys/desktop_box.py`.

Chooses a model, draws a box, a prompt, generates, queues and cancels, by xdotool alone; then paints
on what it was made from, sees that it is stale, and refreshes. Drawn shapes stand in for the model.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from desktop import Desktop
from pictures import make_beach

STUDIO = {
    "name": "studio", "title": "Studio", "family": "sdxl", "native_size": [512, 512], "steps": 20,
    "guidance": 7.0, "hash": "studio", "files": {}, "tasks": ["layer", "foreground"],
}  # fmt: skip
CANCEL_S = 1.0


def main() -> int:
    """Drive, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shots", type=Path, help="a folder for pictures of the screen")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desktop-")))
        models = folder / "models" / "studio"
        models.mkdir(parents=True)
        (models / "model.json").write_text(json.dumps(STUDIO))
        os.environ["ACETATE_MODELS"] = str(models.parent)
        photo = folder / "photo.png"
        make_beach(photo)
        drive(Desktop(stack, folder, files=(photo,), shots=options.shots))
    return 0


def drive(desktop: Desktop) -> None:
    """The road itself."""
    see = desktop.wait
    see("the photo is open", lambda state: state["layers"] == ["photo"])
    see("the models are known", lambda state: state["model"] == "Pocket: ready")
    desktop.click(desktop.part("model"))
    desktop.key("Down", "Down", "Return")
    see("another model is chosen", lambda state: state["model"] == "Studio: ready")

    x, y = desktop.part("canvas")
    desktop.come_back()
    desktop.key("m")
    desktop.drag((x - 40, y - 120), (x + 160, y + 60))
    see("a box is drawn", lambda state: state["history"][-1] == "Select")
    desktop.click(desktop.part("prompt"))
    desktop.type("slow green ball")
    desktop.click(desktop.part("foreground"))
    desktop.key("Return")
    see("the job is shown", lambda state: state["jobs"] == 1)
    desktop.shot("box_running")
    see("the ball is there", lambda state: state["layers"] == ["slow green ball", "photo"])

    desktop.key("ctrl+a")
    desktop.type("slow one")
    desktop.key("Return")
    desktop.key("ctrl+shift+Return")
    see("two jobs are queued", lambda state: state["jobs"] == 2)
    desktop.key("Escape")
    began = time.monotonic()
    desktop.key("Escape")
    see("one was cancelled", lambda state: state["jobs"] == 1)
    took = time.monotonic() - began
    assert took < CANCEL_S, took
    sys.stdout.write(f"cancelled in {took:.2f} s\n")
    see("the other is done", lambda state: state["jobs"] == 0)
    assert len(desktop.state()["layers"]) == 3

    desktop.click(desktop.row("photo"))
    desktop.key("b")
    desktop.drag((x - 30, y - 20), (x + 150, y - 10))
    see("its background has changed", lambda state: len(state["stale"]) == 2)
    desktop.shot("box_stale")
    desktop.click(desktop.row("slow green ball"))
    desktop.click(desktop.part("refresh"))
    see("all is up to date in one step", lambda state: state["history"][-1] == "Refresh")
    see("nothing is stale", lambda state: state["stale"] == [])
    desktop.shot("box_refreshed")


if __name__ == "__main__":
    sys.exit(main())
