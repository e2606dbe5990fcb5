"""Copy, cut and paste: within the program, and what other programs give and get."""

import io

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage

from editor.document.changes import same
from editor.document.geometry import Point, Rect
from editor.document.layer import BlendMode, Mask
from editor.document.pixels import Coverage, Pixels
from editor.edits.properties import SetBlendMode, SetMask, SetOpacity
from editor.edits.selection import SetSelection
from editor.ui.arrivals import Encoded, Link, arrival_of, is_taken
from editor.ui.offer import PROJECT_MIME


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("ground", side=200, at=(0, 0)), build.layer("leaf", at=(30, 20)))


@pytest.fixture
def trigger(window, qtbot):
    """Do an action and wait for what it began."""

    def trigger_(name: str) -> None:
        window.actions_by_id[name].trigger()
        qtbot.waitUntil(lambda: not window.files.is_busy, timeout=10000)

    return trigger_


def held() -> QMimeData:
    return QGuiApplication.clipboard().mimeData()


def hold(data: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(data)


def rgba(layer) -> np.ndarray:
    return layer.pixels.read(layer.pixels.content)


def soft(side: int = 40) -> np.ndarray:
    """Every alpha there is, colour under alpha 0 included."""
    random = np.random.default_rng(5)
    pixels = random.integers(0, 256, (side, side, 4), np.uint8)
    pixels[0, 0], pixels[-1, -1] = (9, 8, 7, 1), (1, 2, 3, 255)
    pixels[3:6, 3:6, 3] = 0
    return pixels


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_a_copy_is_a_png_a_picture_and_a_project(window, workspace, trigger) -> None:
    workspace.do(SetOpacity(workspace.active, 0.5), "Opacity")
    trigger("edit.copy")
    data = held()
    with Image.open(io.BytesIO(bytes(data.data("image/png").data()))) as image:
        assert (image.size, image.getpixel((0, 0))) == ((40, 40), (200, 30, 30, 128))
    assert QImage(data.imageData()).pixelColor(1, 1).alpha() == 128
    assert bytes(data.data(PROJECT_MIME).data())[:2] == b"PK"
    assert not data.hasUrls()


@pytest.mark.parametrize("other_program", [False, True])
def test_a_pasted_copy_is_the_layer_with_all_that_is_set_on_it(
    window, workspace, trigger, opened, other_program
) -> None:
    mask = Mask(Coverage.from_array(np.full((10, 10), 77, np.uint8), outside=255), Point(32, 22))
    for edit in (SetBlendMode(workspace.active, BlendMode.SCREEN), SetMask(workspace.active, mask)):
        workspace.do(edit, "Set")
    before = workspace.document.find(workspace.active)
    trigger("edit.copy")
    if other_program:  # what another window gets is bytes
        data = QMimeData()
        data.setData(PROJECT_MIME, held().data(PROJECT_MIME))
        hold(data)
    other = opened(size=(500, 400))
    trigger("edit.paste_in_place")
    (pasted,) = other.document.layers
    assert (pasted.name, pasted.blend_mode, pasted.rect) == ("leaf", BlendMode.SCREEN, before.rect)
    assert pasted.mask.rect == before.mask.rect
    assert np.array_equal(rgba(pasted), rgba(before))
    assert pasted.id != before.id
    trigger("edit.paste")
    assert other.document.layers[1].rect == Rect(230, 180, 270, 220)  # the middle


def test_cut_and_paste_in_place_give_the_same_picture(window, workspace, trigger) -> None:
    leaf = workspace.document.layers[1].id
    pixels = Pixels.from_array(soft())
    workspace.do(_Repaint(leaf, pixels), "Paint")
    alone = workspace.document
    workspace.do(SetSelection(Coverage.of_rect(Rect(35, 25, 60, 50))), "Select")
    trigger("edit.cut")
    assert not same(workspace.document, alone)
    trigger("edit.paste_in_place")
    below, pasted = workspace.document.layers[1:]
    assert pasted.rect == Rect(35, 25, 60, 50).met(pasted.rect)
    whole = np.zeros((40, 40, 4), np.uint8)
    for layer in (below, pasted):
        part = layer.pixels.read(Rect(30, 20, 70, 60).moved(-layer.offset.x, -layer.offset.y))
        whole = np.where(part[..., 3:] > 0, part, whole)
    expected = soft()
    visible = expected[..., 3] > 0
    assert np.array_equal(whole[visible], expected[visible])


def test_merged_is_what_is_seen_within_the_selection(window, workspace, trigger) -> None:
    workspace.do(SetSelection(Coverage.of_rect(Rect(190, 50, 230, 60))), "Select")
    trigger("edit.copy_merged")
    trigger("edit.paste_in_place")
    pasted = workspace.document.layers[-1]
    assert pasted.rect == Rect(190, 50, 200, 60)
    workspace.do(SetSelection(Coverage.of_rect(Rect(250, 150, 260, 160))), "Select")
    trigger("edit.copy_merged")
    assert "nothing there to copy" in window.messages.text


def test_a_png_is_taken_before_a_bitmap_and_its_alpha_is_whole(window, workspace, trigger) -> None:
    pixels, flat = soft(), QImage(40, 40, QImage.Format.Format_RGB32)
    flat.fill(QColor("white"))
    data = QMimeData()
    data.setImageData(flat)
    data.setData("image/png", png(pixels))
    hold(data)
    trigger("edit.paste")
    pasted = workspace.document.layers[-1].pixels.read(Rect(0, 0, 40, 40))
    visible = pixels[..., 3] > 0
    assert np.array_equal(pasted[visible], pixels[visible])
    assert workspace.document.layers[-1].name == "Pasted"


def test_files_are_pasted_in_order(window, workspace, trigger, tmp_path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.png").write_bytes(png(soft()))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / f"{name}.png")) for name in "ab"])
    hold(data)
    trigger("edit.paste")
    assert [layer.name for layer in workspace.document.layers[-2:]] == ["a", "b"]


def test_a_paste_into_an_empty_window_is_a_document(window, trigger) -> None:
    data = QMimeData()
    data.setData("image/png", png(soft()))
    hold(data)
    trigger("edit.paste")
    assert window.desk.document.size == (40, 40)
    assert len(window.desk.document.layers) == 1


def test_a_clipboard_out_of_reach_is_said(window, workspace, trigger) -> None:
    QGuiApplication.clipboard().clear()
    trigger("edit.paste_in_place")
    assert window.messages.text == "There is no picture in it that Acetate can take."


def test_what_cannot_be_pasted_is_said_after_long_work_too(
    window, workspace, trigger, monkeypatch
) -> None:
    waiting = []
    monkeypatch.setattr(workspace, "do_when_worked_out", waiting.append)
    QGuiApplication.clipboard().clear()
    trigger("edit.paste")
    assert window.messages.text == ""
    waiting.pop()()
    assert window.messages.text == "There is no picture in it that Acetate can take."


def test_what_cannot_be_pasted_is_said(window, workspace, trigger, tmp_path) -> None:
    data = QMimeData()
    data.setData("image/svg+xml", b"<svg/>")
    assert is_taken(data)
    hold(data)
    trigger("edit.paste")
    assert "SVG" in window.messages.text
    data = QMimeData()
    data.setText("words")
    assert not is_taken(data)
    hold(data)
    trigger("edit.paste")
    assert "no picture" in window.messages.text
    data = QMimeData()
    data.setData("image/png", b"\x89PNG\r\n\x1a\nrubbish")
    hold(data)
    trigger("edit.paste")
    assert "damaged" in window.messages.text
    assert len(workspace.document.layers) == 2


def test_the_picture_of_a_page_is_taken_rather_than_where_it_leads() -> None:
    data = QMimeData()
    data.setHtml('<a href="https://a.example/page"><img src="https://a.example/b.png?x=1"></a>')
    data.setUrls([QUrl("https://a.example/page")])
    (link,) = arrival_of(data)
    assert link == Link("https://a.example/b.png?x=1")
    data.setData("image/png", png(soft()))
    (picture,) = arrival_of(data)
    assert isinstance(picture, Encoded)


def test_other_schemes_are_not_followed() -> None:
    data = QMimeData()
    data.setUrls([QUrl("ftp://a.example/b.png"), QUrl("javascript:alert(1)")])
    assert not is_taken(data)


class _Repaint:
    """An edit that gives a layer other pixels."""

    def __init__(self, layer, pixels) -> None:
        self._layer, self._pixels = layer, pixels

    def apply(self, document):
        from dataclasses import replace

        return document.replaced(self._layer, lambda each: replace(each, pixels=self._pixels))
