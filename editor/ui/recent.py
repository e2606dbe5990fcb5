"""The files that were opened last, kept in the user's settings folder."""

import json
import logging
from pathlib import Path

from editor.paths import settings_file
from editor.settings import keep_text

log = logging.getLogger(__name__)

KEPT = 8
MOST = 100


class Recent:
    """Newest first; a list that cannot be read or written is no reason to stop anything."""

    def __init__(self, file: Path | None = None) -> None:
        """Read the list."""
        self._file = file or settings_file().with_name("recent.json")
        self._kept = KEPT
        self.paths: list[Path] = []
        try:
            names = json.loads(self._file.read_text(encoding="utf-8"))
            self.paths = [Path(name) for name in names if isinstance(name, str)][:MOST]
        except FileNotFoundError:
            log.debug("no recent files yet")
        except (OSError, ValueError, TypeError) as error:
            log.warning("the list of recent files cannot be read: %s", error)

    def add(self, path: Path) -> None:
        """Put a file first and keep the list."""
        path = path.absolute()
        self.paths = [path, *(each for each in self.paths if each != path)][: self._kept]
        self._write()

    def keep(self, count: int) -> None:
        """Keep so many from now on; a shorter list is written with the next file."""
        self._kept = count
        self.paths = self.paths[:count]

    def clear(self) -> None:
        """Forget all of them."""
        self.paths = []
        self._write()

    def _write(self) -> None:
        try:
            keep_text(self._file, json.dumps([str(each) for each in self.paths]))
        except OSError as error:
            log.warning("the list of recent files cannot be kept: %s", error)
