"""The files that were opened last, kept in the user's settings folder."""

import json
import logging
from pathlib import Path

from editor.paths import settings_file

log = logging.getLogger(__name__)

KEPT = 8


class Recent:
    """Newest first; a list that cannot be read or written is no reason to stop anything."""

    def __init__(self, file: Path | None = None) -> None:
        """Read the list."""
        self._file = file or settings_file().with_name("recent.json")
        self.paths: list[Path] = []
        try:
            names = json.loads(self._file.read_text(encoding="utf-8"))
            self.paths = [Path(name) for name in names if isinstance(name, str)][:KEPT]
        except FileNotFoundError:
            log.debug("no recent files yet")
        except (OSError, ValueError, TypeError) as error:
            log.warning("the list of recent files cannot be read: %s", error)

    def add(self, path: Path) -> None:
        """Put a file first and keep the list."""
        path = path.absolute()
        self.paths = [path, *(each for each in self.paths if each != path)][:KEPT]
        part = self._file.with_suffix(".part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps([str(each) for each in self.paths]), encoding="utf-8")
            part.replace(self._file)
        except OSError as error:
            log.warning("the list of recent files cannot be kept: %s", error)
