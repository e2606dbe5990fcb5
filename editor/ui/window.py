"""The window: builds the panels, places them, connects them. What they do is theirs."""

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QIcon, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QWidget,
)

from editor.ui.actions import Actions
from editor.ui.adjustment_panel import AdjustmentPanel
from editor.ui.aids import Aids
from editor.ui.asking import Asking
from editor.ui.background import Background
from editor.ui.canvas_area import CanvasArea
from editor.ui.desk import Desk
from editor.ui.dialogs.questions import Answer, ask_unsaved
from editor.ui.digits import Digits
from editor.ui.drag_drop import DragFolder
from editor.ui.drops import Drops
from editor.ui.fetcher import Fetcher
from editor.ui.file_actions import resolve_lossy, save_then
from editor.ui.files import Files
from editor.ui.garbage import Garbage
from editor.ui.history_panel import HistoryPanel
from editor.ui.icons import refresh_icons
from editor.ui.key_guard import KeyGuard
from editor.ui.keymap import Keymap
from editor.ui.lasting import make_lasting
from editor.ui.layer_actions import step_variant
from editor.ui.layer_panel import LayerPanel
from editor.ui.layout import fitting_size, lay_out
from editor.ui.menu_bar import MenuBar
from editor.ui.menus import add_recent, fill_menu_bar
from editor.ui.message_bar import MessageBar
from editor.ui.models import Models
from editor.ui.option_bar import OptionBar
from editor.ui.pictures import Pictures
from editor.ui.preferences import Preferences
from editor.ui.prompt_bar import PromptBar
from editor.ui.recent import Recent
from editor.ui.recent_menu import RecentMenu
from editor.ui.recipe_panel import RecipePanel
from editor.ui.settings_watch import SettingsWatch
from editor.ui.staleness import StalenessWatch
from editor.ui.start import find_models, start_work
from editor.ui.status_bar import StatusBar
from editor.ui.tab_strip import TabStrip
from editor.ui.theme import RESOURCES, current_theme, use_theme
from editor.ui.thumbnails import Thumbnails
from editor.ui.tool_bar import ToolBar
from editor.ui.tool_box import ToolBox
from editor.ui.variant_strip import VariantStrip
from editor.ui.view_actions import stop_work
from editor.ui.welcome import Welcome
from editor.ui.whole_errors import keep_errors_whole
from editor.workspace import Workspace

if TYPE_CHECKING:  # not before the first paint: these bring libraries along
    from editor.ui.canvas import Canvas
    from editor.ui.generation import Generation
    from editor.ui.queue_panel import QueuePanel
    from generator.thread import GeneratorThread

log = logging.getLogger(__name__)

TITLE = "Acetate"


class Window(QMainWindow):
    """One window. What generates is built by `start_generation`, after the first paint."""

    first_painted = Signal()

    def __init__(
        self, recent: Recent | None = None, preferences: Preferences | None = None
    ) -> None:
        """Build everything; nothing is open."""
        super().__init__()
        self.setWindowTitle(TITLE)
        self.resize(fitting_size())
        self._is_painted = False
        self.desk = Desk(self)
        self.tools = ToolBox(self)
        self.aids = Aids(self)
        self.recent = recent or Recent()
        self.preferences = preferences or Preferences()
        self.folder = DragFolder()
        self.digits = Digits()
        self.pictures = Pictures(self.desk, self.folder)
        self.files = Files(self.desk, self.pictures, self)
        self.drops = Drops(self.files, self.desk, self)
        self.generator: GeneratorThread | None = None
        self.generation: Generation | None = None
        self.queue_panel: QueuePanel | None = None
        self.background = Background(2, self)
        self.labour = Background(2, self)  # edits that take long
        self._asked_early: list[object] = []  # Asked, before there was a queue
        self._thumbnails = Thumbnails(Background(1, self), self)
        self._canvases: dict[Workspace, Canvas] = {}
        self.messages = MessageBar()
        self.prompt = PromptBar(None)
        self.models = Models(self)
        self.staleness = StalenessWatch(self.desk, self)
        self.fetcher = Fetcher(self)
        self.asking = Asking(self.desk, self.prompt, self.models, self.background, self)
        self._actions = Actions(self)
        self.actions_by_id = self._actions.by_id
        self._build_panels()
        self._build_menus()
        self.right, self._column = lay_out(self)
        self._connect()
        self._settings_watch = SettingsWatch(self)
        self._key_guard = KeyGuard(self._actions, self.area)

    @property
    def canvas(self) -> "Canvas | None":
        """The canvas in front."""
        return self.area.canvas

    def name_of(self, workspace: Workspace) -> str:
        """Return what a document is called."""
        return self.tabs.name_of(workspace)

    # Building

    def _build_panels(self) -> None:
        desk, actions = self.desk, self.actions_by_id
        self.options = OptionBar(desk, self.tools)
        self.tool_bar = ToolBar(desk, self.tools, actions)
        self.tabs = TabStrip(desk)
        self.layer_panel = LayerPanel(desk, self._thumbnails, self.pictures.mime_of_layers, actions)
        self.recipe_panel = RecipePanel(desk, self.models)
        self.adjustment_panel = AdjustmentPanel(desk)
        self.history_panel = HistoryPanel(desk)
        self.status = StatusBar(desk)
        self.strip = VariantStrip(desk, self._thumbnails)
        self.welcome = Welcome(actions["file.new"], actions["file.open"], self.recent)
        self.area = CanvasArea(self.welcome, self.prompt, self.strip)

    def _build_menus(self) -> None:
        bar = MenuBar()
        self.setMenuBar(bar)
        fill_menu_bar(bar, self.actions_by_id)
        self.recent_menu = RecentMenu(self.recent, self)
        add_recent(bar, self.recent_menu, self.actions_by_id["file.place"])

    def _connect(self) -> None:
        desk, files, drops = self.desk, self.files, self.drops
        desk.opened.connect(self._on_opened)
        desk.closed.connect(self._on_closed)
        desk.switched.connect(self._on_switched)
        desk.saved_changed.connect(self._show_title)
        desk.refused.connect(self.messages.refuse)
        files.said.connect(self.messages.say)
        files.failed.connect(self.messages.fail)
        files.saved.connect(self._on_saved)
        files.opened.connect(self._on_file_opened)
        files.lossy.connect(self._on_lossy)
        self.asking.asked.connect(self._on_asked)
        self.asking.failed.connect(self._on_not_asked)
        self.prompt.settings.extras_menu.models_wanted.connect(self.show_models)
        self.options.work.applied.connect(self._on_work_applied)
        self.options.work.cancelled.connect(self._on_work_cancelled)
        self.options.model.chosen.connect(self.models.choose)
        self.options.model.models_asked.connect(self.show_models)
        self.fetcher.ended.connect(self._on_fetched)
        self.recipe_panel.asked.connect(self._on_asked)
        self.status.cancel_asked.connect(self._on_stop)
        self.staleness.changed.connect(self.recipe_panel.show_stale)
        self.staleness.changed.connect(self.layer_panel.show_stale)
        self.prompt.left.connect(self._focus_canvas)
        self.prompt.field.entered.connect(self._on_prompt_entered)
        self.models.changed.connect(self._on_models_changed)
        self.tabs.close_asked.connect(self.close_workspace)
        self.tabs.dropped.connect(drops.on_tab)
        self.tabs.refused.connect(self.messages.fail)
        self.layer_panel.dropped.connect(drops.on_panel)
        self.welcome.dropped.connect(drops.on_welcome)
        self.welcome.refused.connect(self.messages.fail)
        self.welcome.recent_chosen.connect(drops.recent)
        self.recent_menu.chosen.connect(drops.recent)
        self.strip.chosen.connect(self._on_variant_chosen)
        self.strip.stepped.connect(self._on_variant_asked)
        self.strip.changed.connect(self.area.place_strip)

    def start_generation(self, generator: "GeneratorThread") -> None:
        """Build the queue and what shows it; `generator` starts when it is first needed."""
        from editor.jobs import Jobs
        from editor.ui.generation import Generation
        from editor.ui.queue_panel import QueuePanel

        jobs = Jobs(generator)
        jobs.setParent(self)
        self.generator = generator
        self.queue_panel = QueuePanel(jobs)
        self._column.insertWidget(self._column.indexOf(self.history_panel), self.queue_panel)
        self.generation = generation = Generation(self.desk, jobs, self)
        generation.said.connect(self.messages.say)
        generation.failed.connect(self._on_job_failed)
        generation.submitted.connect(self.prompt.take_new_seed)
        generation.running_changed.connect(self.prompt.show_running)
        generation.running_changed.connect(self.status.show_progress)
        generation.placeholders_changed.connect(self._on_placeholders)
        self.prompt.cancel_asked.connect(generation.cancel_running)
        self.recipe_panel.refresh_asked.connect(generation.refresh)
        asked, self._asked_early = self._asked_early, []
        for each in asked:
            self._on_asked(each)

    # Documents

    @Slot(object)
    def _on_opened(self, workspace: Workspace) -> None:
        from editor.ui.canvas import Canvas
        from editor.ui.display import Display

        display = Display(workspace.document, self.background, self)
        workspace.work_behind(self.labour)
        workspace.mask_view_changed.connect(display.show_mask)
        workspace.shown_instead.connect(display.show_instead)
        canvas = Canvas(workspace, self.tools, display, self.aids)
        self._canvases[workspace] = canvas
        canvas.view_changed.connect(self._on_view_changed)
        canvas.colour_under_pointer.connect(self.status.show_colour)
        canvas.refused.connect(self.messages.refuse)
        canvas.dropped.connect(self.drops.on_canvas)
        canvas.variant_asked.connect(self._on_variant_asked)

    @Slot(object)
    def _on_closed(self, workspace: Workspace) -> None:
        self.area.remove_canvas(self._canvases.pop(workspace))
        self.tools.forget()

    @Slot()
    def _on_switched(self) -> None:
        front = self.desk.front
        self.area.show_canvas(None if front is None else self._canvases[front])
        if front is None:
            self.welcome.show_recent()
        self._on_view_changed()
        self._show_title()

    @Slot()
    def _show_title(self) -> None:
        front = self.desk.front
        self.setWindowTitle(TITLE if front is None else f"{self.name_of(front)}[*] - {TITLE}")
        self.setWindowModified(front is not None and front.is_modified)

    def close_workspace(self, workspace: Workspace) -> None:
        """Close a document, after asking where it has changed."""
        if self._may_close(workspace, lambda: self.desk.close(workspace)):
            self.desk.close(workspace)

    def _may_close(self, workspace: Workspace, saved: Callable[[], object]) -> bool:
        """Whether a document can go now; where it is saved first, `saved` is called after that."""
        workspace.give_up_work()
        if workspace.is_previewing:
            workspace.cancel()
        if not workspace.is_modified:
            return True
        self.desk.show(workspace)
        answer = ask_unsaved(self, self.name_of(workspace))
        if answer is Answer.YES:
            save_then(self, workspace, saved)
        return answer is Answer.NO

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that something is on the screen."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask for each document that has changed; one that is being saved keeps the window."""
        if not all(self._may_close(each, self.close) for each in self.desk.workspaces):
            event.ignore()  # nothing is closed until all may be
            return
        for workspace in self.desk.workspaces:
            self.desk.close(workspace)
        self.files.wait()
        self.fetcher.cancel()
        if self.generator is not None:
            self.generator.stop()
        self.pictures.close()
        self.folder.close()
        event.accept()

    # What files and jobs tell

    @Slot(object, object)
    def _on_saved(self, workspace: Workspace, path: Path) -> None:
        self.status.note_saved(workspace)
        self.recent.add(path)
        self._show_title()

    @Slot(object)
    def _on_file_opened(self, path: Path) -> None:
        self.recent.add(path)

    @Slot(object)
    def _on_lossy(self, lossy: object) -> None:
        resolve_lossy(self, lossy)  # type: ignore[arg-type]  # the signal carries a Lossy

    @Slot(str, str, object)
    def _on_job_failed(self, text: str, name: str, act: object) -> None:
        self.messages.fail(text, name, act if callable(act) else None)

    @Slot(str)
    def _on_not_asked(self, sentence: str) -> None:
        is_here = self.models.able is not None
        act = None if is_here else self.show_models
        self.messages.fail(sentence, "" if is_here else self.tr("Models…"), act)

    @Slot(str, bool)
    def _on_fetched(self, sentence: str, well: bool) -> None:
        """Say it, and look at the folders again: no dialog need be open."""
        (self.messages.say if well else self.messages.fail)(sentence)
        self.background.run(find_models, self.models.show)

    @Slot()
    def _on_stop(self) -> None:
        stop_work(self)

    @Slot(object)
    def _on_placeholders(self, placeholders: object) -> None:
        if self.canvas is not None:
            self.canvas.show_placeholders(placeholders)  # type: ignore[arg-type]  # a tuple of them

    @Slot(object)
    def _on_asked(self, asked: object) -> None:
        """Submit, or keep what is asked in the first moments until there is a queue."""
        if self.generation is None:
            self._asked_early.append(asked)
        else:
            self.generation.submit(asked)  # type: ignore[arg-type]  # the signal carries an Asked

    @Slot()
    def _on_prompt_entered(self) -> None:
        """Whoever writes a prompt wants a layer soon: the worker starts to load."""
        if self.generator is not None and not self.generator.isRunning():
            self.generator.start()

    @Slot()
    def _on_models_changed(self) -> None:
        self.options.show_models(self.models)

    # What the canvas and drops tell

    @Slot()
    def _on_work_applied(self) -> None:
        if self.canvas is not None:
            self.canvas.apply_gesture()

    @Slot()
    def _on_work_cancelled(self) -> None:
        if self.canvas is not None:
            self.canvas.cancel_gesture()

    @Slot()
    def _on_view_changed(self) -> None:
        canvas = self.canvas
        self.status.show_zoom(*(0, 0) if canvas is None else (canvas.zoom, canvas.view.angle))
        self.area.place_strip()

    @Slot(int)
    def _on_variant_asked(self, by: int) -> None:
        step_variant(self, by)

    @Slot(int)
    def _on_variant_chosen(self, index: int) -> None:
        active = self.desk.active_layer
        shown = getattr(active, "variant", index)
        step_variant(self, index - shown)

    @Slot()
    def _focus_canvas(self) -> None:
        if self.canvas is not None:
            self.canvas.setFocus()
        else:
            self.setFocus()

    # What is shown

    def show_panels(self, *, shown: bool) -> None:
        """Show or hide everything around the canvas."""
        for widget in (self.right, self.tool_bar, self.options, self.status):
            widget.setVisible(shown)

    def show_prompt(self, *, shown: bool) -> None:
        """Show or hide the prompt bar."""
        self.prompt.setVisible(shown)
        self.actions_by_id["window.prompt"].setChecked(not shown)
        if not shown:
            self._focus_canvas()

    def show_models(self, name: str = "") -> None:
        """Show the models there are and could be, one of them in front."""
        from editor.ui.dialogs.models import ModelsDialog  # not before the first paint

        dialog = ModelsDialog(self.fetcher, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.models.choose)
        dialog.found.connect(self.models.show)
        dialog.begin_with(name or self.models.chosen)
        dialog.show()

    def use_keymap(self, keymap: Keymap) -> None:
        """Give actions the keys of a keymap."""
        self._actions.use_keymap(keymap)

    def refresh_theme(self) -> None:
        """Paint again what is painted by hand."""
        self.actions_by_id["window.light"].setChecked(current_theme().name == "light")
        self._actions.refresh_icons()
        refresh_icons(self)
        for widget in self.findChildren(QWidget):
            widget.update()


def run(files: Sequence[Path], backend: str = "layer_diffusion") -> int:
    """Open the window with files in it, and return the exit code when it has been closed."""
    make_lasting()
    keep_errors_whole()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    Garbage(app)
    app.setApplicationName("acetate")
    app.setApplicationDisplayName(TITLE)
    app.setDesktopFileName("acetate")
    app.setWindowIcon(QIcon(str(RESOURCES / "icons" / "acetate.svg")))
    preferences = Preferences()
    use_theme(app, preferences.settings.theme)
    window = Window(preferences=preferences)
    window.show()
    window.area.setFocus()
    window.first_painted.connect(lambda: start_work(window, files, backend))
    return app.exec()
