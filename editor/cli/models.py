"""`models list`: the models on this machine and what each can do."""

import argparse

from editor.cli.output import NotDoneError, answer, answer_json
from generator.models.catalogue import Model
from generator.models.store import models


def run(options: argparse.Namespace) -> None:
    """List the models; the other actions are refused."""
    if options.action != "list":
        raise NotDoneError(f"models {options.action} is not possible yet in this version.")
    found = models()
    if options.json:
        answer_json({"models": [_described(model) for model in found]})
    else:
        answer(_line(model) for model in found)


def _described(model: Model) -> dict[str, object]:
    card = model.card
    return {
        "name": model.name,
        "title": (card.title if card else "") or model.name,
        "family": card.family if card else None,
        "licence": card.licence if card else None,
        "installed": model.is_installed,
        "size_bytes": model.size_bytes,
        "native_size": list(card.native_size) if card else None,
        "tasks": [task.value for task in card.tasks] if card else [],
        "hash": card.hash if card else None,
        "folder": str(model.folder),
    }


def _line(model: Model) -> str:
    if model.card is None or not model.is_installed:
        return f"{model.name}: not installed"
    width, height = model.card.native_size
    tasks = ", ".join(model.card.tasks)
    megabytes = model.size_bytes / 1e6
    title = model.card.title or model.name
    return f"{model.name}: {title}, {width} x {height} px, {tasks}, {megabytes:.0f} MB"
