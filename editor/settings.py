"""What a user has set for good, in one small file; and what the environment sets for one run.

A file that cannot be understood is put aside, never overwritten. Knows nothing of widgets.
"""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

THEMES = ("system", "dark", "light")
CHECKERS = ("light", "grey", "dark")
DEVICES = ("auto", "cuda", "xpu", "mps", "cpu")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": THEMES,
    "checkers": CHECKERS,
    "device": DEVICES,
}
LIMITS: Mapping[str, tuple[int, int]] = {  # least and most of each number
    "checker_side": (4, 64),
    "grid_percent": (200, 6400),
    "undo_mb": (64, 64000),
    "recent_files": (0, 30),
}
MODELS_VARIABLE = "ACETATE_MODELS"  # what the generator asks for its folder


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; the defaults are what a first start has."""

    theme: str = "system"
    checkers: str = "light"
    checker_side: int = 10  # device-independent pixels
    grid_percent: int = 800  # zoom from which each pixel is framed
    undo_mb: int = 1000  # megabytes of memory, for the steps of one document
    recent_files: int = 8
    keymap: str = "photoshop"  # a file of `resources/keymaps/` or of the user's own
    models_folder: str = ""  # "" is the program's own
    device: str = "auto"  # what layers are made on


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """What a file said; `unknown` is kept for the version of the program that wrote it."""

    settings: Settings = Settings()
    unknown: Mapping[str, object] = field(default_factory=dict)
    warning: str = ""  # one sentence, "" where all was well
    damaged: bool = False  # the file says nothing that could be kept


def load_settings(file: Path) -> LoadedSettings:
    """Read settings; what cannot be understood has its default, and a sentence says so."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return LoadedSettings()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is damaged"
        return LoadedSettings(warning=_unread(file, reason or "unknown reason"), damaged=True)
    if not isinstance(found, dict):
        return LoadedSettings(warning=_unread(file, "it is damaged"), damaged=True)
    known = {each.name for each in fields(Settings)}
    good = {name: value for name, value in found.items() if _is_good(name, value)}
    bad = sorted(name for name in found if name in known and name not in good)
    names = ", ".join(bad)
    warning = f"Settings that were not understood have their defaults: {names}." if bad else ""
    unknown = {name: value for name, value in found.items() if name not in known}
    return LoadedSettings(Settings(**good), unknown, warning)


def save_settings(file: Path, settings: Settings, unknown: Mapping[str, object]) -> None:
    """Replace the file in one step; raises OSError, after which it is as it was."""
    keep_text(file, json.dumps({**unknown, **asdict(settings)}, indent=1) + "\n")


def put_aside(file: Path) -> Path:
    """Rename a damaged file, so that what is written next does not take its place."""
    aside = file.with_name(f"{file.stem}.damaged-{time.strftime('%Y%m%d-%H%M%S')}{file.suffix}")
    return file.replace(aside)


def keep_text(file: Path, text: str) -> None:
    """Write a small file of the user's, whole or not at all; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def backend_name() -> str:
    """Return which engine makes layers: the real one, unless `ACETATE_BACKEND` names another.

    Tests name `fake`, so that they run without weights.
    """
    return os.environ.get("ACETATE_BACKEND", "layer_diffusion")


def _is_good(name: str, value: object) -> bool:
    """Whether a value of a file can be what that setting is."""
    if name in CHOICES:
        return value in CHOICES[name]
    if name in LIMITS:
        least, most = LIMITS[name]
        return type(value) is int and least <= value <= most
    return name in ("keymap", "models_folder") and isinstance(value, str)


def _unread(file: Path, why: str) -> str:
    return f"The settings in {file} were not read ({why}); the defaults are used."
