"""What things are called on screen: blend modes, tasks, and what a layer is in one quiet line."""

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from editor.document.adjustment import AdjustmentKind, kind_of
from editor.document.layer import AdjustmentLayer, BlendMode, Group, Layer, PixelLayer
from editor.document.recipe import Recipe
from generator.request import Progress, Role, Task

DOT = " · "
VALUES = re.compile(r"(?<=“)[^”]*(?=”)|\d+(?:\.\d+)?")  # names and numbers in a sentence

BLEND_WORDS = {
    BlendMode.PASS_THROUGH: QT_TRANSLATE_NOOP("Words", "Pass through"),
    BlendMode.NORMAL: QT_TRANSLATE_NOOP("Words", "Normal"),
    BlendMode.DISSOLVE: QT_TRANSLATE_NOOP("Words", "Dissolve"),
    BlendMode.DARKEN: QT_TRANSLATE_NOOP("Words", "Darken"),
    BlendMode.MULTIPLY: QT_TRANSLATE_NOOP("Words", "Multiply"),
    BlendMode.COLOR_BURN: QT_TRANSLATE_NOOP("Words", "Color burn"),
    BlendMode.LINEAR_BURN: QT_TRANSLATE_NOOP("Words", "Linear burn"),
    BlendMode.DARKER_COLOR: QT_TRANSLATE_NOOP("Words", "Darker color"),
    BlendMode.LIGHTEN: QT_TRANSLATE_NOOP("Words", "Lighten"),
    BlendMode.SCREEN: QT_TRANSLATE_NOOP("Words", "Screen"),
    BlendMode.COLOR_DODGE: QT_TRANSLATE_NOOP("Words", "Color dodge"),
    BlendMode.LINEAR_DODGE: QT_TRANSLATE_NOOP("Words", "Linear dodge (add)"),
    BlendMode.LIGHTER_COLOR: QT_TRANSLATE_NOOP("Words", "Lighter color"),
    BlendMode.OVERLAY: QT_TRANSLATE_NOOP("Words", "Overlay"),
    BlendMode.SOFT_LIGHT: QT_TRANSLATE_NOOP("Words", "Soft light"),
    BlendMode.HARD_LIGHT: QT_TRANSLATE_NOOP("Words", "Hard light"),
    BlendMode.VIVID_LIGHT: QT_TRANSLATE_NOOP("Words", "Vivid light"),
    BlendMode.LINEAR_LIGHT: QT_TRANSLATE_NOOP("Words", "Linear light"),
    BlendMode.PIN_LIGHT: QT_TRANSLATE_NOOP("Words", "Pin light"),
    BlendMode.HARD_MIX: QT_TRANSLATE_NOOP("Words", "Hard mix"),
    BlendMode.DIFFERENCE: QT_TRANSLATE_NOOP("Words", "Difference"),
    BlendMode.EXCLUSION: QT_TRANSLATE_NOOP("Words", "Exclusion"),
    BlendMode.SUBTRACT: QT_TRANSLATE_NOOP("Words", "Subtract"),
    BlendMode.DIVIDE: QT_TRANSLATE_NOOP("Words", "Divide"),
    BlendMode.HUE: QT_TRANSLATE_NOOP("Words", "Hue"),
    BlendMode.SATURATION: QT_TRANSLATE_NOOP("Words", "Saturation"),
    BlendMode.COLOR: QT_TRANSLATE_NOOP("Words", "Color"),
    BlendMode.LUMINOSITY: QT_TRANSLATE_NOOP("Words", "Luminosity"),
}
# Photoshop's menu has a line before each of these
BLEND_GROUPS = (
    BlendMode.DARKEN,
    BlendMode.LIGHTEN,
    BlendMode.OVERLAY,
    BlendMode.DIFFERENCE,
    BlendMode.HUE,
)

ADJUSTMENT_WORDS = {
    AdjustmentKind.BRIGHTNESS: QT_TRANSLATE_NOOP("Words", "Brightness/contrast"),
    AdjustmentKind.LEVELS: QT_TRANSLATE_NOOP("Words", "Levels"),
    AdjustmentKind.CURVES: QT_TRANSLATE_NOOP("Words", "Curves"),
    AdjustmentKind.HUE: QT_TRANSLATE_NOOP("Words", "Hue/saturation"),
    AdjustmentKind.BALANCE: QT_TRANSLATE_NOOP("Words", "Colour balance"),
    AdjustmentKind.INVERT: QT_TRANSLATE_NOOP("Words", "Invert"),
}

TASK_WORDS = {
    Task.LAYER: QT_TRANSLATE_NOOP("Words", "Transparent layer"),
    Task.FOREGROUND: QT_TRANSLATE_NOOP("Words", "Foreground on this"),
    Task.BACKGROUND: QT_TRANSLATE_NOOP("Words", "Background for this"),
    Task.TOGETHER: QT_TRANSLATE_NOOP("Words", "Layers together"),
    Task.VARY: QT_TRANSLATE_NOOP("Words", "Vary"),
    Task.REPAINT: QT_TRANSLATE_NOOP("Words", "Repaint selection"),
    Task.EXTRACT: QT_TRANSLATE_NOOP("Words", "Extract"),
    Task.UPSCALE: QT_TRANSLATE_NOOP("Words", "Upscale"),
    Task.SHADOW: QT_TRANSLATE_NOOP("Words", "Shadow and light"),
}

CONTROL_WORDS = {  # kinds of control pictures, by the names that the generator knows
    "scribble": QT_TRANSLATE_NOOP("Words", "Scribble"),
    "canny": QT_TRANSLATE_NOOP("Words", "Edges"),
    "depth": QT_TRANSLATE_NOOP("Words", "Depth"),
    "pose": QT_TRANSLATE_NOOP("Words", "Pose"),
}

ROLE_WORDS = {  # what a layer is of those that a task makes together, by task and role
    f"{task}/{role}": text
    for task in (Task.SHADOW, Task.BACKGROUND, Task.FOREGROUND, Task.EXTRACT, Task.TOGETHER)
    for role, text in (
        (Role.SHADOW, QT_TRANSLATE_NOOP("Words", "Shadow")),
        (Role.LIGHT, QT_TRANSLATE_NOOP("Words", "Light")),
    )
}
STALE = QT_TRANSLATE_NOOP("Words", "what it was made from has changed")
STALE_WORDS = {  # by the role of what a layer was made from
    "background": QT_TRANSLATE_NOOP("Words", "its background has changed"),
    "foreground": QT_TRANSLATE_NOOP("Words", "its foreground has changed"),
    "image": QT_TRANSLATE_NOOP("Words", "what it varies has changed"),
    "control": QT_TRANSLATE_NOOP("Words", "its control picture has changed"),
}

STAGE_WORDS = {
    "loading model": QT_TRANSLATE_NOOP("Words", "loading model"),
    "finishing": QT_TRANSLATE_NOOP("Words", "finishing"),
}


def words(text: object) -> str:
    """Return a text of this file's tables in the user's language."""
    return QCoreApplication.translate("Words", str(text))


def spoken(sentence: str) -> str:
    """Return a sentence of the rooms that know no Qt in the user's language.

    What is quoted in it and its numbers stay: a translation is of the sentence with {0}, {1} there.
    """
    parts: list[str] = []

    def kept(found: re.Match[str]) -> str:
        parts.append(found.group())
        return f"{{{len(parts) - 1}}}"

    text = VALUES.sub(kept, sentence)
    try:
        return QCoreApplication.translate("Core", text).format(*parts)
    except (IndexError, KeyError, ValueError):  # braces that the sentence itself has
        return sentence


def blend_word(mode: BlendMode) -> str:
    """Return a blend mode's name as menus show it."""
    return words(BLEND_WORDS[mode])


def task_word(task: str) -> str:
    """Return a task's name; a task this version does not know is shown as it is written."""
    try:
        return words(TASK_WORDS[Task(task)])
    except ValueError:
        return task


def percent(share: float) -> str:
    """Return 0.0 to 1.0 as a whole percentage."""
    return f"{round(share * 100)} %"


def layer_line(layer: Layer, stale: bool = False) -> str:
    """Say in one quiet line what a layer is, or why it is stale."""
    if stale and isinstance(layer, PixelLayer) and layer.recipe is not None:
        roles = {each.role for each in layer.recipe.inputs}
        named = [text for role, text in STALE_WORDS.items() if role in roles]
        return words(named[0] if len(named) == 1 else STALE)  # of several, which is not known
    parts = [words("clipped")] if layer.clipped else []
    if isinstance(layer, Group):
        parts += [words("group"), blend_word(layer.blend_mode).lower()]
    else:
        parts += _kind_words(layer)
        if layer.blend_mode is not BlendMode.NORMAL:
            parts.append(blend_word(layer.blend_mode).lower())
    if layer.opacity < 1.0:
        parts.append(percent(layer.opacity))
    if isinstance(layer, PixelLayer) and not parts:
        rect = layer.rect
        empty = words("empty")
        parts.append(empty if rect.is_empty else f"{rect.width} × {rect.height} px")
    return DOT.join(parts)


def _kind_words(layer: PixelLayer | AdjustmentLayer) -> list[str]:
    """What a layer is that is no group: an adjustment, text, generated, or nothing to tell."""
    if isinstance(layer, AdjustmentLayer):
        kind = words(ADJUSTMENT_WORDS[kind_of(layer.adjustment)])
        return [words("adjustment") if layer.name == kind else kind.lower()]
    parts = [words("text")] if layer.text is not None else []
    if layer.recipe is not None:
        parts.append(_made_word(layer.recipe).lower())
        if len(layer.variants) > 1:
            place = words("variant {0} of {1}").format(layer.variant + 1, len(layer.variants))
            parts.append(place)
    return parts


def _made_word(recipe: Recipe) -> str:
    """What a layer is by its recipe: which of the pictures made together, or its task."""
    own = ROLE_WORDS.get(f"{recipe.task}/{recipe.role}")
    return task_word(recipe.task) if own is None else words(own)


def progress_line(progress: Progress | None) -> str:
    """Say in words how far a job is."""
    if progress is None:
        return words("waiting")
    if progress.stage == "step":
        return words("step {0} of {1}").format(progress.step, progress.steps)
    return words(STAGE_WORDS.get(progress.stage, progress.stage))
