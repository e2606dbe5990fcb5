"""A few hundred random events; `monkey.py` itself does tens of thousands."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("seed", [1, 4])
def test_random_events_break_nothing(seed: int) -> None:
    script = Path(__file__).with_name("monkey.py")
    command = [sys.executable, str(script), "--seed", str(seed), "--events", "200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing wrong" in done.stdout
