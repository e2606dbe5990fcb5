"""All questions asked of one model, one after another, and what is written of the answers."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator.request import ErrorKind, GenerationError
from generator.training.evaluation import (
    agreement,
    few_steps,
    generation,
    mattes,
    reconstruction,
)
from generator.training.evaluation.classifier import SMALL, Classifier, Recipe, kept_or_taught
from generator.training.evaluation.findings import Section, Tell
from generator.training.evaluation.judged import Judged
from generator.training.evaluation.page import report_page

# Each question and how many pictures it is asked of, unless somebody says.
QUESTIONS: Final[dict[str, int]] = {
    reconstruction.NAME: 128,
    generation.NAME: 160,
    generation.FREE_NAME: 50,
    mattes.NAME: 48,
    agreement.NAME: 36,
    agreement.CONTROL_NAME: 36,
    few_steps.NAME: 80,
}
SMALL_COUNT = 2
REPORT, PAGE = "report.json", "index.html"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be found out. `only` names questions; empty means all. `count` None: as usual."""

    only: tuple[str, ...] = ()
    count: int | None = None
    is_small: bool = False
    cache: Path = Path()
    trained: Path | None = None  # the pictures that the model was trained on

    def count_for(self, question: str) -> int:
        """How many pictures a question is asked of."""
        usual = SMALL_COUNT if self.is_small else QUESTIONS[question]
        return usual if self.count is None else self.count


def found(model: Judged, order: Order, tell: Tell) -> list[Section]:
    """Ask each question; what a model cannot do, and was not asked for by name, is said so."""
    asker = _Asker(model, order, tell)
    sections = []
    for name in order.only or tuple(QUESTIONS):
        try:
            sections.append(asker.section(name))
        except (GenerationError, mattes.NoMattingError) as error:
            is_cancelled = isinstance(error, GenerationError) and error.kind is ErrorKind.CANCELLED
            if order.only or is_cancelled:
                raise
            tell(f"{name} is left out: {error}")
            sections.append(Section(name, name.capitalize(), f"Left out: {error}"))
    return sections


class _Asker:
    """Knows whom to ask what; teaches or reads the classifier when it is first needed."""

    def __init__(self, model: Judged, order: Order, tell: Tell) -> None:
        self._model, self._order, self._tell = model, order, tell
        self._classifier: Classifier | None = None

    def section(self, name: str) -> Section:
        model, count, tell = self._model, self._order.count_for(name), self._tell
        match name:
            case reconstruction.NAME:
                return reconstruction.section(model, count, tell)
            case generation.NAME:
                return generation.section(model, self.classifier, count, self._order.trained, tell)
            case generation.FREE_NAME:
                return generation.free_section(model, self.classifier, count, tell)
            case mattes.NAME:
                return mattes.section(model, count, tell)
            case agreement.NAME:
                return agreement.section(model, self.classifier, count, tell)
            case agreement.CONTROL_NAME:
                return agreement.control_section(model, count, tell)
            case few_steps.NAME:
                return few_steps.section(model, self.classifier, count, tell)
        raise KeyError(name)

    @property
    def classifier(self) -> Classifier:
        if self._classifier is None:
            recipe = SMALL if self._order.is_small else Recipe()
            self._classifier = kept_or_taught(self._order.cache, recipe)
        return self._classifier


def entries(model: Judged, order: Order, sections: list[Section]) -> dict[str, Any]:  # Any: JSON
    """Return the report for machines."""
    card = model.pipeline.parts.card
    return {
        "model": model.model.name,
        "version": card.version,
        "hash": card.hash,
        "steps": card.steps,
        "guidance": card.guidance,
        "loras": [{"name": each.name, "weight": each.weight} for each in model.loras],
        "small": order.is_small,
        "seconds_a_layer": sum(model.seconds) / len(model.seconds) if model.seconds else None,
        "sections": {section.name: section.entries() for section in sections},
    }


def write(folder: Path, model: Judged, order: Order, sections: list[Section]) -> list[Path]:
    """Write page, pictures and report into a folder, in one step; returns page and report."""
    card = model.pipeline.parts.card
    words = [f"{card.name} {card.version}, weights {card.hash[:16]}; {card.steps} steps."]
    words += [f"With {each.name}, weight {each.weight:g}." for each in model.loras]
    if order.is_small:
        words.append("A small run: it shows that the evaluation works and nothing of the model.")
    with filling(folder) as there:
        for section in sections:
            for sheet in section.sheets:
                sheet.picture.save(there / f"{sheet.name}.png")
        text = report_page(f"Evaluation of {model.model.name}", words, sections)
        (there / PAGE).write_text(text, encoding="utf-8")
        report = json.dumps(entries(model, order, sections), indent=1)
        (there / REPORT).write_text(report + "\n", encoding="utf-8")
    return [folder / PAGE, folder / REPORT]


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """A new folder whose files take their places in `folder` at the end; nothing does if it fails.

    Files of the same names there are replaced, others stay. OSError where it cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield part
        folder.mkdir(exist_ok=True)
        for file in sorted(part.iterdir(), key=lambda each: each.suffix in (".html", ".json")):
            file.replace(folder / file.name)  # pictures first, then what names them
    finally:
        shutil.rmtree(part, ignore_errors=True)
