import zipfile

import numpy as np
import pytest

from editor.document.geometry import Point
from editor.document.layer import BlendMode, Group, PixelLayer
from editor.formats import FormatError, png_bytes, read, write

STACK = """<?xml version="1.0"?>
<image w="40" h="30" xres="300" yres="300"><stack>
<layer name="Высота" src="data/a.png" x="-3" y="5" opacity="0.5" visibility="hidden"
 composite-op="svg:color-dodge"/>
<stack name="G" isolation="isolate" composite-op="svg:multiply">
<layer name="odd" src="data/a.png" composite-op="krita:hard_mix"/>
<text name="words"/></stack></stack></image>"""


def written(path, stack):
    array = np.random.default_rng(5).integers(0, 256, (9, 8, 4), dtype=np.uint8)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "image/openraster")
        archive.writestr("stack.xml", stack)
        archive.writestr("data/a.png", png_bytes(array))
    return array


def test_a_file_of_another_program_gives_its_layers(tmp_path):
    path = tmp_path / "a.ora"
    array = written(path, STACK)
    loaded = read(path)
    assert loaded.format == "openraster"
    assert (loaded.document.size, loaded.document.dpi) == ((40, 30), 300.0)
    group, layer = loaded.document.layers
    assert isinstance(layer, PixelLayer)
    assert (layer.name, layer.visible, layer.blend_mode) == ("Высота", False, "color_dodge")
    assert layer.offset == Point(-3, 5)
    assert layer.opacity == 128 / 255
    assert np.array_equal(layer.pixels.read(layer.pixels.rect)[:9, :8], array)
    assert isinstance(group, Group)
    assert group.blend_mode is BlendMode.MULTIPLY
    assert len(group.children) == 1
    assert any("unknown blend mode" in each for each in loaded.warnings)
    assert any("“words” is no picture" in each for each in loaded.warnings)


def test_our_own_file_stripped_by_another_program_still_opens(small_document, tmp_path):
    path, stripped = tmp_path / "a.acetate", tmp_path / "b.ora"
    write(small_document, path)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(stripped, "w") as other:
        for each in archive.infolist():
            if not each.filename.startswith("acetate/"):
                other.writestr(each, archive.read(each))
    (group,) = read(stripped).document.layers
    assert (group.name, group.blend_mode) == ("Fruit", BlendMode.PASS_THROUGH)
    assert group.children[0].rect == small_document.layers[0].children[0].rect


@pytest.mark.parametrize(
    "stack", ["<image", "<image/>", STACK.replace("a.png", "none.png"), "<!DOCTYPE x>" + STACK[21:]]
)
def test_a_bad_stack_is_one_sentence(stack, tmp_path):
    path = tmp_path / "a.ora"
    written(path, stack)
    with pytest.raises(FormatError) as caught:
        read(path)
    assert "\n" not in str(caught.value)
