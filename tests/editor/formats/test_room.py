"""A file that cannot fit is refused with numbers, before memory is taken."""

import tracemalloc

import numpy as np
import pytest
from PIL import Image

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.formats import FormatError, read, room, write


@pytest.mark.parametrize("name", ["big.acetate", "big.psd", "big.png", "big.jpg"])
def test_what_does_not_fit_is_not_decoded(tmp_path, monkeypatch, name) -> None:
    path = tmp_path / name
    pixels = np.full((600, 800, 4), 200, np.uint8)
    if path.suffix == ".jpg":
        Image.fromarray(pixels[..., :3]).save(path)
    else:
        layer = PixelLayer(id=new_layer_id(), name="a", pixels=Pixels.from_array(pixels))
        write(Document(size=Size(800, 600), layers=(layer,)), path)
    read(path)  # what is imported late is there now
    monkeypatch.setattr(room, "free_bytes", lambda: room.KEPT_FREE + 800 * 600 * 4 - 1)
    tracemalloc.start()
    with pytest.raises(FormatError, match=rf"{name} needs 0\.5 GB of memory and 0\.5 GB is free"):
        read(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 800 * 600
    monkeypatch.setattr(room, "free_bytes", lambda: room.KEPT_FREE + 800 * 600 * 4 + 800 * 600 * 4)
    assert read(path).document.size == (800, 600)


def test_the_system_tells() -> None:
    free = room.free_bytes()
    assert free is None or 1 << 20 < free < 1 << 50


def test_where_the_system_does_not_tell_nothing_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(room, "free_bytes", lambda: None)
    room.check_room(1 << 60, "huge.psd")
