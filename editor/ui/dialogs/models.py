"""The models there are and could be: states in words, terms before anything is fetched, own files.

It fetches only what is ticked, after the terms beside it are accepted. The work is the fetcher's.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from editor.ui.background import Background
from editor.ui.fetcher import Fetcher
from editor.ui.section import plain_label
from editor.ui.words import DOT, task_word

if TYPE_CHECKING:  # not before the first paint
    from generator.models.catalogue import Model
    from generator.models.published import Weights
    from generator.models.registry import Adopted

LIST_WIDTH = 230


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was found on this machine: models, LoRAs, and of each family what is here or not."""

    models: "tuple[Model, ...]"
    loras: "tuple[Adopted, ...]"
    parts: "dict[str, tuple[tuple[Weights, bool], ...]]"  # family: its weights, and whether here
    is_offline: bool


def look() -> Shelf:
    """Read the folders; takes long enough to belong into a thread."""
    from generator.models.fetch import is_offline
    from generator.models.locate import located
    from generator.models.published import FAMILIES, published
    from generator.models.store import loras, models

    there = located()
    parts = {
        name: tuple((weights, weights.name in there) for weights in published(name))
        for name in FAMILIES
    }
    return Shelf(models(), loras(), parts, is_offline())


class ModelsDialog(QDialog):
    """A list at the left, one of it at the right."""

    chosen = Signal(str)  # a model's name: use it
    found = Signal(object)  # tuple[Model, ...], when the folders were read again

    def __init__(self, fetcher: Fetcher, parent: QWidget | None) -> None:
        """Begin to read what there is."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self.resize(760, 540)
        self._fetcher = fetcher
        self._background = Background(1, self)
        self._shelf: Shelf | None = None
        self._first = ""
        self._ticks: dict[str, QCheckBox] = {}
        self.list = QListWidget()
        self.list.setObjectName("ModelList")
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.setAccessibleName(self.tr("Models"))
        self.accept_terms = QCheckBox(self.tr("I accept these terms"))
        self.get = QPushButton(self.tr("Get"))
        self.get.setProperty("primary", True)
        self.use = QPushButton(self.tr("Use this model"))
        self.stop = QPushButton(self.tr("Cancel"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self.line = plain_label("", "quiet")
        self.line.setWordWrap(True)
        self._details = QScrollArea()
        self._details.setWidgetResizable(True)
        self._details.setFrameShape(QScrollArea.Shape.NoFrame)
        self._build()
        self._connect()
        self.read_again()

    @property
    def ticked(self) -> tuple[str, ...]:
        """The entries that would be fetched."""
        return tuple(name for name, box in self._ticks.items() if box.isChecked())

    def read_again(self) -> None:
        """Look at the folders in a thread and show what is there."""
        self._background.run(look, self._on_read, self._on_unread)

    def begin_with(self, name: str) -> None:
        """Show one as soon as the folders are read."""
        self._first = name

    def choose(self, name: str) -> None:
        """Show one of the list."""
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentRow(row)

    def add_file(self, path: Path) -> None:
        """Take up a checkpoint or LoRA of the user's, or a folder of another tool."""
        self._fetcher.adopt(path)
        self._show_busy()

    def _build(self) -> None:
        add = QPushButton(self.tr("Add a file of your own…"))
        add.clicked.connect(self._on_add)
        folder = QPushButton(self.tr("Look in a folder…"))
        folder.clicked.connect(self._on_folder)
        left = QVBoxLayout()
        left.addWidget(self.list)
        for button in (add, folder):
            button.setAutoDefault(False)
            left.addWidget(button)
        buttons = QHBoxLayout()
        buttons.addWidget(self.accept_terms)
        buttons.addStretch(1)
        for button in (self.stop, self.get, self.use):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        right = QVBoxLayout()
        right.addWidget(self._details, 1)
        right.addWidget(self._bar)
        right.addWidget(self.line)
        right.addLayout(buttons)
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 16, 16, 16)
        across.setSpacing(16)
        across.addLayout(left)
        across.addLayout(right, 1)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._show_details)
        self.accept_terms.toggled.connect(self._show_busy)
        self.get.clicked.connect(self._on_get)
        self.use.clicked.connect(self._on_use)
        self.stop.clicked.connect(self._fetcher.cancel)
        self._fetcher.progressed.connect(self._on_progressed)
        self._fetcher.ended.connect(self._on_ended)

    # What there is

    def _on_read(self, shelf: Shelf) -> None:
        before = self._name() or self._first
        self._shelf = shelf
        self.list.clear()
        for model in shelf.models:
            title = model.card.title if model.card is not None else model.name
            self._add_row(model.name, title or model.name, self._state(model))
        for lora in shelf.loras:
            self._add_row(lora.name, lora.name, lora.words)
        self.list.setCurrentRow(0)
        self.choose(before)
        self.found.emit(shelf.models)

    def _on_unread(self, error: Exception) -> None:
        self.line.setText(self.tr("The folders of models cannot be read: {0}").format(error))

    def _add_row(self, name: str, title: str, state: str) -> None:
        row = QListWidgetItem(f"{title}\n{state}")
        row.setData(Qt.ItemDataRole.UserRole, name)
        self.list.addItem(row)

    def _state(self, model: "Model") -> str:
        if model.is_installed:
            return DOT.join((self.tr("ready"), _megabytes(model.size_bytes)))
        missing = sum(each.about_bytes for each in self._missing(model.name))
        if missing:
            return self.tr("not installed{0}{1} to get").format(DOT, _megabytes(missing))
        return self.tr("not installed")

    def _missing(self, name: str) -> "list[Weights]":
        parts = () if self._shelf is None else self._shelf.parts.get(name, ())
        return [weights for weights, is_here in parts if not is_here]

    def _name(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _model(self) -> "Model | None":
        models = () if self._shelf is None else self._shelf.models
        return next((each for each in models if each.name == self._name()), None)

    # One of them

    @Slot()
    def _show_details(self) -> None:
        """Show what it can do, which parts it has, and the terms of what it lacks."""
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        self._ticks = {}
        model = self._model()
        if model is not None:
            self._add_model(column, model)
        else:
            lora = next((each for each in self._loras() if each.name == self._name()), None)
            if lora is not None:
                column.addWidget(plain_label(lora.name, "head"))
                column.addWidget(_wrapped(f"{lora.words}{DOT}{_megabytes(lora.size_bytes)}"))
                column.addWidget(_wrapped(lora.path))
        column.addStretch(1)
        self._details.setWidget(body)
        self.accept_terms.setChecked(False)
        self._show_busy()

    def _loras(self) -> "tuple[Adopted, ...]":
        return () if self._shelf is None else self._shelf.loras

    def _add_model(self, column: QVBoxLayout, model: "Model") -> None:
        card = model.card
        column.addWidget(plain_label((card.title if card else "") or model.name, "title"))
        if card is not None:
            tasks = ", ".join(task_word(task) for task in card.tasks) if model.is_installed else ""
            width, height = card.native_size
            facts = [f"{width} × {height} px", tasks, self.tr("licence: {0}").format(card.licence)]
            column.addWidget(_wrapped(DOT.join(fact for fact in facts if fact)))
        parts = () if self._shelf is None else self._shelf.parts.get(model.name, ())
        for weights, is_here in parts:
            words = DOT.join((weights.title, _megabytes(weights.about_bytes)))
            tick = QCheckBox(words + (DOT + self.tr("is here") if is_here else ""))
            tick.setChecked(not is_here)
            tick.setEnabled(not is_here)
            tick.toggled.connect(self._show_busy)
            column.addWidget(tick)
            if not is_here:
                self._ticks[weights.name] = tick
        for terms in dict.fromkeys(weights.terms for weights in self._missing(model.name)):
            column.addSpacing(6)
            column.addWidget(plain_label(terms.licence, "head"))
            column.addWidget(_wrapped(terms.restrictions))
            column.addWidget(_wrapped(terms.page))

    # Fetching

    @Slot()
    def _show_busy(self) -> None:
        """Enable what can be done now."""
        is_busy = self._fetcher.is_busy
        model = self._model()
        lacks = bool(self._ticks)
        for widget in (self.accept_terms, self.get):
            widget.setVisible(lacks and not is_busy)
        about = sum(
            each.about_bytes for each in self._missing(self._name()) if each.name in self.ticked
        )
        offline = self._shelf is not None and self._shelf.is_offline
        self.get.setText(self.tr("Get {0}").format(_megabytes(about)))
        self.get.setEnabled(self.accept_terms.isChecked() and about > 0 and not offline)
        self.get.setToolTip(self.tr("Working offline is set") if offline else "")
        self.use.setVisible(model is not None and model.is_installed)
        self.stop.setVisible(is_busy)
        self._bar.setVisible(is_busy)

    @Slot()
    def _on_get(self) -> None:
        if self.accept_terms.isChecked() and self.ticked:
            self._fetcher.fetch(self.ticked)
            self.line.setText(self.tr("Connecting…"))
            self._show_busy()

    @Slot()
    def _on_use(self) -> None:
        self.chosen.emit(self._name())
        self.accept()

    @Slot(str, object, object)
    def _on_progressed(self, what: str, done: int, total: int) -> None:
        self._bar.setValue(round(1000 * done / total) if total else 0)
        self.line.setText(
            self.tr("{0}: {1} of {2}").format(what, _megabytes(done), _megabytes(total))
        )

    @Slot(str, bool)
    def _on_ended(self, sentence: str, _well: bool) -> None:
        self.line.setText(sentence)
        self._show_busy()
        self.read_again()

    @Slot()
    def _on_add(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("A checkpoint or LoRA"), "", self.tr("Weights (*.safetensors)")
        )
        if name:
            self.add_file(Path(name))

    @Slot()
    def _on_folder(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        name = QFileDialog.getExistingDirectory(self, self.tr("A folder of another tool"))
        if name:
            self.add_file(Path(name))


def _wrapped(text: str) -> QWidget:
    label = plain_label(text, "quiet")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _megabytes(size: int) -> str:
    """Say a size as people do."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"
