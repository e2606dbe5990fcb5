"""The stopwatch of the tests itself: sleep counts, another program's work does not."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.generator.stopwatch import Stopwatch

BUSY = "import time\nwhile time.process_time() < 0.4: pass"


def test_what_is_slept_counts() -> None:
    with Stopwatch(lambda: None) as watch:
        time.sleep(0.3)
    assert watch.seconds > 0.25


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="Linux counts what waits")
def test_of_a_busy_machine_only_the_own_work_counts() -> None:
    """Two that share one processor take twice as long as each alone; the watch shows the one."""
    core = str(min(os.sched_getaffinity(0)))
    one_core = ["taskset", "-c", core, sys.executable, "-c", BUSY]
    other = subprocess.Popen(one_core)
    process = subprocess.Popen(one_core)
    began = time.monotonic()
    with Stopwatch(lambda: process.pid) as watch:
        process.wait()
    wall = time.monotonic() - began
    other.wait()
    assert watch.seconds > 0.3
    assert watch.seconds < wall - 0.1
