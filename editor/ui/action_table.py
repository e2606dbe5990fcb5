"""Every action of the window: its menu, its words, when it can be done and what does it.

`ACTIONS` is the one table: menus, the tool bar, buttons and tooltips are built from it, and keys
come from a file in `resources/keymaps/`.
"""

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from editor.document.adjustment import AdjustmentKind
from editor.document.layer import Label
from editor.edits.aligning import Edge
from editor.tools import TOOLS
from editor.ui import file_actions as file
from editor.ui import generate_actions as make
from editor.ui import layer_actions as layer
from editor.ui import mask_actions as mask
from editor.ui import panel_round as round_
from editor.ui import select_actions as select
from editor.ui import tool_actions as tool
from editor.ui import transform_actions as transform
from editor.ui import view_actions as view
from editor.ui.action import (
    Action,
    always,
    can_blur,
    can_redo,
    can_undo,
    has_layer,
    has_pixels,
    has_visible,
    is_generated,
    is_group,
    is_several,
    is_text,
    varied,
)
from editor.ui.generate_actions import has_sources
from editor.ui.later import Later
from editor.ui.select_actions import has_mask, has_selection

adjust = Later("editor.ui.adjust_actions")
edit = Later("editor.ui.edit_actions")
filters = Later("editor.ui.filter_actions")
image = Later("editor.ui.image_actions")
merge = Later("editor.ui.merge_actions")


def _(text: str) -> object:
    return QT_TRANSLATE_NOOP("Actions", text)


MENUS = {
    "acetate": QT_TRANSLATE_NOOP("Actions", "Acetate"),
    "file": QT_TRANSLATE_NOOP("Actions", "File"),
    "edit": QT_TRANSLATE_NOOP("Actions", "Edit"),
    "edit/transform": QT_TRANSLATE_NOOP("Actions", "Transform"),
    "image": QT_TRANSLATE_NOOP("Actions", "Image"),
    "image/rotate": QT_TRANSLATE_NOOP("Actions", "Rotate and flip image"),
    "layer": QT_TRANSLATE_NOOP("Actions", "Layer"),
    "layer/adjust": QT_TRANSLATE_NOOP("Actions", "New adjustment layer"),
    "layer/mask": QT_TRANSLATE_NOOP("Actions", "Mask"),
    "layer/lock": QT_TRANSLATE_NOOP("Actions", "Lock"),
    "layer/label": QT_TRANSLATE_NOOP("Actions", "Colour label"),
    "layer/order": QT_TRANSLATE_NOOP("Actions", "Arrange"),
    "layer/align": QT_TRANSLATE_NOOP("Actions", "Align and distribute"),
    "select": QT_TRANSLATE_NOOP("Actions", "Select"),
    "filter": QT_TRANSLATE_NOOP("Actions", "Filter"),
    "generate": QT_TRANSLATE_NOOP("Actions", "Generate"),
    "view": QT_TRANSLATE_NOOP("Actions", "View"),
    "window": QT_TRANSLATE_NOOP("Actions", "Window"),
    "help": QT_TRANSLATE_NOOP("Actions", "Help"),
}

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("app.about", "acetate", _("About Acetate"), view.about, always),
    Action("app.settings", "acetate", _("Settings…"), view.show_settings, always),
    Action("file.quit", "acetate", _("Quit Acetate"), file.quit_window, always),

    Action("file.new", "file", _("New…"), file.new, always, "new"),
    Action("file.open", "file", _("Open…"), file.open_files, always, "open"),
    Action("file.place", "file", _("Place file as layer…"), file.place),
    Action("file.save", "file", _("Save"), file.save),
    Action("file.save_as", "file", _("Save as…"), file.save_as),
    Action("file.export_as", "file", _("Export as…"), file.export_as),
    Action("file.quick_export", "file", _("Quick export PNG"), file.quick_export),
    Action("file.export_layers", "file", _("Export layers to files…"), file.export_layers,
           has_layer),
    Action("file.close", "file", _("Close"), file.close),

    Action("edit.undo", "edit", _("Undo"), edit.undo, can_undo),
    Action("edit.redo", "edit", _("Redo"), edit.redo, can_redo),
    Action("edit.cut", "edit", _("Cut"), edit.cut, has_layer),
    Action("edit.copy", "edit", _("Copy"), edit.copy, has_layer),
    Action("edit.copy_merged", "edit", _("Copy merged"), edit.copy_merged),
    Action("edit.paste", "edit", _("Paste as layer"), edit.paste, always),
    Action("edit.paste_in_place", "edit", _("Paste in place"), edit.paste_in_place, always),
    Action("edit.clear", "edit", _("Clear"), edit.clear, has_layer),
    Action("edit.fill_foreground", "edit", _("Fill with foreground"), edit.fill_foreground),
    Action("edit.fill_background", "edit", _("Fill with background"), edit.fill_background),
    Action("tool.transform", "edit/transform", _("Free transform"),
           partial(tool.use, tool="transform"), always, "transform"),
    Action("transform.flip_across", "edit/transform", _("Flip layer left to right"),
           partial(transform.flip, across=True), has_layer),
    Action("transform.flip_down", "edit/transform", _("Flip layer top to bottom"),
           partial(transform.flip, across=False), has_layer),
    Action("transform.right", "edit/transform", _("Turn layer 90° right"),
           partial(transform.turn, quarters=1), has_layer),
    Action("transform.left", "edit/transform", _("Turn layer 90° left"),
           partial(transform.turn, quarters=3), has_layer),
    Action("transform.half", "edit/transform", _("Turn layer 180°"),
           partial(transform.turn, quarters=2), has_layer),
    Action("edit.swap_colours", "edit", _("Swap colours"), edit.swap_colours, icon="swap"),
    Action("edit.default_colours", "edit", _("Default colours"), edit.default_colours),

    Action("image.invert", "image", _("Invert colours"), adjust.invert, has_layer),
    Action("image.size", "image", _("Image size…"), image.size),
    Action("image.canvas_size", "image", _("Canvas size…"), edit.canvas_size),
    Action("image.fit_layers", "image", _("Fit canvas to layers"), edit.fit_canvas, has_layer),
    Action("image.crop", "image", _("Crop to selection"), image.crop, has_selection),
    Action("image.trim", "image", _("Trim transparent edges"), image.trim, has_layer),
    Action("image.trim_colour", "image", _("Trim edges of one colour"), image.trim_colour,
           has_layer),
    Action("image.right", "image/rotate", _("90° right"), partial(image.turn, quarters=1)),
    Action("image.left", "image/rotate", _("90° left"), partial(image.turn, quarters=3)),
    Action("image.half", "image/rotate", _("180°"), partial(image.turn, quarters=2)),
    Action("image.rotate", "image/rotate", _("By degrees…"), image.rotate),
    Action("image.flip_across", "image/rotate", _("Flip left to right"),
           partial(image.flip, across=True)),
    Action("image.flip_down", "image/rotate", _("Flip top to bottom"),
           partial(image.flip, across=False)),
    Action("image.duplicate", "image", _("Duplicate document"), image.duplicate),

    Action("layer.new", "layer", _("New layer"), layer.new, icon="new_layer"),
    *(
        Action(f"adjust.{each}", "layer/adjust", text, partial(adjust.add, kind=each),
               icon=f"adjust_{each}")
        for each, text in (
            (AdjustmentKind.BRIGHTNESS, _("Brightness/contrast")),
            (AdjustmentKind.LEVELS, _("Levels")), (AdjustmentKind.CURVES, _("Curves")),
            (AdjustmentKind.HUE, _("Hue/saturation")),
            (AdjustmentKind.BALANCE, _("Colour balance")), (AdjustmentKind.INVERT, _("Invert")),
        )
    ),
    Action("layer.duplicate", "layer", _("Duplicate"), layer.copy_all, has_layer, "duplicate"),
    Action("layer.delete", "layer", _("Delete"), layer.delete, has_layer, "trash"),
    Action("layer.rename", "layer", _("Rename"), layer.rename, has_layer),
    Action("layer.group", "layer", _("Group"), layer.group, has_layer, "group"),
    Action("layer.ungroup", "layer", _("Ungroup"), layer.ungroup, is_group),
    Action("layer.clip", "layer", _("Clip to the layer below"), layer.clip, has_layer),
    Action("layer.mask", "layer/mask", _("Add mask"), mask.add, mask.has_no_mask, "mask"),
    Action("layer.hiding_mask", "layer/mask", _("Add hiding mask"), mask.add_hiding, has_layer),
    Action("mask.reveal_all", "layer/mask", _("Reveal all"), mask.reveal_all, mask.has_no_mask),
    Action("mask.hide_all", "layer/mask", _("Hide all"), mask.hide_all, mask.has_no_mask),
    Action("mask.paint", "layer/mask", _("Paint on mask"), mask.toggle_paint, has_mask),
    Action("mask.view", "layer/mask", _("Look at mask"), mask.toggle_view, has_mask),
    Action("mask.enabled", "layer/mask", _("Mask is on"), mask.toggle_enabled, has_mask),
    Action("mask.linked", "layer/mask", _("Mask is linked"), mask.toggle_linked, has_mask),
    Action("mask.invert", "layer/mask", _("Invert mask"), mask.invert, has_mask),
    Action("mask.apply", "layer/mask", _("Apply mask"), mask.apply, has_mask),
    Action("mask.delete", "layer/mask", _("Delete mask"), mask.delete, has_mask),
    Action("layer.lock_alpha", "layer/lock", _("Lock transparency"), layer.lock_alpha, has_layer,
           "lock_alpha"),
    Action("layer.lock_pixels", "layer/lock", _("Lock pixels"), layer.lock_pixels, has_layer,
           "brush"),
    Action("layer.lock_position", "layer/lock", _("Lock position"), layer.lock_position, has_layer,
           "move"),
    Action("layer.lock_all", "layer/lock", _("Lock all"), layer.lock_all, has_layer, "lock"),
    *(
        Action(f"label.{each}", "layer/label", text, partial(merge.label, colour=each), has_layer)
        for each, text in (
            (Label.NONE, _("No colour")), (Label.RED, _("Red")), (Label.ORANGE, _("Orange")),
            (Label.YELLOW, _("Yellow")), (Label.GREEN, _("Green")), (Label.BLUE, _("Blue")),
            (Label.VIOLET, _("Violet")), (Label.GRAY, _("Grey")),
        )
    ),
    Action("layer.text_to_pixels", "layer", _("Text to pixels"), layer.text_to_pixels, is_text),
    Action("layer.up", "layer/order", _("Bring forward"), layer.up, has_layer),
    Action("layer.down", "layer/order", _("Send backward"), layer.down, has_layer),
    Action("layer.top", "layer/order", _("Bring to front"), layer.top, has_layer),
    Action("layer.bottom", "layer/order", _("Send to back"), layer.bottom, has_layer),
    *(
        Action(f"align.{each}", "layer/align", text, partial(merge.align, edge=each), has_layer)
        for each, text in (
            (Edge.LEFT, _("Left edges")), (Edge.CENTRE, _("Centres across")),
            (Edge.RIGHT, _("Right edges")), (Edge.TOP, _("Top edges")),
            (Edge.MIDDLE, _("Middles")), (Edge.BOTTOM, _("Bottom edges")),
        )
    ),
    Action("distribute.across", "layer/align", _("Distribute across"),
           partial(merge.distribute, across=True), is_several),
    Action("distribute.down", "layer/align", _("Distribute down"),
           partial(merge.distribute, across=False), is_several),
    Action("layer.merge_down", "layer", _("Merge down"), merge.down, has_layer),
    Action("layer.merge_visible", "layer", _("Merge visible"), merge.visible, has_visible),
    Action("layer.stamp", "layer", _("Stamp visible"), merge.stamp, has_visible),
    Action("layer.flatten", "layer", _("Flatten"), merge.flatten, has_visible),
    Action("layer.rasterise", "layer", _("Rasterise group"), merge.rasterise, is_group),
    Action("layer.export", "layer", _("Export layer as PNG…"), file.export_layer, has_layer),

    Action("select.all", "select", _("All"), select.select_all),
    Action("select.none", "select", _("Deselect"), select.select_none, has_selection),
    Action("select.again", "select", _("Select again"), select.select_again),
    Action("select.invert", "select", _("Invert"), select.invert),
    Action("select.feather", "select", _("Feather…"), select.feather, has_selection),
    Action("select.grow", "select", _("Grow…"), select.grow, has_selection),
    Action("select.shrink", "select", _("Shrink…"), select.shrink, has_selection),
    Action("select.border", "select", _("Border…"), select.border, has_selection),
    Action("select.layer", "select", _("Transparency of the layer"), select.of_layer, has_layer),
    Action("select.mask", "select", _("Mask of the layer"), select.of_mask, has_mask),
    Action("select.quick_mask", "select", _("Quick mask"), select.quick_mask),
    Action("select.all_layers", "select", _("All layers"), layer.select_all, has_layer),
    Action("layer.select_above", "select", _("Layer above"), layer.select_above, has_layer),
    Action("layer.select_below", "select", _("Layer below"), layer.select_below, has_layer),

    Action("filter.blur", "filter", _("Gaussian blur…"), filters.blur, can_blur),
    Action("filter.sharpen", "filter", _("Sharpen…"), filters.sharpen, has_pixels),
    Action("filter.defringe", "filter", _("Defringe…"), filters.defringe, has_pixels),

    Action("generate.prompt", "generate", _("Describe a layer"), view.describe, always),
    Action("generate.generate", "generate", _("Generate"), make.ask, always),
    Action("generate.next", "generate", _("Generate next in queue"), make.ask, always),
    Action("generate.again", "generate", _("Make another variant"), make.again, is_generated),
    Action("generate.vary", "generate", _("Vary layer…"), make.vary, make.can_vary),
    Action("generate.repaint", "generate", _("Repaint selection…"), make.repaint, make.can_repaint),
    Action("generate.upscale_2", "generate", _("Upscale 2 ×"), make.upscale_2, make.can_vary),
    Action("generate.upscale_4", "generate", _("Upscale 4 ×"), make.upscale_4, make.can_vary),
    Action("generate.extract", "generate", _("Extract subject"), make.extract, make.can_extract),
    Action("generate.shadow", "generate", _("Shadow and light"), make.shadow, make.can_shadow),
    Action("generate.refresh", "generate", _("Refresh stale layers"), make.refresh, has_sources),
    Action("generate.next_variant", "generate", _("Next variant"), layer.next_variant, varied),
    Action("generate.last_variant", "generate", _("Previous variant"), layer.last_variant, varied),
    Action("generate.models", "generate", _("Models…"), make.models, always),
    Action("edit.cancel", "generate", _("Cancel"), view.cancel, always),

    Action("view.zoom_in", "view", _("Zoom in"), view.zoom_in),
    Action("view.zoom_out", "view", _("Zoom out"), view.zoom_out),
    Action("view.fit", "view", _("Fit in window"), view.fit),
    Action("view.actual", "view", _("100 %"), view.actual),
    Action("view.turn_right", "view", _("Turn view right"), view.turn_right),
    Action("view.turn_left", "view", _("Turn view left"), view.turn_left),
    Action("view.upright", "view", _("Turn view upright"), view.upright),
    Action("view.rulers", "view", _("Rulers"), view.toggle_rulers, always),
    Action("view.guides", "view", _("Guides"), view.toggle_guides, always),
    Action("view.lock_guides", "view", _("Lock guides"), view.lock_guides, always),
    Action("view.clear_guides", "view", _("Clear guides"), view.clear_guides, view.has_guides),
    Action("view.snap", "view", _("Snap"), view.toggle_snap, always),
    Action("view.pixel_grid", "view", _("Pixel grid"), view.toggle_grid, always),

    Action("window.next", "window", _("Next document"), view.next_document),
    Action("window.last", "window", _("Previous document"), view.last_document),
    Action("window.next_panel", "window", _("Go to the next panel"), round_.next_panel, always),
    Action("window.last_panel", "window", _("Go to the panel before"), round_.last_panel, always),
    Action("window.panels", "window", _("Hide panels"), view.toggle_panels, always),
    Action("window.prompt", "window", _("Hide prompt bar"), view.toggle_prompt, always),
    Action("window.history", "window", _("Hide history"), view.toggle_history, always),
    Action("window.light", "window", _("Light theme"), view.toggle_light, always),

    Action("help.find", "help", _("Find any command…"), view.find_action, always),
    Action("help.keys", "help", _("Keyboard shortcuts"), view.show_keys, always),
    Action("help.log", "help", _("Show the log folder"), view.show_log, always),

    *(
        Action(f"tool.{one.id}", "", _(one.title), partial(tool.use, tool=one.id), always, one.id)
        for one in TOOLS
        if one.id != "transform"  # which the Edit menu has
    ),
    Action("brush.smaller", "", _("Smaller brush"), tool.smaller, always),
    Action("brush.larger", "", _("Larger brush"), tool.larger, always),
    Action("brush.softer", "", _("Softer brush"), tool.softer, always),
    Action("brush.harder", "", _("Harder brush"), tool.harder, always),
    *(
        Action(f"opacity.{each}", "", _("Opacity {0} %"), partial(layer.opacity, percent=each),
               has_layer, number=each)
        for each in range(10, 101, 10)
    ),
)
LINE_BEFORE = {  # what begins a new part of its menu
    "file.quit", "file.place", "file.save", "file.export_as", "file.close", "edit.cut",
    "edit.clear", "edit/transform", "edit.swap_colours", "transform.flip_across", "layer.group",
    "layer.clip", "layer/lock", "layer.export",
    "image.size", "image/rotate", "image.duplicate", "image.crop",
    "image.flip_across", "layer.merge_down", "mask.paint", "mask.invert", "distribute.across",
    "generate.again", "generate.upscale_2", "generate.next_variant", "generate.models",
    "window.light", "select.feather", "select.layer", "select.quick_mask",
    "select.all_layers", "window.panels", "view.turn_right", "view.rulers", "view.snap",
}
CHECKABLE = {  # what is on or off
    "view.rulers", "view.guides", "view.lock_guides", "view.snap", "view.pixel_grid",
    "layer.clip", "layer.lock_alpha", "layer.lock_pixels", "layer.lock_position",
    "layer.lock_all", "mask.enabled", "mask.linked", "mask.view", "mask.paint",
    *(f"label.{each}" for each in Label),
    "window.panels", "window.prompt", "window.history", "window.light", "select.quick_mask",
    *(f"tool.{each.id}" for each in TOOLS),
}
WHILE_TYPING = {  # keys that also work while a text field has the focus
    "file.quit", "file.new", "file.open", "file.save", "file.save_as", "file.close", "help.find",
    "window.next_panel", "window.last_panel",
}
# fmt: on


def words(text: object) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("Actions", str(text))


def label(row: Action) -> str:
    """Return what an action is called on screen."""
    return words(row.text).format(row.number)
