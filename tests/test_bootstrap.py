"""Set-up in copies of the real files, with a small installer of its own on PATH in place of uv."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(bootstrap.__file__).parent

# Makes a real virtual environment (without pip), notes each call, and fails at what FAIL_AT names.
INSTALLER = """
import os, subprocess, sys
arguments = sys.argv[1:]
with open(os.environ["CALLS"], "a") as calls:
    calls.write(" ".join(arguments) + "\\n")
print("installer speaks")
if arguments[0] == "venv":
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", arguments[-1]], check=True)
sys.exit(1 if os.environ.get("FAIL_AT", "nothing") in arguments else 0)
"""

PROGRAM = """
import json, os, sys
print(json.dumps([sys.argv[1:], os.getcwd(), sys.prefix]))
sys.exit(3)
"""


class Place:
    """A project in a folder whose name has spaces, and the folder a user stands in."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "my own acetate"
        self.elsewhere = folder / "some where"
        self.calls = folder / "calls.txt"
        (self.root / "packaging").mkdir(parents=True)
        self.elsewhere.mkdir()
        for name in ("bootstrap.py", "pyproject.toml", "requirements.lock"):
            shutil.copy(ROOT / name, self.root / name)
        (self.root / "packaging" / "libraries.txt").write_text("# none\n")
        (self.root / "main.py").write_text(PROGRAM)
        tools = folder / "tools"
        tools.mkdir()
        (tools / "installer.py").write_text(INSTALLER)
        installer = tools / "uv"
        # A first line cannot name a Python whose path has spaces.
        installer.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tools}/installer.py" "$@"\n')
        installer.chmod(0o755)
        self.path = f"{tools}{os.pathsep}{os.environ['PATH']}"

    def start(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        # Were the stand-in not found, pip must not go and fetch anything.
        own = {"PATH": self.path, "CALLS": str(self.calls), "PIP_NO_INDEX": "1"}
        return subprocess.run(
            [sys.executable, str(self.root / "bootstrap.py"), *arguments],
            cwd=self.elsewhere,
            env={**os.environ, **own, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def calls_made(self) -> list[str]:
        """Return the installer's calls since the last question, without the look at its version."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return [line for line in lines if line != "--version"]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    if os.name != "posix":
        pytest.skip("the stand-in installer is a script with a first line that names its Python")
    return Place(tmp_path)


def test_run_sets_up_and_hands_over_arguments_folder_and_exit_code(place: Place) -> None:
    done = place.start("run", "generate", "red apple", "-o", "a b.psd")
    assert done.returncode == 3
    expected = [["generate", "red apple", "-o", "a b.psd"], str(place.elsewhere)]
    arguments, folder, prefix = json.loads(done.stdout)
    assert [arguments, folder] == expected
    assert Path(prefix) == place.root / ".venv"
    assert "installer speaks" in done.stderr
    assert "[1/4] Making .venv" in done.stderr
    calls = place.calls_made()
    assert [call.split()[0] for call in calls] == ["venv", "pip", "pip", "pip"]
    assert "--require-hashes --no-deps -r" in calls[1]
    assert calls[2].endswith(bootstrap.torch_requirement((ROOT / "pyproject.toml").read_text()))
    assert calls[3].endswith(f"--no-deps --no-build-isolation -e {place.root}")


def test_a_second_run_installs_nothing_and_says_nothing(place: Place) -> None:
    place.start("run")
    place.calls_made()
    done = place.start("run")
    assert done.returncode == 3
    assert done.stderr == ""
    assert place.calls_made() == []


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_file_is_installed_again_in_the_same_environment(place: Place, name: str) -> None:
    place.start("run")
    place.calls_made()
    with (place.root / name).open("a") as file:
        file.write("\n# changed\n")
    assert place.start("run").returncode == 3
    assert [call.split()[0] for call in place.calls_made()] == ["pip", "pip", "pip"]


def test_a_set_up_that_failed_says_so_and_goes_on_where_it_stopped(place: Place) -> None:
    torch = bootstrap.torch_requirement((ROOT / "pyproject.toml").read_text())
    failed = place.start("run", FAIL_AT=torch)
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert f"Set-up stopped at: Installing {torch}" in failed.stderr
    place.calls_made()
    assert place.start("run").returncode == 3
    assert [call.split()[0] for call in place.calls_made()] == ["pip", "pip", "pip"]


def test_an_environment_cut_short_is_made_anew(place: Place) -> None:
    half = place.root / ".venv" / "bin"
    half.mkdir(parents=True)
    (half / "python").write_text("")
    assert place.start("run").returncode == 3
    assert place.calls_made()[0].startswith("venv")


def test_an_environment_that_moved_with_its_folder_is_made_anew(place: Place) -> None:
    place.start("run")
    place.root = place.root.rename(place.root.with_name("moved"))
    place.calls_made()
    assert place.start("run").returncode == 3
    assert place.calls_made()[0].startswith("venv")


def test_find_links_of_pip_and_uv_reach_the_installer(place: Place) -> None:
    (place.elsewhere / "wheels").mkdir()
    place.start("run", PIP_FIND_LINKS="wheels", UV_FIND_LINKS="/no/such,/other")
    wheels = place.elsewhere / "wheels"
    wanted = f"--find-links {wheels} --find-links /no/such --find-links /other"
    assert all(wanted in call for call in place.calls_made()[1:])


def test_test_runs_the_pytest_of_the_environment_in_the_project(place: Place) -> None:
    place.start("run")
    fake_pytest = next((place.root / ".venv" / "lib").glob("python*")) / "site-packages/pytest.py"
    fake_pytest.write_text("import os, sys\nprint(os.getcwd(), os.environ['QT_QPA_PLATFORM'])\n")
    assert place.start("test", QT_QPA_PLATFORM="xcb").stdout == f"{place.root} xcb\n"


@pytest.mark.parametrize("arguments", [[], ["install"]])
def test_a_wrong_call_gets_the_usage_and_touches_nothing(
    place: Place, arguments: list[str]
) -> None:
    done = place.start(*arguments)
    assert done.returncode == 2
    assert done.stderr == bootstrap.USAGE
    assert not (place.root / ".venv").exists()


def test_tests_have_no_screen_unless_one_is_asked_for() -> None:
    assert bootstrap.environment_for_tests({})["QT_QPA_PLATFORM"] == "offscreen"
    assert bootstrap.environment_for_tests({"QT_QPA_PLATFORM": "xcb"})["QT_QPA_PLATFORM"] == "xcb"


def test_without_uv_pip_of_the_environment_installs() -> None:
    steps = [command for _, command in bootstrap.set_up_steps(None)]
    assert all(step[1:4] == ["-m", "pip", "install"] for step in steps[-3:])


def test_the_lock_has_a_hash_for_each_pin_and_no_torch() -> None:
    text = bootstrap.LOCK.read_text()
    rows = text.replace("\\\n", "").splitlines()
    pins = [row for row in rows if row and not row.startswith("#")]
    assert len(pins) > 50
    assert all("==" in row and "--hash=sha256:" in row for row in pins)
    assert not any(row.startswith(("torch==", "nvidia-")) for row in pins)


def test_the_lock_holds_every_direct_dependency() -> None:
    project = tomllib.loads(bootstrap.PROJECT.read_text())["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *extras["generator"], *extras["dev"]]
    names = {re.split(r"[=<>\[]", each)[0].lower() for each in named} - {"torch"}
    locked = {row.split("==")[0] for row in bootstrap.LOCK.read_text().splitlines() if "==" in row}
    assert names <= locked


def test_two_pins_of_torch_or_none_are_refused() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        bootstrap.torch_requirement("[project.optional-dependencies]\ngenerator = ['torch>=2']")


def test_missing_libraries_are_named_by_their_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "libraries.txt"
    listed.write_text("# comment\nc libc6\nno-such-library-at-all libnone1\n")
    monkeypatch.setattr(bootstrap, "LIBRARIES", listed)
    monkeypatch.setattr(sys, "platform", "linux")
    assert bootstrap.missing_packages() == ["libnone1"]
