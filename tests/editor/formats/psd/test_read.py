import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor.document.geometry import Size
from editor.document.layer import BlendMode, Group
from editor.formats import FormatError, read, write
from editor.formats.psd import parse
from editor.formats.psd.outline import covered


@pytest.fixture
def path(small_document, tmp_path):
    result = tmp_path / "a.psd"
    write(small_document, result)
    return result


def changed(path, old, new):
    body = path.read_bytes()
    assert old in body
    path.write_bytes(body.replace(old, new))
    return read(path)


def test_a_file_cut_anywhere_is_one_sentence(path):
    whole = path.read_bytes()
    for length in [*range(4, 200, 7), *range(200, len(whole), len(whole) // 60), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(FormatError) as caught:
            read(path)
        assert "\n" not in str(caught.value)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_damage_anywhere_gives_layers_or_one_sentence(data, path):
    body = bytearray(path.read_bytes())
    kept = bytes(body)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(6, min(len(body), 1 << 14) - 1))
        body[at] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(body))
    assert layers_or_sentence(path)
    path.write_bytes(kept)


def layers_or_sentence(path):
    try:
        return read(path).document.size.width > 0
    except FormatError as error:
        return str(error).endswith(".") and "\n" not in str(error)


def test_an_unknown_blend_mode_is_said(path):
    loaded = changed(path, b"8BIMnorm\xff\x00\x08", b"8BIMzzzz\xff\x00\x08")
    assert "unknown blend mode" in loaded.warnings[0]
    assert loaded.document.layers[0].children[0].blend_mode is BlendMode.NORMAL


def test_damaged_layers_leave_the_merged_picture_with_a_warning(path, small_document):
    loaded = changed(path, b"8BIMnorm\xff\x00\x08", b"XXXXnorm\xff\x00\x08")
    assert "only its merged picture" in loaded.warnings[0]
    (layer,) = loaded.document.layers
    mine = small_document.layers[0].children[0].pixels.read(small_document.rect)
    got = layer.pixels.read(small_document.rect)
    assert np.array_equal(got[..., 3], mine[..., 3])
    solid = mine[..., 3] > 200
    assert np.abs(got[solid].astype(int) - mine[solid]).max() <= 1


def with_block(path, key, body):
    """Put a tagged block into the record of the file's only pixel layer."""
    whole = bytearray(path.read_bytes())
    at = whole.index(b"8BIMclbl", whole.index(b"luni\0\0\0\x10\0\0\0\5\0a"))
    block = b"8BIM" + key + struct.pack(">I", len(body)) + body
    whole[at:at] = block
    extra = whole.rindex(b"8BIMnorm\xff\x00\x08", 0, at) + 12
    lengths = [extra]
    found = parse.structure(path.read_bytes())
    lengths += [found.layer_section[0] - 4, found.layer_section[0] - 8]
    for each in lengths:
        (size,) = struct.unpack_from(">I", whole, each)
        struct.pack_into(">I", whole, each, size + len(block))
    path.write_bytes(bytes(whole))
    return read(path)


@pytest.mark.parametrize(
    ("key", "body", "words"),
    [
        (b"TySh", bytes(8), "is text"),
        (b"SoLd", bytes(8), "a smart object"),
        (b"SoCo", bytes(8), "is a fill"),
        (b"artb", bytes(8), "artboard"),
        (b"lfx2", b"....enabbool\1", "effects"),
    ],
)
def test_what_cannot_be_held_is_named(key, body, words, path):
    loaded = with_block(path, key, body)
    assert [each for each in loaded.warnings if words in each and "apple" in each]
    assert not loaded.document.layers[0].children[0].rect.is_empty


def test_a_knockout_is_named(path):
    loaded = changed(path, b"8BIMknko\0\0\0\4\0", b"8BIMknko\0\0\0\4\1")
    assert any("“apple” knocks out" in each for each in loaded.warnings)


def test_an_adjustment_is_left_out_and_named(path):
    loaded = with_block(path, b"curv", bytes(4))
    assert "“apple” is an adjustment" in loaded.warnings[0]
    assert loaded.document.layers[0].children == ()


def test_fill_opacity_is_worked_in_where_it_is_the_same(path):
    loaded = with_block(path, b"iOpa", b"\x80\0\0\0")
    assert loaded.warnings == ()
    assert loaded.document.layers[0].children[0].opacity == 128 / 255


def test_a_huge_header_is_refused_before_memory_is_taken(path):
    body = bytearray(path.read_bytes())
    struct.pack_into(">II", body, 14, 300_000, 300_000)
    path.write_bytes(bytes(body))
    with pytest.raises(FormatError):
        read(path)


def test_groups_without_an_end_keep_their_layers(path, small_document):
    loaded = changed(path, b"lsct\0\0\0\x0c\0\0\0\1", b"lsct\0\0\0\x0c\0\0\0\0")
    assert any("no end" in each for each in loaded.warnings)
    assert any(each.name == "apple" for each in loaded.document.walk())
    assert not any(isinstance(each, Group) for each in loaded.document.layers)


def test_a_polygon_covers_exactly_what_it_should():
    size = Size(8, 6)
    square = np.array([[1.5, 1.0], [4.0, 1.0], [4.0, 3.25], [1.5, 3.25]])
    shares = covered(square, size)
    assert shares.sum() == pytest.approx(2.5 * 2.25)
    assert shares[1].tolist() == [0, 0.5, 1, 1, 0, 0, 0, 0]
    assert shares[3].tolist() == [0, 0.125, 0.25, 0.25, 0, 0, 0, 0]
    triangle = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 6.0]])
    assert covered(triangle, size).sum() == pytest.approx(24)
    assert covered(triangle[::-1], size).sum() == pytest.approx(24)
    assert covered(square + 100, size).sum() == 0
    assert (covered(square * 100 - 200, size) == 1).all()
