"""The layer tree as Qt sees it: rows top first, addressed by `LayerId`, never by a kept layer."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from editor.document.document import Document, Place
from editor.document.layer import Group, Layer, LayerId
from editor.edits.edit import EditError
from editor.ui.arrivals import arrival_of, is_taken
from editor.ui.drag_drop import LAYERS_MIME, layer_ids_from
from editor.ui.offer import FILES_MIME, IMAGE_MIME, PNG_MIME, PROJECT_MIME
from editor.ui.words import layer_line

LAYER_ROLE = Qt.ItemDataRole.UserRole
ID_ROLE = Qt.ItemDataRole.UserRole + 1
STALE_ROLE = Qt.ItemDataRole.UserRole + 2  # whether what it was made from has changed

Index = QModelIndex | QPersistentModelIndex
MimeMaker = Callable[[tuple[LayerId, ...]], QMimeData]


class LayerModel(QAbstractItemModel):
    """One column of layers. It changes nothing itself: it says what was asked by signals."""

    rename_asked = Signal(str, str)  # layer id, name
    move_asked = Signal(object, object)  # tuple[LayerId, ...], Place
    dropped = Signal(object, object)  # Arrival, Place
    refused = Signal(str)

    def __init__(self, make_mime: MimeMaker, parent: QObject | None = None) -> None:
        """`make_mime` gives what a dragged selection of layers offers to the world."""
        super().__init__(parent)
        self._make_mime = make_mime
        self._document: Document | None = None
        self._rows: dict[LayerId | None, tuple[LayerId, ...]] = {None: ()}  # top first
        self._parents: dict[LayerId, LayerId | None] = {}
        self._layers: dict[LayerId, Layer] = {}
        self._numbers: dict[LayerId, int] = {}  # what stands in an index for an id
        self._ids: dict[int, LayerId] = {}
        self._stale: frozenset[LayerId] = frozenset()

    def show(self, document: Document | None) -> None:
        """Follow the document: rows that changed are announced, another tree is a reset."""
        rows, parents, layers = _tree(document)
        if rows == self._rows:
            before, self._layers, self._document = self._layers, layers, document
            for layer_id, layer in layers.items():
                if before.get(layer_id) is not layer:
                    index = self.index_of(layer_id)
                    self.dataChanged.emit(index, index)
            return
        self.beginResetModel()
        self._document, self._rows, self._parents, self._layers = document, rows, parents, layers
        for layer_id in layers:
            if layer_id not in self._numbers:
                number = len(self._numbers) + 1
                self._numbers[layer_id] = number
                self._ids[number] = layer_id
        self.endResetModel()

    def refresh(self, layer_id: LayerId) -> None:
        """Say that what a row looks like has changed, though its layer has not."""
        index = self.index_of(layer_id)
        if index.isValid():
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def show_stale(self, stale: frozenset[LayerId]) -> None:
        """Follow which layers are stale."""
        changed, self._stale = self._stale ^ stale, stale
        for layer_id in changed:
            self.refresh(layer_id)

    def index_of(self, layer_id: LayerId | None) -> QModelIndex:
        """Return the row of a layer; the invalid index where it is not in the tree."""
        if layer_id is None or layer_id not in self._layers:
            return QModelIndex()
        row = self._rows[self._parents[layer_id]].index(layer_id)
        return self.createIndex(row, 0, self._numbers[layer_id])

    def id_of(self, index: Index) -> LayerId | None:
        """Return the layer of a row, None for the invalid index."""
        return self._ids.get(index.internalId()) if index.isValid() else None

    def layer_of(self, index: Index) -> Layer | None:
        """Return the layer as it is now, None for the invalid index."""
        layer_id = self.id_of(index)
        return None if layer_id is None else self._layers.get(layer_id)

    # What Qt asks; the names and arguments are Qt's.

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008  # Qt's default
        """Return the index of a row in its parent."""
        rows = self._rows.get(self.id_of(parent), ())
        if column != 0 or not 0 <= row < len(rows):
            return QModelIndex()
        return self.createIndex(row, 0, self._numbers[rows[row]])

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008  # Qt has two of that name
        """Return the index of the group around a row."""
        layer_id = self.id_of(index)
        return QModelIndex() if layer_id is None else self.index_of(self._parents.get(layer_id))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many layers are in a group, or in the document."""
        return len(self._rows.get(self.id_of(parent), ()))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return 1."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # Qt's own type
        """Return the name, the layer itself, its id, or its quiet line as the tooltip."""
        layer = self.layer_of(index)
        if layer is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return layer.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{layer.name}, {layer_line(layer, layer.id in self._stale)}"
            case _ if role == LAYER_ROLE:
                return layer
            case _ if role == ID_ROLE:
                return layer.id
            case _ if role == STALE_ROLE:
                return layer.id in self._stale
            case _:
                return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name; only the document's change makes it so."""
        layer = self.layer_of(index)
        if layer is None or role != Qt.ItemDataRole.EditRole:
            return False
        name = str(value).strip()
        if not name or name == layer.name:
            return False
        self.rename_asked.emit(layer.id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what may be done with a row; only groups can be dropped onto."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemIsDragEnabled
        )
        if isinstance(self.layer_of(index), Group):
            return flags | Qt.ItemFlag.ItemIsDropEnabled
        return flags | Qt.ItemFlag.ItemNeverHasChildren

    def supportedDropActions(self) -> Qt.DropAction:
        """Return copy: for files; layers of this document are moved whatever it is called."""
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def supportedDragActions(self) -> Qt.DropAction:
        """Return copy alone, so that no other program takes a layer away."""
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        """Return what can be dropped here."""
        return [LAYERS_MIME, PROJECT_MIME, PNG_MIME, FILES_MIME, IMAGE_MIME, "text/html"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return what the dragged layers offer."""
        ids = [self.id_of(index) for index in indexes]
        return self._make_mime(tuple(each for each in ids if each is not None))

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Whether layers may go there; a group not into itself. Files may go anywhere."""
        ids = layer_ids_from(data)
        if not any(each in self._layers for each in ids):
            return is_taken(data)
        at: LayerId | None = self.id_of(parent)
        while at is not None:
            if at in ids:
                return False
            at = self._parents.get(at)
        return True

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Say what was dropped where."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        place = self.place_at(row, parent)
        ids = tuple(each for each in layer_ids_from(data) if each in self._layers)
        if ids:
            self.move_asked.emit(ids, place)
            return True
        try:
            self.dropped.emit(arrival_of(data), place)
        except EditError as error:
            self.refused.emit(str(error))
            return False
        return True

    def place_at(self, row: int, parent: Index) -> Place:
        """Return the place above which row `row` of the list stands; -1 is the top of a group."""
        parent_id = self.id_of(parent)
        count = len(self._rows.get(parent_id, ()))
        return Place(parent_id, count if row < 0 else count - row)


def _tree(
    document: Document | None,
) -> tuple[
    dict[LayerId | None, tuple[LayerId, ...]], dict[LayerId, LayerId | None], dict[LayerId, Layer]
]:
    rows: dict[LayerId | None, tuple[LayerId, ...]] = {None: ()}
    parents: dict[LayerId, LayerId | None] = {}
    layers: dict[LayerId, Layer] = {}

    def add(children: tuple[Layer, ...], parent: LayerId | None) -> None:
        rows[parent] = tuple(layer.id for layer in reversed(children))
        for layer in children:
            parents[layer.id] = parent
            layers[layer.id] = layer
            if isinstance(layer, Group):
                add(layer.children, layer.id)

    if document is not None:
        add(document.layers, None)
    return rows, parents, layers
