"""Pointer events to edits: one tool a file, none of them knows Qt.

A tool is told where the pointer is in the document and on the screen, and answers by calls on its
`ToolContext`: previews, commits, scrolling, zooming. `TOOLS` is what the tool bar shows, in order.
"""

from editor.tools.brush import Brush
from editor.tools.bucket import Bucket
from editor.tools.crop import CropTool
from editor.tools.eraser import Eraser
from editor.tools.eyedropper import Eyedropper
from editor.tools.gradient import GradientTool
from editor.tools.hand import Hand
from editor.tools.lasso import Lasso
from editor.tools.move import Move
from editor.tools.polygon import PolygonLasso
from editor.tools.select_ellipse import SelectEllipse
from editor.tools.select_rectangle import SelectRectangle
from editor.tools.text import TextTool
from editor.tools.tool import Tool
from editor.tools.transform import Transform
from editor.tools.wand import Wand
from editor.tools.zoom import Zoom

TOOLS: tuple[type[Tool], ...] = (
    Move,
    SelectRectangle,
    SelectEllipse,
    Lasso,
    PolygonLasso,
    Wand,
    CropTool,
    Eyedropper,
    Brush,
    Eraser,
    Bucket,
    GradientTool,
    TextTool,
    Transform,
    Hand,
    Zoom,
)
