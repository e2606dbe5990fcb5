import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


def test_the_first_paint_brings_no_heavy_library(tmp_path) -> None:
    script = PROJECT / "benchmarks" / "window.py"
    places = {name: str(tmp_path) for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    done = subprocess.run(
        [sys.executable, str(script), "--child", "paint"],
        env={**os.environ, **places, "PYTHONPATH": str(PROJECT)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr  # it names what was imported too early
    assert json.loads(done.stdout.splitlines()[-1])["cpu_s"] > 0
