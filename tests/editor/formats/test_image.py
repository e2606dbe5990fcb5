import io
from zlib import crc32

import numpy as np
import pytest
from PIL import Image, ImageCms

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.document.recipe import Recipe
from editor.formats import FormatError, png_bytes, read, write

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def noise(height, width, channels=4):
    return np.random.default_rng(3).integers(0, 256, (height, width, channels), dtype=np.uint8)


def flat(array, **more):
    layer = PixelLayer(id=new_layer_id(), name="x", pixels=Pixels.from_array(array))
    size = Size(array.shape[1], array.shape[0])
    return Document(size=size, layers=(layer,), **more)


def pixels(loaded):
    return loaded.document.layers[0].pixels.read(loaded.document.rect)


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
def test_lossless_formats_keep_every_straight_value(suffix, tmp_path):
    array = noise(50, 61)
    array[:20, :20, 3] = 0
    document = flat(array, dpi=300.0, icc=SRGB)
    path = tmp_path / f"red apple{suffix}"
    assert write(document, path) == ()
    loaded = read(path)
    assert np.array_equal(pixels(loaded), array)
    assert loaded.document.icc == SRGB
    assert loaded.document.layers[0].name == "red apple"
    assert loaded.document.dpi == (72.0 if suffix == ".webp" else 300.0)


def test_pillow_reads_our_png_alike():
    array = noise(301, 257)
    with Image.open(io.BytesIO(png_bytes(array, dpi=72.0, icc=SRGB))) as image:
        assert np.array_equal(np.asarray(image), array)
        assert image.info["icc_profile"] == SRGB


def test_a_png_carries_the_recipe_of_its_layer(tmp_path):
    recipe = Recipe(task="layer", prompt="りんご 🍎", seed=2**62, model="pocket")
    path = tmp_path / "a.png"
    path.write_bytes(png_bytes(noise(3, 4), recipe=recipe))
    assert read(path).document.layers[0].recipe == recipe


def test_jpeg_lays_on_white_and_says_so(tmp_path):
    array = np.zeros((16, 16, 4), np.uint8)
    path = tmp_path / "a.jpg"
    assert any("white" in each for each in write(flat(array), path))
    assert pixels(read(path)).min() >= 254
    array[..., 3] = 255
    assert write(flat(array), path) == ()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "LAB", "I;16", "F"])
def test_every_mode_of_pillow_arrives_as_rgba8(mode, tmp_path):
    path = tmp_path / "a.tif"
    if mode == "I;16":
        image = Image.fromarray(np.full((8, 8), 32896, np.uint16))
    elif mode == "F":
        image = Image.fromarray(np.full((8, 8), 128 / 255, np.float32))
    else:
        rgb = Image.new("RGB", (8, 8), (128, 128, 128))
        image = Image.new("LAB", (8, 8), (137, 128, 128)) if mode == "LAB" else rgb.convert(mode)
    image.save(path)
    loaded = read(path)
    got = pixels(loaded).astype(int)
    assert (got[..., 3] == 255).all()
    assert mode in ("1", "P") or abs(got[..., :3] - 128).max() <= 2
    assert bool(loaded.warnings) == (mode in ("CMYK", "LAB", "I;16", "F"))


def test_orientation_is_applied(tmp_path):
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(path, exif=exif)
    assert read(path).document.size == (20, 40)


def test_an_animation_gives_its_first_picture_and_a_warning(tmp_path):
    path = tmp_path / "a.gif"
    frames = [Image.new("L", (9, 9), value) for value in (10, 200)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    loaded = read(path)
    assert "first" in loaded.warnings[0]
    assert pixels(loaded)[0, 0].tolist() == [10, 10, 10, 255]


def test_16_bit_png_is_reduced_with_a_warning(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.full((4, 4), 65535, np.uint16)).save(path)
    loaded = read(path)
    assert "16 to 8" in loaded.warnings[0]
    assert pixels(loaded).min() == 255


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path):
    path = tmp_path / "bomb.png"
    body = bytearray(png_bytes(noise(4, 4)))
    body[16:24] = (60_000).to_bytes(4, "big") * 2
    body[29:33] = crc32(bytes(body[12:29])).to_bytes(4, "big")
    path.write_bytes(bytes(body))
    with pytest.raises(FormatError, match="too large"):
        read(path)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg", ".tif"])
def test_a_picture_cut_short_is_one_sentence(suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    write(flat(noise(64, 64)), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FormatError, match="damaged"):
        read(path)


def test_webp_and_jpeg_say_when_the_canvas_is_too_large(tmp_path):
    document = Document(size=Size(20_000, 1))
    with pytest.raises(FormatError, match="16383"):
        write(document, tmp_path / "a.webp")
    assert list(tmp_path.iterdir()) == []
