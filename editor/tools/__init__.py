"""Pointer events to edits: one tool a file, none of them knows Qt.

A tool is told where the pointer is in the document and on the screen, and answers by calls on its
`ToolContext`: previews, commits, scrolling, zooming. `TOOLS` is what the tool bar shows, in order;
a tool's file is imported when the tool is first made, for the first paint waits for none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from editor.tools.tool import Tool


class Row(NamedTuple):
    """A tool without its code: `id` is also the name of its file here, of its icon and action."""

    id: str
    title: str
    kind: str  # the name of its class


TOOLS = (
    Row("move", "Move", "Move"),
    Row("select_rectangle", "Rectangle", "SelectRectangle"),
    Row("select_ellipse", "Ellipse", "SelectEllipse"),
    Row("lasso", "Lasso", "Lasso"),
    Row("polygon", "Polygon lasso", "PolygonLasso"),
    Row("wand", "Magic wand", "Wand"),
    Row("crop", "Crop", "CropTool"),
    Row("eyedropper", "Eyedropper", "Eyedropper"),
    Row("brush", "Brush", "Brush"),
    Row("eraser", "Eraser", "Eraser"),
    Row("bucket", "Fill", "Bucket"),
    Row("gradient", "Gradient", "GradientTool"),
    Row("text", "Text", "TextTool"),
    Row("transform", "Free transform", "Transform"),
    Row("hand", "Hand", "Hand"),
    Row("zoom", "Zoom", "Zoom"),
)
KINDS = {row.id: row.kind for row in TOOLS}


def made(tool_id: str) -> "Tool":
    """Make a tool; an unknown id raises KeyError."""
    kind = KINDS[tool_id]
    return cast("Tool", getattr(import_module(f"editor.tools.{tool_id}"), kind)())
