"""Which keys each action has: whole files, chosen one at a time and never merged.

The program's own lie in `resources/keymaps/` and are not written to; the user's lie beside the
settings. A file that cannot be understood is refused whole, in one sentence.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from editor.settings import keep_text
from editor.ui.theme import RESOURCES

DEFAULT = "photoshop"
SHIPPED = RESOURCES / "keymaps"
OWN = "my-keys"  # what the first change of a shipped keymap makes
MOST_BYTES = 1_000_000
FORBIDDEN = '/\\:*?"<>|'

Keys = Mapping[str, tuple[str, ...]]


class KeymapError(Exception):
    """Why a file is no keymap, in one sentence."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys by action, as `QKeySequence` writes them; actions that are not named have none."""

    name: str
    keys: Keys
    is_own: bool = False  # the user's, so that it can be changed

    def of(self, action: str) -> tuple[str, ...]:
        """Return an action's keys, none where it has none."""
        return self.keys.get(action, ())

    def holders(self, key: str) -> tuple[str, ...]:
        """Return the actions that have a key."""
        return tuple(action for action, keys in self.keys.items() if key in keys)

    def conflicts(self) -> dict[str, tuple[str, ...]]:
        """Return each key that several actions have, with those."""
        keys = dict.fromkeys(key for all_ in self.keys.values() for key in all_)
        return {key: all_ for key in keys if len(all_ := self.holders(key)) > 1}

    def with_keys(self, action: str, keys: Iterable[str]) -> "Keymap":
        """Return the keymap with other keys for one action; nobody else's are touched."""
        return replace(self, keys={**self.keys, action: tuple(dict.fromkeys(keys))})

    def without(self, key: str) -> "Keymap":
        """Return the keymap with a key that no action has."""
        rest = {
            action: tuple(each for each in keys if each != key)
            for action, keys in self.keys.items()
        }
        return replace(self, keys=rest)


def key_text(key: str) -> str:
    """Return one key, with its modifiers, as keymaps write it; "" where the text names none."""
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    one = sequence.count() == 1  # keys pressed one after the other are not taken
    return sequence.toString(QKeySequence.SequenceFormat.PortableText) if one else ""


def read_keymap(file: Path, *, is_own: bool = False) -> Keymap:
    """Read a file; raises `KeymapError`."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise KeymapError(_tr("{0} is too large for a keymap.").format(file.name))
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        words = _tr("The keymap {0} cannot be read: {1}.")
        raise KeymapError(words.format(file.name, error.strerror or error)) from error
    except ValueError as error:
        raise KeymapError(_tr("{0} is no keymap: it is damaged.").format(file.name)) from error
    if not isinstance(found, dict):
        raise KeymapError(_tr("{0} is no keymap.").format(file.name))
    keys = {action: _checked(file, action, all_) for action, all_ in found.items()}
    return Keymap(file.stem, keys, is_own)


def save_keymap(keymap: Keymap, folder: Path) -> None:
    """Replace the user's file of a keymap in one step; raises OSError."""
    assert keymap.is_own, keymap.name
    lines = (f"  {json.dumps(action)}: {json.dumps(keys)}" for action, keys in keymap.keys.items())
    keep_text(folder / f"{keymap.name}.json", "{\n" + ",\n".join(lines) + "\n}\n")


def find_keymap(name: str, folder: Path) -> Keymap:
    """Read a keymap by its name, the program's before the user's; raises `KeymapError`."""
    if any(letter in FORBIDDEN for letter in name):
        raise KeymapError(_tr("“{0}” cannot be the name of a keymap.").format(name))
    shipped = SHIPPED / f"{name}.json"
    if shipped.exists():
        return read_keymap(shipped)
    return read_keymap(folder / f"{name}.json", is_own=True)


def keymap_names(folder: Path) -> tuple[str, ...]:
    """Return the names of all keymaps, the program's first."""
    shipped = sorted(file.stem for file in SHIPPED.glob("*.json"))
    own = sorted(file.stem for file in folder.glob("*.json") if not file.name.startswith("."))
    return (*shipped, *(name for name in own if name not in shipped))


def own_copy(keymap: Keymap, folder: Path, name: str = OWN) -> Keymap:
    """Return a keymap as the user's own, under a name that none has yet; nothing is written."""
    taken = keymap_names(folder)
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return replace(keymap, name=free, is_own=True)


def _checked(file: Path, action: str, keys: object) -> tuple[str, ...]:
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise KeymapError(_tr("{0} is no keymap: see “{1}”.").format(file.name, action))
    texts = tuple(key_text(key) for key in keys)
    if "" in texts:
        words = _tr("{0}: “{1}” of {2} is no key.")
        raise KeymapError(words.format(file.name, keys[texts.index("")], action))
    return texts


def _tr(text: str) -> str:
    return QCoreApplication.translate("Keymap", text)
