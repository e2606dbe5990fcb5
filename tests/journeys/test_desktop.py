import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("Xvfb", "openbox", "xdotool", "import")


pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in NEEDED), reason=f"needs {', '.join(NEEDED)}"
)


def test_a_real_window_driven_by_hand() -> None:
    script = Path(__file__).with_name("desktop.py")
    command = [sys.executable, str(script), "--backend", "fake", "--prompt", "slow apple"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exported a PSD with the layers photo, slow apple" in done.stdout


def test_a_thing_into_a_box_and_refreshed() -> None:
    script = Path(__file__).with_name("desktop_box.py")
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seen: nothing is stale" in done.stdout


def test_every_tool_once_and_all_undone_and_redone() -> None:
    script = Path(__file__).with_name("desktop_tools.py")
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seen: all is as it was" in done.stdout


def test_a_picture_given_and_taken_between_two_programs() -> None:
    script = Path(__file__).with_name("desktop_exchange.py")
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exact to the last byte: copied and pasted, 2 kinds" in done.stdout
    assert "exact to the last byte: dragged out, 3 kinds" in done.stdout
