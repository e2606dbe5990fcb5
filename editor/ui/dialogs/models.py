"""The models there are and could be: states in words, terms before anything is fetched, own files.

It fetches only what is ticked, after the terms beside it are accepted. The work is the fetcher's.
"""

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
    QVBoxLayout,
    QWidget,
)

from editor.ui.background import Background
from editor.ui.dialogs.model_details import ModelDetails
from editor.ui.fetcher import Fetcher
from editor.ui.section import plain_label
from editor.ui.shelf import Shelf, look, size_words
from editor.ui.words import DOT

if TYPE_CHECKING:  # not before the first paint
    from generator.models.catalogue import Model

LIST_WIDTH = 230


class ModelsDialog(QDialog):
    """A list at the left, one of it at the right."""

    chosen = Signal(str)  # a model's name: use it
    found = Signal(object)  # tuple[Model, ...], when the folders were read again

    def __init__(self, fetcher: Fetcher, parent: QWidget | None) -> None:
        """Begin to read what there is."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self.resize(780, 640)
        self._fetcher = fetcher
        self._background = Background(1, self)
        self._shelf: Shelf | None = None
        self._first = ""
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
        self.details = ModelDetails()
        self._build()
        self._connect()
        self.read_again()

    @property
    def ticked(self) -> tuple[str, ...]:
        """The entries that would be fetched."""
        return tuple(weights.name for weights in self.details.ticked)

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
        right.addWidget(self.details, 1)
        right.addWidget(self.details.terms)
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
        self.details.changed.connect(self._on_ticked)
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
            return DOT.join((self.tr("ready"), size_words(model.size_bytes)))
        missing = 0 if self._shelf is None else self._shelf.about_bytes(model.name)
        if missing:
            return DOT.join(
                (self.tr("not installed"), self.tr("{0} to get").format(size_words(missing)))
            )
        return self.tr("not installed")

    def _name(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _model(self) -> "Model | None":
        models = () if self._shelf is None else self._shelf.models
        return next((each for each in models if each.name == self._name()), None)

    @Slot()
    def _show_details(self) -> None:
        """Show the one that is chosen in the list."""
        model, shelf = self._model(), self._shelf
        if shelf is None:
            return
        if model is not None:
            self.details.show_model(model, shelf.parts_of(model.name))
            return
        lora = next((each for each in shelf.loras if each.name == self._name()), None)
        if lora is not None:
            self.details.show_lora(lora)

    # Fetching

    @Slot()
    def _show_busy(self) -> None:
        """Enable what can be done now."""
        is_busy = self._fetcher.is_busy
        model = self._model()
        for widget in (self.accept_terms, self.get):
            widget.setVisible(self.details.lacks and not is_busy)
        about = sum(weights.about_bytes for weights in self.details.ticked)
        offline = self._shelf is not None and self._shelf.is_offline
        self.get.setText(self.tr("Get {0}").format(size_words(about)))
        self.get.setEnabled(self.accept_terms.isChecked() and about > 0 and not offline)
        self.get.setToolTip(self.tr("Working offline is set") if offline else "")
        self.use.setVisible(model is not None and model.is_installed)
        self.stop.setVisible(is_busy)
        self._bar.setVisible(is_busy)

    @Slot()
    def _on_ticked(self) -> None:
        """Other parts may have other terms: they are accepted anew."""
        self.accept_terms.setChecked(False)
        self._show_busy()

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
            self.tr("{0}: {1} of {2}").format(what, size_words(done), size_words(total))
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
