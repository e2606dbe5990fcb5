import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor.document.changes import same
from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Group, PixelLayer, Variant, new_layer_id
from editor.document.pixels import Coverage, Pixels
from editor.formats import FormatError, read, write
from editor.formats.flatten import on_white
from editor.render.composite import composite

TOLERATED = [
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.function_scoped_fixture,
]
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=TOLERATED)


def held(layers):
    """Return the layers without what a PSD has no place for: variants."""
    return tuple(map(_held, layers))


def _held(layer):
    if isinstance(layer, Group):
        return replace(layer, children=held(layer.children))
    return replace(layer, variants=(), variant=0) if isinstance(layer, PixelLayer) else layer


@SETTINGS
@given(data=st.data(), suffix=st.sampled_from([".psd", ".psb"]))
def test_every_document_comes_back_the_same(data, suffix, documents, tmp_path):
    document = data.draw(documents)
    path = tmp_path / f"round{suffix}"
    write(document, path)
    loaded = read(path)
    wanted = replace(document, layers=held(document.layers), selection=None)
    assert loaded.warnings == ()
    assert same(loaded.document, wanted)
    assert [each.id for each in loaded.document.walk()] == [each.id for each in document.walk()]


@pytest.mark.parametrize("suffix", [".psd", ".psb"])
def test_a_document_with_everything_comes_back(suffix, rich_document, tmp_path):
    path = tmp_path / f"rich{suffix}"
    assert write(rich_document, path) == ()
    loaded = read(path)
    assert loaded.warnings == ()
    assert loaded.format == suffix[1:]
    assert same(loaded.document, rich_document)
    again = tmp_path / f"again{suffix}"
    write(loaded.document, again)
    assert again.read_bytes() == path.read_bytes()


def test_another_reader_finds_the_same(rich_document, tmp_path):
    psd_tools = pytest.importorskip("psd_tools")
    path = tmp_path / "rich.psd"
    write(rich_document, path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        psd = psd_tools.PSDImage.open(path)
    assert psd.size == rich_document.size
    assert psd._record.layer_and_mask_information.layer_info.layer_count < 0
    agree_all(rich_document.layers, list(psd))
    planes = np.dstack(
        [
            np.frombuffer(each, np.uint8).reshape(160, 200)
            for each in psd._record.image_data.get_data(psd._record.header)
        ]
    )
    ours = composite(rich_document, rich_document.rect)
    assert np.array_equal(planes[..., :3], on_white(ours))
    assert np.array_equal(planes[..., 3], ours[..., 3])
    thumbnail = psd.image_resources.get_data(1036)
    assert (thumbnail.width, thumbnail.height) == (100, 80)
    assert psd.image_resources.get_data(1039) == rich_document.icc


def agree_all(ours, theirs):
    assert len(ours) == len(theirs)
    for layer, other in zip(ours, theirs, strict=True):
        agree(layer, other)
        if isinstance(layer, Group):
            agree_all(layer.children, list(other))


def agree(layer, other):
    assert other.name == layer.name
    assert other.opacity == round(layer.opacity * 255)
    assert other.visible == layer.visible
    assert bool(other._record.clipping) == layer.clipped
    assert other.blend_mode.name.lower() == layer.blend_mode.value
    if layer.mask is not None:
        assert other.mask.background_color == layer.mask.coverage.outside
        assert other.mask.disabled == (not layer.mask.enabled)
        assert Rect(*other.mask.bbox) == layer.mask.rect
    if isinstance(layer, PixelLayer) and not layer.rect.is_empty:
        assert Rect(*other.bbox) == layer.rect
        array = np.asarray(other.topil().convert("RGBA"))
        mine = layer.pixels.read(layer.pixels.content)
        assert np.array_equal(array[..., 3], mine[..., 3])
        seen = mine[..., 3] > 0
        assert np.array_equal(array[seen], mine[seen])


def test_what_is_lost_is_said(rich_document, tmp_path):
    layer = rich_document.layers[6]
    variant = Variant(layer.pixels, layer.offset, layer.recipe)
    document = Document(
        size=Size(20, 20),
        layers=(replace(layer, variants=(variant, variant)),),
        selection=Coverage.full(255),
    )
    said = write(document, tmp_path / "a.psd")
    assert any("variant" in each for each in said)
    assert any("selection" in each for each in said)


def test_the_recipe_travels_with_the_layer_alone(rich_document, tmp_path):
    path = tmp_path / "a.psd"
    write(rich_document, path)
    body = path.read_bytes()
    at = body.index(b"urn:x-acetate:xmp:1.0/")  # in the document's packet, the first
    path.write_bytes(body[:at] + b"urn:x-another:xmp:1.0/" + body[at + 22 :])
    back = read(path).document
    assert back.layers[6].recipe == rich_document.layers[6].recipe


def test_layers_are_cropped_and_colour_under_alpha_0_is_dropped(tmp_path):
    array = np.full((300, 300, 4), 77, np.uint8)
    array[..., 3] = 0
    array[100:110, 120:125, 3] = 9
    layer = PixelLayer(id=new_layer_id(), name="x", pixels=Pixels.from_array(array, Point(-8, 3)))
    path = tmp_path / "a.psd"
    write(Document(size=Size(300, 300), layers=(layer,)), path)
    back = read(path).document.layers[0]
    assert back.rect == Rect(112, 103, 117, 113)
    assert back.pixels.rect.width <= 128


def test_a_canvas_too_large_for_psd_says_psb(tmp_path):
    with pytest.raises(FormatError, match=r"\.psb"):
        write(Document(size=Size(30_001, 1)), tmp_path / "a.psd")
    assert list(tmp_path.iterdir()) == []
    write(Document(size=Size(30_001, 1)), tmp_path / "a.psb")
    assert read(tmp_path / "a.psb").document.size == (30_001, 1)
