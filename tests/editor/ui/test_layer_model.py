from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from editor.document.document import Document, Place
from editor.document.geometry import Size
from editor.document.layer import Group, LayerId, PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.edits.layers import AddLayers, MoveLayers, RemoveLayers
from editor.edits.properties import SetName
from editor.ui.drag_drop import LAYERS_MIME
from editor.ui.layer_model import LayerModel

COPY = Qt.DropAction.CopyAction


def pixel(name: str) -> PixelLayer:
    return PixelLayer(id=new_layer_id(), name=name, pixels=Pixels.empty())


@pytest.fixture
def start() -> Document:
    inner = Group(id=new_layer_id(), name="inner", children=(pixel("c"), pixel("d")))
    outer = Group(id=new_layer_id(), name="outer", children=(pixel("b"), inner))
    return Document(size=Size(10, 10), layers=(pixel("a"), outer, pixel("e")))


def mime_of(ids: tuple[LayerId, ...]) -> QMimeData:
    """A drag of layers that show nothing."""
    data = QMimeData()
    data.setData(LAYERS_MIME, "\n".join(ids).encode())
    return data


@pytest.fixture
def model(qapp: QObject, start: Document) -> Iterator[LayerModel]:
    made = LayerModel(mime_of)
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.show(start)
    yield made
    del tester


def names(model: LayerModel, parent: QModelIndex | None = None) -> list[object]:
    parent = parent or QModelIndex()
    found: list[object] = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        name = index.data()
        found.append((name, names(model, index)) if model.rowCount(index) else name)
    return found


def by_name(document: Document, name: str):
    return next(layer.id for layer in document.walk() if layer.name == name)


def test_rows_are_top_first(model: LayerModel) -> None:
    assert names(model) == ["e", ("outer", [("inner", ["d", "c"]), "b"]), "a"]


def test_follows_every_change_of_the_tree(model: LayerModel, start: Document) -> None:
    document = MoveLayers((by_name(start, "a"),), Place(by_name(start, "inner"), 1)).apply(start)
    model.show(document)
    assert names(model) == ["e", ("outer", [("inner", ["d", "a", "c"]), "b"])]
    document = RemoveLayers((by_name(start, "inner"),)).apply(document)
    model.show(document)
    assert names(model) == ["e", ("outer", ["b"])]
    document = AddLayers((pixel("f"),), Place(None, 0)).apply(document)
    model.show(document)
    assert names(model) == ["e", ("outer", ["b"]), "f"]
    model.show(None)
    assert names(model) == []


def test_a_changed_name_is_one_changed_row(
    model: LayerModel, start: Document, qtbot: QtBot
) -> None:
    target = by_name(start, "c")
    rows = []
    model.dataChanged.connect(lambda first, last: rows.append(first.data()))
    with qtbot.assertNotEmitted(model.modelReset):
        model.show(SetName(target, "sea").apply(start))
    assert rows == ["outer", "inner", "sea"]
    assert model.index_of(target).data() == "sea"


def test_renaming_asks_and_changes_nothing(
    model: LayerModel, start: Document, qtbot: QtBot
) -> None:
    index = model.index_of(by_name(start, "b"))
    with qtbot.waitSignal(model.rename_asked) as asked:
        assert model.setData(index, "  bee ")
    assert asked.args == [by_name(start, "b"), "bee"]
    assert index.data() == "b"
    assert not model.setData(index, "   ")


@pytest.mark.parametrize(
    ("parent", "row", "place"),
    [
        (None, 0, (None, 3)),
        (None, 1, (None, 2)),
        (None, 3, (None, 0)),
        (None, -1, (None, 3)),
        ("outer", -1, ("outer", 2)),
        ("inner", 1, ("inner", 1)),
    ],
)
def test_a_drop_between_rows_names_a_place(
    model: LayerModel, start: Document, qtbot: QtBot, parent, row, place
) -> None:
    dragged = by_name(start, "e")
    at = model.index_of(by_name(start, parent)) if parent else QModelIndex()
    data = model.mimeData([model.index_of(dragged)])
    with qtbot.waitSignal(model.move_asked) as asked:
        assert model.dropMimeData(data, COPY, row, 0, at)
    wanted = Place(by_name(start, place[0]) if place[0] else None, place[1])
    assert asked.args == [(dragged,), wanted]


def test_a_group_does_not_go_into_itself(model: LayerModel, start: Document) -> None:
    data = model.mimeData([model.index_of(by_name(start, "outer"))])
    inner = model.index_of(by_name(start, "inner"))
    assert not model.canDropMimeData(data, COPY, -1, 0, inner)
    assert model.canDropMimeData(data, COPY, 0, 0, QModelIndex())


def test_only_groups_take_drops(model: LayerModel, start: Document) -> None:
    drops = Qt.ItemFlag.ItemIsDropEnabled
    assert model.flags(model.index_of(by_name(start, "inner"))) & drops
    assert not model.flags(model.index_of(by_name(start, "a"))) & drops


def test_layers_of_another_document_are_refused(model: LayerModel) -> None:
    data = mime_of((new_layer_id(),))
    assert not model.canDropMimeData(data, COPY, 0, 0, QModelIndex())
    assert not model.canDropMimeData(QMimeData(), COPY, 0, 0, QModelIndex())
