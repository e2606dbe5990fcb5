import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor.document.changes import same
from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.formats import FormatError, read, write
from editor.render.composite import composite

TOLERATED = [
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.function_scoped_fixture,
]
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=TOLERATED)


@SETTINGS
@given(data=st.data())
def test_every_document_comes_back_the_same(data, documents, tmp_path):
    document = data.draw(documents)
    path = tmp_path / "round.acetate"
    assert write(document, path) == ()
    loaded = read(path)
    assert loaded.format == "acetate"
    assert loaded.warnings == ()
    assert same(loaded.document, document)
    assert [each.id for each in loaded.document.walk()] == [each.id for each in document.walk()]


def test_offsets_and_colour_under_alpha_0_are_kept(tmp_path):
    array = np.zeros((20, 30, 4), np.uint8)
    array[3:9, 4:8] = (200, 100, 50, 0)
    layer = PixelLayer(
        id=new_layer_id(),
        name="x",
        pixels=Pixels.from_array(array, Point(-7, 5)),
        offset=Point(3, 1),
    )
    path = tmp_path / "a.acetate"
    document = Document(size=Size(30, 20), layers=(layer,), icc=b"profile")
    write(document, path)
    back = read(path).document
    assert back.icc == b"profile"
    assert back.layers[0].offset == Point(3, 1)
    rect = layer.pixels.rect
    assert np.array_equal(back.layers[0].pixels.read(rect), layer.pixels.read(rect))


def test_other_programs_find_an_openraster_file(small_document, tmp_path):
    path = tmp_path / "a.acetate"
    write(small_document, path)
    assert path.read_bytes()[30:54] == b"mimetypeimage/openraster"
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert b'name="apple"' in archive.read("stack.xml")
        archive.extract("mergedimage.png", tmp_path)
        archive.extract("Thumbnails/thumbnail.png", tmp_path)
    merged = read(tmp_path / "mergedimage.png").document
    pixels = merged.layers[0].pixels.read(small_document.rect)
    assert np.array_equal(pixels, composite(small_document, small_document.rect))


def test_a_picture_shared_by_layers_is_stored_once(small_document, tmp_path):
    layer = small_document.layers[0].children[0]
    twice = replace(small_document, layers=(layer, replace(layer, id=new_layer_id())))
    path = tmp_path / "a.acetate"
    write(twice, path)
    with zipfile.ZipFile(path) as archive:
        assert sum(name.startswith("data/") for name in archive.namelist()) == 1


def rewritten(path, change):
    """Write the zip again with its entries changed: name to body, in place."""
    with zipfile.ZipFile(path) as archive:
        entries = {each: archive.read(each) for each in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, body in entries.items():
            archive.writestr(zipfile.ZipInfo(name), body)


def without_project(entries):
    del entries["acetate/project.json"], entries["stack.xml"]


def outside(entries):
    entries["../../evil.png"] = b""


def newer(entries):
    project = json.loads(entries["acetate/project.json"])
    entries["acetate/project.json"] = json.dumps({**project, "version": 99}).encode()


def wrong_field(entries):
    project = json.loads(entries["acetate/project.json"])
    project["layers"][0]["blend_mode"] = "sparkle"
    entries["acetate/project.json"] = json.dumps(project).encode()


def huge_canvas(entries):
    project = json.loads(entries["acetate/project.json"])
    entries["acetate/project.json"] = json.dumps({**project, "size": [10**9, 10**9]}).encode()


def bomb(entries):
    name = next(each for each in entries if each.startswith("data/"))
    body = bytearray(entries[name])
    body[16:24] = (200_000).to_bytes(4, "big") * 2
    entries[name] = bytes(body)


def broken_picture(entries):
    name = next(each for each in entries if each.startswith("data/"))
    entries[name] = entries[name][:60]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_project, "a part of it is missing"),
        (outside, "not safe"),
        (newer, "newer version"),
        (wrong_field, "damaged"),
        (huge_canvas, "impossible size"),
        (bomb, "more pixels|GB of memory"),
        (broken_picture, "damaged"),
    ],
)
def test_a_bad_project_is_one_sentence(change, words, small_document, tmp_path):
    path = tmp_path / "bad.acetate"
    write(small_document, path)
    rewritten(path, change)
    with pytest.raises(FormatError, match=words) as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_a_project_cut_anywhere_is_one_sentence(small_document, tmp_path):
    path = tmp_path / "cut.acetate"
    write(small_document, path)
    whole = path.read_bytes()
    for length in range(1, len(whole), len(whole) // 40):
        path.write_bytes(whole[:length])
        with pytest.raises(FormatError):
            read(path)
