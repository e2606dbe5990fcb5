import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("Xvfb", "openbox", "xdotool", "import")
LONGEST_S = 560  # on a machine that does much else; alone a day is over in less than two minutes

pytestmark = [
    pytest.mark.timeout(LONGEST_S + 20),
    pytest.mark.skipif(
        any(shutil.which(name) is None for name in NEEDED), reason=f"needs {', '.join(NEEDED)}"
    ),
]


def done(name: str) -> str:
    """Run a journey on a screen of its own; returns what it has seen."""
    command = [sys.executable, str(Path(__file__).with_name(name))]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_a_day_of_work() -> None:
    seen = done("day.py")
    assert "exact to the last byte: copied and pasted, 2 kinds" in seen
    assert "exact to the last byte: dragged out, 3 kinds" in seen
    assert "undone and done again is the same" in seen
    assert "a PSD with" in seen


def test_a_thing_into_a_box_and_refreshed() -> None:
    assert "seen: nothing is stale" in done("desktop_box.py")
