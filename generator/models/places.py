"""Where models lie on this machine and which hub they come from, by environment. Reads no files."""

import os
from pathlib import Path

from platformdirs import user_data_path

HUB = "https://huggingface.co"
YES = frozenset({"1", "true", "yes", "on"})


def own_folder() -> Path:
    """Return the user's folder of models, which may not be there; `ACETATE_MODELS` names it."""
    override = os.environ.get("ACETATE_MODELS")
    return Path(override).resolve() if override else user_data_path("acetate", False) / "models"


def shipped_folder() -> Path:
    """Return the folder of the models that come with the program."""
    return Path(__file__).resolve().parents[2] / "resources" / "models"


def hub_cache() -> Path:
    """Return the cache that the hub's own library fills, by the variables it obeys."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(variable):
            return Path(os.environ[variable]).expanduser()
    if os.environ.get("HF_HOME"):
        return Path(os.environ["HF_HOME"]).expanduser() / "hub"
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "huggingface" / "hub"


def named_folders() -> tuple[Path, ...]:
    """Return the folders of other tools that `ACETATE_MODEL_FOLDERS` lists, as PATH does."""
    listed = os.environ.get("ACETATE_MODEL_FOLDERS", "").split(os.pathsep)
    return tuple(Path(each).expanduser() for each in listed if each)


def endpoint() -> str:
    """Return the hub's address without a slash at its end; `HF_ENDPOINT` names a mirror."""
    return (os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")


def hub_token() -> str | None:
    """Return the user's token, which is sent to the hub alone and never written anywhere."""
    return os.environ.get("HF_TOKEN", "").strip() or None


def is_offline_by_environment() -> bool:
    """Say whether `HF_HUB_OFFLINE` forbids every connection."""
    return os.environ.get("HF_HUB_OFFLINE", "").strip().lower() in YES
