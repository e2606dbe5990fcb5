"""Where things lie: what ships with the program, and what it keeps for the user on this machine."""

from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_log_path

PROGRAM = Path(__file__).resolve().parents[1]
RESOURCES = PROGRAM / "resources"


def settings_file() -> Path:
    """Return the file of the user's settings, which may not be there yet."""
    return user_config_path("acetate", appauthor=False) / "settings.json"


def cache_folder() -> Path:
    """Return the folder of what can be made again, such as compiled kernels."""
    return user_cache_path("acetate", appauthor=False)


def log_folder() -> Path:
    """Return the folder of logs."""
    return user_log_path("acetate", appauthor=False)
