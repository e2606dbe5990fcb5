"""Turns what the prompt bar holds, and what is selected, into what is asked of the generator."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import RGBA8
from editor.ui.background import Background
from editor.ui.desk import Desk
from editor.ui.extras import LORA, STYLE, Extra
from editor.ui.models import Models
from editor.ui.prompt_bar import PromptBar
from editor.ui.prompt_settings import WITH_STRENGTH, new_seed
from editor.ui.qimage import rgba_from_image
from editor.ui.task_chips import TASKS
from editor.ui.task_sense import box_for, obstacle
from generator.request import Task


class Asking(QObject):
    """Follows desk and models; says `asked` when something is to be made."""

    asked = Signal(object)  # Asked
    failed = Signal(str)

    def __init__(
        self, desk: Desk, prompt: PromptBar, models: Models, background: Background, parent: QWidget
    ) -> None:
        """Begin to follow."""
        super().__init__(parent)
        self._desk = desk
        self._prompt = prompt
        self._models = models
        self._background = background
        self._window = parent
        settings = prompt.settings
        prompt.asked.connect(self.ask)
        prompt.pictures_dropped.connect(self.take_dropped)
        settings.model_chosen.connect(models.choose)
        settings.changed.connect(self.follow)
        settings.extras_menu.layer_wanted.connect(self.take_layer)
        settings.extras_menu.file_wanted.connect(self._on_file_wanted)
        settings.extras_menu.lora_wanted.connect(self._on_lora_wanted)
        prompt.chips.changed.connect(self.follow)
        models.changed.connect(self._on_models)
        for signal in (desk.switched, desk.active_changed, desk.history_changed):
            signal.connect(self.follow)
        self._on_models()

    @Slot()
    def ask(self) -> None:
        """Ask for what the bar holds."""
        from editor.generation import Asked, Given  # not before the first paint
        from generator.request import Lora, Role

        bar, settings = self._prompt, self._prompt.settings
        prompt, foreground, background = bar.prompts
        extras = settings.extras.extras
        given = tuple(
            Given(
                role=Role.STYLE if each.kind == STYLE else Role.CONTROL,
                layers=() if each.layer is None else (each.layer,),
                pixels=each.pixels,
                kind="" if each.kind == STYLE else each.kind,
                weight=each.weight,
            )
            for each in extras
            if each.kind != LORA
        )
        refusal = self._models.refusal(bar.task)
        if refusal:
            self.failed.emit(refusal)
            return
        self.asked.emit(
            Asked(
                prompt=prompt,
                seed=settings.seed,
                task=bar.task,
                model=self._models.chosen,
                negative_prompt=settings.negative_prompt,
                steps=settings.steps,
                guidance=settings.guidance,
                strength=settings.strength if bar.task in WITH_STRENGTH else None,
                count=settings.count,
                box=box_for(bar.task, settings.where, self._desk.front),
                foreground_prompt=foreground,
                background_prompt=background,
                patch_weight=settings.weight if self._models.is_layer_diffusion else 1.0,
                stop_at=settings.stop_at if self._models.is_layer_diffusion else None,
                loras=tuple(Lora(each.name, each.weight) for each in extras if each.kind == LORA),
                given=given,
                is_draft=settings.is_draft,
            )
        )

    def begin(self, task: Task) -> None:
        """Choose a task that needs words, with the layer's own as a start."""
        reason = self._reason(task)
        if reason:
            self.failed.emit(reason)
            return
        active = self._desk.active_layer
        recipe = active.recipe if isinstance(active, PixelLayer) else None
        self._prompt.begin(task, "" if recipe is None else recipe.prompt)

    def ask_wordless(self, task: Task, scale: int = 2) -> None:
        """Ask for a task that needs no words, of what is selected."""
        from editor.generation import Asked  # not before the first paint

        reason = self._reason(task)
        if reason:
            self.failed.emit(reason)
            return
        self.asked.emit(Asked("", new_seed(), task, self._models.chosen, scale=scale))

    @Slot()
    def follow(self) -> None:
        """Grey the tasks that make no sense now, and say where the result goes."""
        reasons = {task: self._reason(task) for task in TASKS}
        possible = frozenset(task for task, reason in reasons.items() if not reason)
        able = self._models.able
        previews = possible & able.previews if able is not None else frozenset()
        words = self.tr("A preview with this model: expect soft pictures.")
        self._prompt.chips.show_obstacles(reasons | dict.fromkeys(previews, words), possible)
        front = self._desk.front
        box = box_for(self._prompt.task, self._prompt.settings.where, front)
        self._prompt.show_place("" if box is None else f"{box.width} × {box.height} px")

    @Slot(object)
    def take_dropped(self, dropped: object) -> None:
        """Make guiding pictures of what was dropped on the prompt: layers, files or a picture."""
        kinds = self._models.controls(self._prompt.task)
        if not kinds:
            self.failed.emit(self._models.no_pictures(self._prompt.task))
        elif isinstance(dropped, QImage):
            self._add(Extra(kinds[0], self.tr("Dropped"), pixels=rgba_from_image(dropped)))
        elif isinstance(dropped, list):
            for path in dropped:
                self._read(path, kinds[0])
        elif isinstance(dropped, tuple):
            for layer in dropped:
                self._take(layer, kinds[0])

    @Slot(str)
    def take_layer(self, kind: str) -> None:
        """Use the active layer as a control or as the style."""
        front = self._desk.front
        if front is None or front.active is None:
            self.failed.emit(self.tr("Select the layer that is to guide."))
        else:
            self._take(front.active, kind)

    def _take(self, layer_id: LayerId, kind: str) -> None:
        document = self._desk.document
        layer = None if document is None else document.find(layer_id)
        if layer is not None:
            self._add(Extra(kind, layer.name, layer=layer_id))

    def _add(self, extra: Extra) -> None:
        self._prompt.settings.extras.show_kinds(own_controls(self._models.family))
        self._prompt.settings.extras.add(extra)
        self._prompt.disclose()

    def _read(self, path: Path, kind: str) -> None:
        def done(pixels: RGBA8) -> None:
            self._add(Extra(kind, path.name, pixels=pixels))

        self._background.run(partial(_picture_of, path), done, self._on_unread)

    def _on_unread(self, error: Exception) -> None:
        self.failed.emit(str(error))

    def _reason(self, task: Task) -> str:
        return self._models.refusal(task) or obstacle(task, self._desk.front)

    @Slot()
    def _on_models(self) -> None:
        self._prompt.show_models(self._models)
        self.follow()

    @Slot(str)
    def _on_lora_wanted(self, name: str) -> None:
        self._add(Extra(LORA, name, family=self._models.family))

    @Slot(str)
    def _on_file_wanted(self, kind: str) -> None:
        from PySide6.QtWidgets import QFileDialog  # not before the first paint

        dialog = QFileDialog(self._window, self.tr("A picture that guides"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setProperty("kind", kind)
        dialog.fileSelected.connect(self._on_file_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_file_chosen(self, path: str) -> None:
        sender = self.sender()
        if sender is not None:
            self._read(Path(path), str(sender.property("kind")))


def _picture_of(path: Path) -> RGBA8:
    """Read a file and composite it, (h, w, 4); raises `FormatError`."""
    from editor.formats import read
    from editor.render.composite import composite

    document = read(path).document
    return composite(document, document.rect)


def own_controls(family: str) -> dict[str, str]:
    """Return the control models of a family that the user has added, by name."""
    from generator.models.recognise import Kind  # not before the first paint
    from generator.models.registry import read_registry

    files = read_registry().files
    return {
        each.name: each.name
        for each in files
        if each.kind is Kind.CONTROL and each.is_there and each.family in ("", family)
    }
