"""Sets up Acetate in .venv beside this file, then runs it, its tests or its gate.

    python3 bootstrap.py run [arguments of main.py]
    python3 bootstrap.py test [arguments of pytest]
    python3 bootstrap.py check

Standard library only. All it says goes to stderr: stdout belongs to the program it starts.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "acetate-set-up"
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
LIBRARIES = ROOT / "packaging" / "libraries.txt"
OLDEST_PYTHON = (3, 11)
USAGE = "usage: python3 bootstrap.py run [arguments] | test [arguments of pytest] | check\n"


class SetUpError(Exception):
    """Set-up could not be done; the message is one sentence for the person who started it."""


def main(arguments: list[str]) -> int:
    """Set up what is not set up, then do what was asked; returns the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        version = ".".join(str(number) for number in OLDEST_PYTHON)
        say(f"Acetate needs Python {version} or newer; this is {sys.version.split()[0]}.")
        return 2
    if not arguments or arguments[0] not in ("run", "test", "check"):
        sys.stderr.write(USAGE)
        return 2
    try:
        set_up()
    except SetUpError as error:
        say(str(error))
        return 1
    verb, rest = arguments[0], arguments[1:]
    if verb == "run":
        return replace_by([str(venv_python()), str(ROOT / "main.py"), *rest])
    environment = environment_for_tests(dict(os.environ))
    commands = [[str(venv_python()), "-m", "pytest", *rest]]
    if verb == "check":
        commands.insert(0, [str(venv_python()), "-m", "pre_commit", "run", "--all-files"])
    codes = [subprocess.call(each, cwd=ROOT, env=environment) for each in commands]
    return next((code for code in codes if code), 0)


def say(sentence: str) -> None:
    """Tell the person at the terminal, without touching stdout."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def replace_by(command: list[str]) -> int:
    """Become the command where the system can, so that signals and exit codes are its own."""
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)


def environment_for_tests(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment with the tools of .venv first and, unless said, no screen."""
    tools = str(venv_python().parent)
    path = os.pathsep.join([tools, environment.get("PATH", os.defpath)])
    screen = {"QT_QPA_PLATFORM": "offscreen", **environment}
    return {**screen, "PATH": path, "VIRTUAL_ENV": str(VENV)}


# Packages


def set_up() -> None:
    """Make .venv hold what the lock says, unless the last completed set-up still stands."""
    wanted = stamp_text()
    standing = STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""
    if standing == wanted and venv_python().exists():
        return
    install_libraries()
    uv = working_uv()
    # A folder that was moved leaves a .venv whose scripts point to the old place.
    if (standing and standing.split("\n")[0] != str(ROOT)) or not is_usable(uv):
        shutil.rmtree(VENV, ignore_errors=True)
    STAMP.unlink(missing_ok=True)
    steps = set_up_steps(uv)
    for number, (title, command) in enumerate(steps, start=1):
        say(f"[{number}/{len(steps)}] {title}")
        # The program's stdout must hold its results alone, so that installers speak on stderr.
        if subprocess.call(command, stdout=sys.stderr, cwd=ROOT):
            raise SetUpError(
                f"Set-up stopped at: {title}. Nothing is lost; run the same command again "
                "to go on from here."
            )
    STAMP.write_text(wanted, encoding="utf-8")


def set_up_steps(uv: str | None) -> list[tuple[str, list[str]]]:
    """Return what set-up does: a title and a command each."""
    install = install_command(uv)
    lock = ["--require-hashes", "--no-deps", "-r", str(LOCK)]
    project = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    torch = torch_requirement(PROJECT.read_text(encoding="utf-8"))
    steps = [
        ("Installing the libraries of requirements.lock", [*install, *lock]),
        (f"Installing {torch}", [*install, torch]),
        ("Installing Acetate itself", [*install, *project]),
    ]
    if not venv_python().exists():
        make = [uv, "venv", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        steps.insert(0, ("Making .venv", [*make, str(VENV)]))
    return steps


def install_command(uv: str | None) -> list[str]:
    """Return the installer's command up to what is to be installed."""
    python = str(venv_python())
    if uv:
        # pip compiles what it installs, uv only when told; uncompiled, every start is slower.
        start = [uv, "pip", "install", "--compile-bytecode", "--python", python]
    else:
        start = [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    # uv knows only UV_FIND_LINKS and pip only PIP_FIND_LINKS; told so, both see a local torch.
    places = find_links(dict(os.environ))
    return [*start, *(part for place in places for part in ("--find-links", place))]


def find_links(environment: dict[str, str]) -> list[str]:
    """Return the folders and pages that pip (split at spaces) and uv (at commas) are told of."""
    of_pip = environment.get("PIP_FIND_LINKS", "").split()
    of_uv = environment.get("UV_FIND_LINKS", "").split(",")
    places = (each.strip() for each in (*of_pip, *of_uv) if each.strip())
    # Installers run in the project's folder, so that a relative folder must be made whole here.
    whole = (str(Path(each).resolve()) if Path(each).is_dir() else each for each in places)
    return list(dict.fromkeys(whole))


def torch_requirement(project: str) -> str:
    """Return the pinned torch of pyproject.toml, such as torch==2.13.0; ValueError without one."""
    import tomllib  # not there in the Pythons that main() refuses by a sentence

    extras = tomllib.loads(project)["project"]["optional-dependencies"]
    pins = [each for each in extras["generator"] if each.startswith("torch==")]
    if len(pins) != 1:
        raise ValueError("pyproject.toml must pin torch at exactly one version")
    return str(pins[0])


def stamp_text() -> str:
    """Return what a completed set-up of this tree leaves in the stamp file: place and digest."""
    digest = hashlib.sha256()
    for file in (LOCK, PROJECT):
        digest.update(file.read_bytes() + b"\0")
    return f"{ROOT}\n{digest.hexdigest()}\n"


def venv_python() -> Path:
    """Return the interpreter of .venv, which may not be there yet."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def is_usable(uv: str | None) -> bool:
    """Whether .venv, if it is there, has a Python that runs and that can be installed into."""
    if not venv_python().exists():
        return False
    return runs([str(venv_python()), "-c", "pass" if uv else "import pip"])


def working_uv() -> str | None:
    """Return the path of uv where one is on PATH and runs."""
    uv = shutil.which("uv")
    return uv if uv and runs([uv, "--version"]) else None


def runs(command: list[str]) -> bool:
    """Whether the command starts and ends well; what it says is dropped."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


# System libraries


def install_libraries() -> None:
    """Install what the window needs from the system, or say the one line that does."""
    packages = missing_packages()
    if not packages:
        return
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        say(f"The window needs system libraries that are missing; Debian calls them: {names}")
        return
    line = f"apt-get install -y --no-install-recommends {names}"
    if os.geteuid() != 0:
        say(f"The window needs system libraries that are missing. Install them by:\n  sudo {line}")
        return
    say(f"Installing system libraries: {names}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], line.split()):
        if subprocess.call(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=quiet):
            say(f"That failed. The command line works without them; for the window run: {line}")
            return


def missing_packages() -> list[str]:
    """Return the Debian packages of `packaging/libraries.txt` whose library is not found."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [
        package
        for library, package in libraries(LIBRARIES.read_text(encoding="utf-8"))
        if ctypes.util.find_library(library) is None
    ]
    # Debian splits what `python3 -m venv` needs from Python; uv does without.
    if importlib.util.find_spec("ensurepip") is None and working_uv() is None:
        missing.append("python3-venv")
    return missing


def libraries(text: str) -> list[tuple[str, str]]:
    """Parse lines of `library package`; those that start with # are comments."""
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return [(library, package) for library, package in rows]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("Stopped. Run the same command again to go on from here.")
        sys.exit(1)
