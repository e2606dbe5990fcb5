"""What a tool is, what it is told, and what it may do."""

from dataclasses import dataclass, field
from enum import Flag, StrEnum, auto
from typing import ClassVar, Protocol, runtime_checkable

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import LayerId
from editor.document.pixels import Pixels
from editor.document.text import Text
from editor.edits.edit import Edit

Colour = tuple[int, int, int]  # sRGB, 0 to 255
Place = tuple[float, float]  # in document pixels


class Modifier(Flag):
    """Keys held while the pointer acts."""

    NONE = 0
    SHIFT = auto()
    CONTROL = auto()
    ALT = auto()


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """Where the pointer is: in document pixels (a pixel's centre is at .5) and in the widget's."""

    x: float
    y: float
    view_x: float
    view_y: float
    pressure: float = 1.0  # 0 to 1; a mouse presses fully
    modifiers: Modifier = Modifier.NONE


class Target(StrEnum):
    """What painting changes."""

    PIXELS = "pixels"  # of the active layer
    MASK = "mask"  # of the active layer
    SELECTION = "selection"  # the quick mask


class Cursor(StrEnum):
    """What the pointer looks like over the canvas."""

    ARROW = "arrow"
    MOVE = "move"
    CROSS = "cross"
    OPEN_HAND = "open hand"
    CIRCLE = "circle"  # a ring of the tool's size
    ZOOM = "zoom"
    TEXT = "text"


@dataclass(slots=True)
class Option:
    """One number in the option bar; the tool reads `value`, the bar writes it."""

    name: str  # one word, shown with a capital
    value: float
    least: float
    most: float
    unit: str = ""


@dataclass(slots=True)
class Choice:
    """One switch in the option bar."""

    name: str
    value: bool


@dataclass(slots=True)
class Pick:
    """One of several in the option bar; `values` maps each to the words it is shown by."""

    name: str
    value: str
    values: dict[str, str]


@dataclass(slots=True)
class Options:
    """What a tool can be set to, by name, in the order of the option bar."""

    numbers: dict[str, Option] = field(default_factory=dict)
    switches: dict[str, Choice] = field(default_factory=dict)
    picks: dict[str, Pick] = field(default_factory=dict)
    font: str | None = None  # the family of a tool that has one; "" is the system's


class Key(StrEnum):
    """Keys that a tool may act on."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    BACKSPACE = "backspace"


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a tool draws over the picture, in document pixels."""

    lines: tuple[tuple[Place, ...], ...] = ()
    handles: tuple[Place, ...] = ()
    kept: Rect | None = None  # what is around it is darkened
    note: str = ""  # in words, beside it


class ToolContext(Protocol):
    """What a tool may see and do; the canvas offers it."""

    @property
    def document(self) -> Document:
        """What is shown."""
        ...

    @property
    def kept(self) -> Document:
        """The document of the last step, without what is previewed."""
        ...

    @property
    def active(self) -> LayerId | None:
        """The layer to work on."""
        ...

    @property
    def selected(self) -> tuple[LayerId, ...]:
        """The layers that are selected."""
        ...

    @property
    def target(self) -> Target:
        """What painting changes."""
        ...

    @property
    def foreground(self) -> Colour:
        """The colour to paint with."""
        ...

    @property
    def background(self) -> Colour:
        """The second colour."""
        ...

    @property
    def zoom(self) -> float:
        """Pixels of the widget a document pixel."""
        ...

    def preview(self, edit: Edit) -> None:
        """Apply on top of what is shown."""
        ...

    def commit(self, label: str) -> None:
        """Keep what is shown as one step."""
        ...

    def do(self, edit: Edit, label: str) -> None:
        """Apply as one step: now, or in a large document as soon as it has been worked out."""
        ...

    def cancel(self) -> None:
        """Go back to the last step."""
        ...

    def select(self, layer: LayerId) -> None:
        """Make a layer the active one."""
        ...

    def pick(self, colour: Colour, *, background: bool) -> None:
        """Set the foreground or the background colour."""
        ...

    def refresh_options(self) -> None:
        """Show the tool's settings again: the tool has changed them itself."""
        ...

    def put_away(self) -> None:
        """Take the tool in hand that was there before this one."""
        ...

    def drawn(self, text: Text) -> Pixels:
        """Return the pixels that show a text, with its anchor at (0, 0)."""
        ...

    def has_font(self, family: str) -> bool:
        """Whether text in a font would look as it was meant here."""
        ...

    def begin_typing(self, content: str) -> None:
        """Let the user type; what is there comes to the tool's `typed` with each change."""
        ...

    def end_typing(self) -> None:
        """No more."""
        ...

    def scroll_by(self, dx: float, dy: float) -> None:
        """Shift the view by pixels of the widget."""
        ...

    def zoom_by(self, factor: float, view_x: float, view_y: float) -> None:
        """Enlarge about a place of the widget."""
        ...


class Tool(Protocol):
    """A tool with its settings; press, any number of moves, then release or cancel."""

    id: ClassVar[str]  # also the name of its icon and of its action
    title: ClassVar[str]
    cursor: ClassVar[Cursor]
    options: Options

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Begin; raises `EditError` where the tool cannot work."""
        ...

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Go on, while the button is down."""
        ...

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """End, and keep what was done."""
        ...

    def cancel(self, context: ToolContext) -> None:
        """End, and keep nothing."""
        ...


@runtime_checkable
class Sketching(Protocol):
    """A tool that draws over the picture while it is used."""

    @property
    def sketch(self) -> Sketch | None:
        """What to draw now."""
        ...


@runtime_checkable
class Keyed(Protocol):
    """A tool that acts on keys."""

    def key(self, key: Key, modifiers: Modifier, context: ToolContext) -> bool:
        """Act on a key; False where it means nothing to the tool now."""
        ...


@runtime_checkable
class Lasting(Tool, Protocol):
    """A tool whose work goes on when the button is up, until it is applied or cancelled."""

    @property
    def is_open(self) -> bool:
        """Whether there is work that is neither applied nor cancelled."""
        ...

    def hover(self, event: PointerEvent, context: ToolContext) -> None:
        """Follow the pointer while no button is down."""
        ...

    def double_press(self, event: PointerEvent, context: ToolContext) -> None:
        """Act on the second press of a double click."""
        ...

    def apply(self, context: ToolContext) -> None:
        """End, and keep what was done."""
        ...

    def adjust(self, context: ToolContext) -> None:
        """Follow what was set in the option bar."""
        ...

    def leave(self, context: ToolContext) -> None:
        """Another tool or document is chosen: end as suits the tool."""
        ...


@runtime_checkable
class Typing(Protocol):
    """A tool that is typed into."""

    def typed(self, content: str, context: ToolContext) -> None:
        """Take what is in the field now."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """A tool that keeps something of a document between two gestures."""

    def forget(self) -> None:
        """Let go of it: a document was closed."""


@runtime_checkable
class Entering(Protocol):
    """A tool that begins to work when it is chosen."""

    def enter(self, context: ToolContext) -> None:
        """Begin; raises `EditError` where it cannot work."""
        ...
