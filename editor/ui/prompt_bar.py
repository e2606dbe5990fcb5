"""The prompt bar at the canvas's lower edge: what to make, which task, and the one button."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from editor.ui.elided_label import ElidedLabel
from editor.ui.floating_bar import SHADOW, FloatingBar
from editor.ui.icons import set_icon
from editor.ui.models import Models
from editor.ui.prompt_field import PromptField
from editor.ui.prompt_settings import PromptSettings, new_seed
from editor.ui.task_chips import TaskChips
from editor.ui.words import DOT, progress_line
from generator.request import Progress, Task

WIDTH = 860  # without the shadow


class PromptBar(FloatingBar):
    """Holds what is to be asked; `asked` says when."""

    asked = Signal()
    cancel_asked = Signal()
    left = Signal()
    resized = Signal()
    pictures_dropped = Signal(object)  # list[Path], QImage or tuple[LayerId, ...]

    def __init__(self, parent: QWidget | None) -> None:
        """Make the bar with the task of a transparent layer."""
        super().__init__(parent)
        self.field = PromptField(self.tr("Describe a layer"), self.tr("Prompt"))
        self.foreground = PromptField(self.tr("The foreground"), self.tr("Foreground prompt"))
        self.background = PromptField(self.tr("The background"), self.tr("Background prompt"))
        self.button = QPushButton(self.tr("Generate"))
        self.button.setObjectName("GenerateButton")
        self.button.setProperty("primary", True)
        self.button.setMinimumWidth(90)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.chips = TaskChips()
        self.settings = PromptSettings()
        self.settings.hide()
        self._is_running = False
        self._place = ""
        self._parts = QWidget()
        self._summary = ElidedLabel()
        self._more = QToolButton()
        self._build()
        for field in (self.field, self.foreground, self.background):
            field.submitted.connect(self.asked)
            field.queued.connect(self.asked)
            field.left.connect(self.left)
            field.pictures_dropped.connect(self.pictures_dropped)
        self.button.clicked.connect(self._on_clicked)
        self.settings.changed.connect(self._on_settings)
        self.chips.changed.connect(self._on_task)
        self._more.toggled.connect(self._on_more)
        self._on_task()

    @property
    def task(self) -> Task:
        """The task of the chip that is chosen."""
        return self.chips.task

    @property
    def prompts(self) -> tuple[str, str, str]:
        """The prompt, and the foreground's and background's, which only one task has."""
        if self.task is not Task.TOGETHER:
            return self.field.text(), "", ""
        return self.field.text(), self.foreground.text(), self.background.text()

    @property
    def collapsed_height(self) -> int:
        """How much of the canvas's lower edge the bar covers while it discloses nothing."""
        return 118

    def fit_width(self, space: int) -> None:
        """Be as wide as designed, or as there is space for."""
        self.setFixedWidth(max(360, min(WIDTH + 2 * SHADOW, space)))

    def ask_focus(self) -> None:
        """Put the cursor into the prompt, with all of it selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def begin(self, task: Task, prompt: str) -> None:
        """Choose a task with a prompt to begin from, where none is written, and wait for Enter."""
        self.chips.choose(task)
        if prompt and not self.field.text().strip():
            self.field.setText(prompt)
        self.ask_focus()

    def disclose(self) -> None:
        """Open the rest."""
        self._more.setChecked(True)

    def show_models(self, models: Models) -> None:
        """Follow what the chosen model can do."""
        self.settings.show_models(models)
        self._on_settings()

    def show_place(self, words: str) -> None:
        """Say in words where the result goes."""
        self._place = words
        self._summarise()

    def show_running(self, running: bool, progress: Progress | None) -> None:
        """Turn the button into Cancel with progress while a job of this document runs."""
        self._is_running = running
        self.button.setText(self._cancel_words(progress) if running else self.tr("Generate"))
        self.button.setToolTip(progress_line(progress) if running else self.tr("Generate (Enter)"))

    def take_new_seed(self) -> None:
        """Choose the next seed, unless the user holds on to one."""
        if not self.settings.keeps_seed:
            self.settings.show_seed(new_seed())
            self._summarise()

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.field, 1)
        first.addWidget(self.button)
        parts = QHBoxLayout(self._parts)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(8)
        parts.addWidget(self.foreground, 1)
        parts.addWidget(self.background, 1)
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.chips)
        second.addWidget(self._summary, 1)
        set_icon(self._more, "more", 18)
        self._more.setIconSize(QSize(18, 18))
        self._more.setFixedSize(24, 22)
        self._more.setCheckable(True)
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.setToolTip(
            self.tr("More: model, variants, seed, steps, guiding pictures, LoRAs")
        )
        self._more.setAccessibleName(self.tr("More"))
        second.addWidget(self._more)
        self.body.addLayout(first)
        self.body.addWidget(self._parts)
        self.body.addLayout(second)
        self.body.addWidget(self.settings)

    def _cancel_words(self, progress: Progress | None) -> str:
        if progress is None or progress.steps == 0:
            return self.tr("Cancel")
        share = round(100 * progress.step / progress.steps)
        return self.tr("Cancel {0} %").format(share)

    def _grow(self) -> None:
        """Be as high as needed, once everything in it has said how high that is."""
        QTimer.singleShot(0, self, self.resized.emit)

    @Slot()
    def _on_clicked(self) -> None:
        if self._is_running:
            self.cancel_asked.emit()
        else:
            self.asked.emit()

    @Slot()
    def _on_task(self) -> None:
        is_together = self.task is Task.TOGETHER
        self._parts.setVisible(is_together)
        invitation = self.tr("Describe the whole scene") if is_together else self.invitation
        self.field.setPlaceholderText(invitation)
        self.settings.show_task(self.task)
        self._summarise()
        self._grow()

    @property
    def invitation(self) -> str:
        """What an empty prompt says for the task."""
        return {
            Task.FOREGROUND: self.tr("Describe what stands on this"),
            Task.BACKGROUND: self.tr("Describe the background"),
            Task.VARY: self.tr("Describe what the layer becomes"),
            Task.REPAINT: self.tr("Describe what the selection becomes"),
        }.get(self.task, self.tr("Describe a layer"))

    @Slot(bool)
    def _on_more(self, opened: bool) -> None:
        self.settings.setVisible(opened)
        self._grow()

    @Slot()
    def _on_settings(self) -> None:
        self._summarise()
        if self.settings.isVisible():
            self._grow()

    def _summarise(self) -> None:
        settings = self.settings
        variants = self.tr("{0} variants") if settings.count > 1 else self.tr("{0} variant")
        parts = [variants.format(settings.count)]
        guides = len(settings.extras.extras)
        if guides:
            parts.insert(0, self.tr("{0} guiding").format(guides))
        width, height = settings.native_size
        size = f"{width}²" if width == height else f"{width} × {height}"
        place = self._place or (size if width else "")
        seed = self.tr("seed {0}").format(settings.seed)
        shorter = DOT.join(filter(None, (*parts, place)))
        self._summary.show_texts(DOT.join(filter(None, (*parts, seed, place))), shorter, place)
