"""Finds models on this machine: those that ship with the program and those of the user."""

import logging
import os
from pathlib import Path

from platformdirs import user_data_path

from generator.models.catalogue import Model, read_card
from generator.request import ErrorKind, GenerationError

log = logging.getLogger(__name__)

SHIPPED = ("pocket",)  # known by name even where their weights are missing

_RESOURCES = Path(__file__).resolve().parents[2] / "resources" / "models"


def folders() -> tuple[Path, ...]:
    """Where models are looked for, the first that has one wins; `ACETATE_MODELS` adds in front."""
    override = os.environ.get("ACETATE_MODELS")
    own = Path(override).resolve() if override else user_data_path("acetate", False) / "models"
    return (own, _RESOURCES)


def models() -> tuple[Model, ...]:
    """All models that are known on this machine, by name, installed or not."""
    found = {name: _missing(name) for name in SHIPPED}
    for parent in reversed(folders()):
        for card_path in sorted(parent.glob("*/model.json")):
            model = _read(card_path.parent)
            if model is not None:
                found[model.name] = model
    return tuple(found[name] for name in sorted(found))


def check_known(name: str) -> None:
    """Raise `GenerationError` with the names there are, if this is none of them."""
    known = [model.name for model in models()]
    if name not in known:
        raise GenerationError(
            ErrorKind.BAD_REQUEST, f'There is no model "{name}"; there are: {", ".join(known)}.'
        )


def find(name: str) -> Model:
    """The installed model of that name; `GenerationError` when it is unknown or not all there."""
    check_known(name)
    model = next(model for model in models() if model.name == name)
    if not model.is_installed:
        raise GenerationError(
            ErrorKind.WEIGHTS_MISSING,
            f'The model "{name}" is not installed completely: files are missing in {model.folder}.',
        )
    return model


def _missing(name: str) -> Model:
    return Model(name, _RESOURCES / name, card=None, is_installed=False, size_bytes=0)


def _read(folder: Path) -> Model | None:
    try:
        card = read_card(folder)
    except (OSError, ValueError) as error:
        log.warning("a model that cannot be read: %s", error)
        return None
    size_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    is_installed = all((folder / name).is_file() for name in card.files)
    return Model(folder.name, folder, card, is_installed, size_bytes)
