import json

import pytest

from editor.document.document import Document
from editor.document.geometry import Size
from editor.formats import FORMATS, FormatError, format_for, read, write
from editor.formats.info import info

WRITABLE = [suffix for each in FORMATS if each.writable for suffix in each.suffixes]


@pytest.mark.parametrize("suffix", WRITABLE)
def test_what_a_format_writes_it_recognises_and_reads(suffix, small_document, tmp_path):
    path = tmp_path / f"picture{suffix.upper()}"
    write(small_document, path)
    loaded = read(path)
    assert loaded.format == format_for(path).name
    assert loaded.document.size == small_document.size


@pytest.mark.parametrize("suffix", WRITABLE)
def test_an_empty_document_and_one_pixel_survive(suffix, tmp_path):
    path = tmp_path / f"picture{suffix}"
    for size in (Size(1, 1), Size(300, 2)):
        write(Document(size=size), path)
        assert read(path).document.size == size


@pytest.mark.parametrize("suffix", [suffix for each in FORMATS for suffix in each.suffixes])
def test_text_under_a_pictures_name_is_one_sentence(suffix, tmp_path):
    path = tmp_path / f"note{suffix}"
    path.write_text("Dear designer, this is no picture at all." * 9)
    with pytest.raises(FormatError, match="whatever its name says"):
        read(path)


def test_a_picture_is_known_by_its_content(small_document, tmp_path):
    path = tmp_path / "a.png"
    write(small_document, path)
    other = path.rename(tmp_path / "a.jpg")
    assert read(other).format == "png"


def test_files_that_cannot_be_read_are_one_sentence_each(tmp_path):
    empty = tmp_path / "empty.psd"
    empty.touch()
    unknown = tmp_path / "a.bin"
    unknown.write_bytes(b"\1\2\3\4" * 50)
    for path, words in [
        (tmp_path / "none.psd", "no file"),
        (tmp_path, "is a folder"),
        (empty, "is empty"),
        (unknown, "not a kind of file"),
    ]:
        with pytest.raises(FormatError, match=words):
            read(path)


def test_targets_that_cannot_be_written_are_one_sentence_each(small_document, tmp_path):
    for name, words in [("a.xyz", "choose one of"), ("a", "no ending"), ("a.gif", "choose one of")]:
        with pytest.raises(FormatError, match=words):
            write(small_document, tmp_path / name)
    with pytest.raises(FormatError, match="no folder"):
        write(small_document, tmp_path / "none" / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_info_has_the_keys_that_scripts_rely_on(small_document, tmp_path):
    path = tmp_path / "a.acetate"
    write(small_document, path)
    said = json.loads(json.dumps(info(read(path))))
    assert list(said) == ["format", "size", "dpi", "icc", "layers", "warnings"]
    assert said["size"] == [100, 80]
    (group,) = said["layers"]
    (layer,) = group["children"]
    assert (group["kind"], group["blend_mode"]) == ("group", "pass_through")
    assert (layer["id"], layer["name"], layer["kind"]) == ("one", "apple", "pixel")
    assert layer["rect"] == [5, 9, 75, 69]
    assert layer["mask"] is None
    assert set(layer) == {
        "id", "name", "kind", "rect", "opacity", "blend_mode", "visible", "locked", "clipped",
        "mask", "recipe", "stale", "variants", "children",
    }  # fmt: skip
