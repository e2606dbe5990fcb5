"""A few hundred random events; `monkey.py` itself does tens of thousands."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("options", [("--seed", "1"), ("--seed", "4", "--reference")])
def test_random_events_break_nothing(options: tuple[str, ...]) -> None:
    """Once with the kernels that the machine has compiled, and once by the formulas alone."""
    script = Path(__file__).with_name("monkey.py")
    command = [sys.executable, str(script), *options, "--events", "200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing wrong" in done.stdout
