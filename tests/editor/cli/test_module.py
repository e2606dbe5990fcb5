"""A module is run as a process of its own: what it says and how it ends are the verb's."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from editor.cli import module
from editor.cli.module import run_module
from editor.cli.output import NotDoneError
from editor.paths import PROGRAM

CHILD = """
import sys, time
try:
    sys.stdout.write("begun\\n")
    sys.stdout.flush()
    time.sleep(60)
except KeyboardInterrupt:
    sys.stdout.write("stopped in order\\n")
    raise SystemExit(7)
"""


@pytest.fixture
def wide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which modules are found."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def test_arguments_output_and_exit_code_are_handed_through(
    wide: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (wide / "drawn.py").write_text(
        "import sys; print(sys.argv[1:]); print('no', file=sys.stderr); sys.exit(int(sys.argv[1]))"
    )
    assert run_module("drawn", ["3", "--x"]) == 3
    out, err = capfd.readouterr()
    assert (out.strip(), err.strip()) == ("['3', '--x']", "no")
    assert run_module("drawn", ["0"]) == 0


@pytest.mark.skipif(os.name != "posix", reason="a process is not interrupted in this way elsewhere")
def test_an_interruption_is_handed_on_and_waited_for(wide: Path) -> None:
    (wide / "slow.py").write_text(CHILD)
    caller = f"import sys; sys.path.insert(0, {str(PROGRAM)!r}); " + (
        "from editor.cli.module import run_module; sys.exit(run_module('slow', []))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", caller], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "stopped in order\n"
        assert process.wait(20) == 7


@pytest.mark.skipif(os.name != "posix", reason="no signals of this kind elsewhere")
def test_an_end_by_a_signal_is_told_as_shells_do(wide: Path) -> None:
    (wide / "killed.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    before = signal.getsignal(signal.SIGINT)
    assert run_module("killed", []) == 128 + signal.SIGKILL
    assert signal.getsignal(signal.SIGINT) is before


def test_a_bundled_program_says_that_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "frozen", True, raising=False)
    with pytest.raises(NotDoneError, match="from the source"):
        run_module("anything", [])
