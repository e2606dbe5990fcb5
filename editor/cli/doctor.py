"""`doctor`: looks at this machine and says what works, so that a report of trouble can be read."""

import argparse
import ctypes.util
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from editor.cli.output import NotDoneError, answer, answer_json
from editor.paths import PROGRAM, cache_folder, log_folder, settings_file
from editor.settings import backend_name
from generator.client import GeneratorClient
from generator.models.published import FAMILIES
from generator.models.store import models
from generator.request import GenerationError

EDITOR = ("PySide6-Essentials", "numpy", "numba", "pillow", "psd-tools", "isal", "msgspec")
GENERATOR = ("torch", "diffusers", "transformers", "safetensors", "tokenizers")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, whether it is as it should be, and what it is."""

    name: str
    is_well: bool
    words: str


def run(options: argparse.Namespace) -> None:
    """Say what was found; raises `NotDoneError` when something that Acetate needs is not there."""
    findings = tuple(_findings())
    if options.json:
        answer_json({"findings": [asdict(each) for each in findings]})
    else:
        marks = {True: "ok     ", False: "missing"}
        answer(f"{marks[each.is_well]} {each.name}: {each.words}" for each in findings)
    missing = [each.name for each in findings if not each.is_well]
    if missing:
        raise NotDoneError(f"Not all is well: {', '.join(missing)}.")


def _findings() -> Iterator[Finding]:
    yield Finding("system", True, f"{platform.platform()}, {os.cpu_count()} cores")
    yield Finding("Python", True, f"{platform.python_version()} at {sys.executable}")
    yield _libraries("editor", EDITOR)
    yield _libraries("generator", GENERATOR)
    if sys.platform.startswith("linux"):
        yield _system_libraries()
    for name, folder in (
        ("settings", settings_file().parent),
        ("cache", cache_folder()),
        ("log", log_folder()),
    ):
        yield Finding(f"{name} folder", _is_writable(folder), str(folder))
    for model in models():
        if model.is_installed or model.name not in FAMILIES:
            state = "installed" if model.is_installed else "not installed completely"
            yield Finding(f"model {model.name}", model.is_installed, f"{state} in {model.folder}")
    yield _worker()


def _libraries(name: str, packages: tuple[str, ...]) -> Finding:
    found, missing = [], []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        return Finding(f"{name} libraries", False, f"not installed: {', '.join(missing)}")
    return Finding(f"{name} libraries", True, ", ".join(found))


def _system_libraries() -> Finding:
    listed = (PROGRAM / "packaging" / "libraries.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in listed if line and not line.startswith("#")]
    missing = [package for library, package in rows if ctypes.util.find_library(library) is None]
    words = f"install {' '.join(missing)}" if missing else "all that the window needs"
    return Finding("system libraries", not missing, words)


def _is_writable(folder: Path) -> bool:
    """Whether the folder, or the nearest one above that exists, can be written to."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return there.is_dir() and os.access(there, os.W_OK)


def _worker() -> Finding:
    try:
        with GeneratorClient(backend_name()) as client:
            return Finding("generator", True, client.describe())
    except GenerationError as error:
        return Finding("generator", False, str(error))
