"""Why an action cannot be done now, in one short sentence; conditions stand beside the actions."""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from editor.ui import action
from editor.ui import generate_actions as make
from editor.ui import mask_actions as mask
from editor.ui.action import Condition
from editor.ui.desk import Desk
from editor.ui.select_actions import has_mask, has_selection
from editor.ui.task_sense import obstacle
from editor.ui.view_actions import has_guides
from generator.request import Task

OTHERWISE = QT_TRANSLATE_NOOP("Reasons", "not with what is open and selected now")
REASONS: Mapping[Condition, object] = {
    action.has_document: QT_TRANSLATE_NOOP("Reasons", "no document is open"),
    action.has_layer: QT_TRANSLATE_NOOP("Reasons", "no layer is active"),
    action.can_undo: QT_TRANSLATE_NOOP("Reasons", "there is nothing to undo"),
    action.can_redo: QT_TRANSLATE_NOOP("Reasons", "there is nothing to redo"),
    action.is_generated: QT_TRANSLATE_NOOP("Reasons", "the active layer was not generated"),
    action.varied: QT_TRANSLATE_NOOP("Reasons", "the active layer has one variant"),
    action.is_group: QT_TRANSLATE_NOOP("Reasons", "the active layer is no group"),
    has_guides: QT_TRANSLATE_NOOP("Reasons", "there is no guide"),
    has_selection: QT_TRANSLATE_NOOP("Reasons", "nothing is selected"),
    has_mask: QT_TRANSLATE_NOOP("Reasons", "the active layer has no mask"),
    action.is_text: QT_TRANSLATE_NOOP("Reasons", "the active layer is no text"),
    mask.has_no_mask: QT_TRANSLATE_NOOP("Reasons", "the active layer has a mask already"),
    action.is_several: QT_TRANSLATE_NOOP("Reasons", "three layers or more are needed"),
    action.has_visible: QT_TRANSLATE_NOOP("Reasons", "no layer is shown"),
    action.can_blur: QT_TRANSLATE_NOOP("Reasons", "the active layer has no pixels"),
    action.has_pixels: QT_TRANSLATE_NOOP("Reasons", "the active layer has no pixels"),
    make.has_sources: QT_TRANSLATE_NOOP("Reasons", "no layer was made from others"),
}
TASKS: Mapping[Condition, Task] = {
    make.can_vary: Task.VARY,
    make.can_repaint: Task.REPAINT,
    make.can_extract: Task.EXTRACT,
    make.can_shadow: Task.SHADOW,
}


def reason(condition: Condition, desk: Desk) -> str:
    """Return why a condition does not hold, "" where it does."""
    if condition(desk):
        return ""
    if desk.front is None:
        condition = action.has_document
    if condition in TASKS:
        return obstacle(TASKS[condition], desk.front)
    return QCoreApplication.translate("Reasons", str(REASONS.get(condition, OTHERWISE)))
