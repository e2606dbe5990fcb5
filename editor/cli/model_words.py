"""What the command line says of models: JSON for machines, a line each for people."""

from pathlib import Path

from generator.models.catalogue import Model
from generator.models.fetch import plan
from generator.models.preflight import said_of
from generator.models.published import FAMILIES, Weights, tasks_of
from generator.models.registry import Adopted


def described_model(model: Model) -> dict[str, object]:
    """Describe a model for machines."""
    card = model.card
    return {
        "name": model.name,
        "title": (card.title if card else "") or model.name,
        "family": card.family if card else None,
        "licence": card.licence if card else None,
        "installed": model.is_installed,
        "size_bytes": model.size_bytes,
        "native_size": list(card.native_size) if card else None,
        "tasks": [task.value for task in model.tasks] if card else [],
        "preview": [task.value for task in card.preview] if card else [],
        "hash": card.hash if card else None,
        "warnings": list(said_of(model.name)),
        "folder": str(model.folder),
        "checkpoint": str(model.checkpoint) if model.checkpoint else None,
    }


def described_weights(weights: Weights, place: Path | None) -> dict[str, object]:
    """Describe published weights for machines; `place` is None where they are not here."""
    return {
        "name": weights.name,
        "family": weights.family,
        "title": weights.title,
        "tasks": [task.value for task in tasks_of(weights)],
        "repository": weights.repository,
        "revision": weights.revision,
        "files": [
            {"path": file.path, "size_bytes": file.size_bytes, "sha256": file.sha256}
            for file in weights.files
        ],
        "about_bytes": weights.about_bytes,
        "licence": weights.terms.licence,
        "restrictions": weights.terms.restrictions,
        "installed": place is not None,
        "place": str(place) if place else None,
    }


def described_file(adopted: Adopted) -> dict[str, object]:
    """Describe a user's own file for machines."""
    return {
        "name": adopted.name,
        "kind": adopted.kind.value,
        "family": adopted.family or None,
        "words": adopted.words,
        "warning": adopted.warning or None,
        "size_bytes": adopted.size_bytes,
        "hash": adopted.sha256,
        "path": adopted.path,
    }


def line_of_model(model: Model) -> str:
    """Describe a model for people."""
    if model.card is None or not model.is_installed:
        if model.name in FAMILIES:
            gigabytes = plan(model.name).about_bytes / 1e9
            return f"{model.name}: not installed, models get {model.name} ({gigabytes:.1f} GB)"
        return f"{model.name}: not installed"
    width, height = model.card.native_size
    previews = model.card.preview
    tasks = ", ".join(f"{task} (preview)" if task in previews else task for task in model.tasks)
    megabytes = model.size_bytes / 1e6
    title = model.card.title or model.name
    line = f"{model.name}: {title}, {width} x {height} px, {tasks}, {megabytes:.0f} MB"
    return " ".join([line, *(f"({said})" for said in said_of(model.name))])


def line_of_file(adopted: Adopted) -> str:
    """Describe what a job may take besides, as a LoRA, for people."""
    return f"{adopted.name}: {adopted.words}, {adopted.size_bytes / 1e6:.0f} MB"
