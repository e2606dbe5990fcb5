"""What a monkey plays with: noise as layers, files whole and broken, and what drags carry."""

from pathlib import Path
from random import Random

import numpy as np
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from editor.document.geometry import Point
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import RGBA8, Pixels
from editor.ui.qimage import image_from_rgba

BROKEN = {
    "broken.png": b"\x89PNG\r\n\x1a\nno picture",
    "broken.psd": b"8BPS\0\1\0\0\0\0\0\0\0\4\0\0\1\0\0\0\1\0\0\10\0\3and no more",
    "broken.acetate": b"PK\3\4 no archive",
    "empty.psd": b"",
    "empty.png": b"",
}


def made_pixels(chance: Random) -> RGBA8:
    """One colour in stripes of every alpha, up to 200 pixels each way."""
    height, width = chance.randint(1, 200), chance.randint(1, 200)
    noise = np.random.default_rng(chance.getrandbits(32))
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:] = noise.integers(0, 256, 4)
    pixels[: height // 2, :, 3] = noise.integers(0, 256, width)
    return pixels


def made_layer(chance: Random, name: str) -> PixelLayer:
    """Such pixels somewhere, partly outside a small document."""
    at = Point(chance.randint(-60, 300), chance.randint(-60, 300))
    pixels = Pixels.from_array(made_pixels(chance))
    return PixelLayer(id=new_layer_id(), name=name, pixels=pixels, offset=at)


def made_files(chance: Random, folder: Path) -> list[Path]:
    """Pictures, files that are none, and one that is not there."""
    place = folder / "pictures"
    place.mkdir()
    paths = [place / name for name in ("one.png", "two.png", "three.webp", "four.jpg")]
    for path in paths:
        image_from_rgba(made_pixels(chance)).save(str(path))
    for name, content in BROKEN.items():
        (place / name).write_bytes(content)
    return [*paths, *(place / name for name in BROKEN), place / "absent.psd"]


def something(chance: Random, files: list[Path]) -> tuple[QMimeData, str]:
    """Return what a drag from another program brings, and a word for it."""
    data = QMimeData()
    what = chance.choice(("files", "picture", "text", "link", "nothing"))
    if what == "files":
        found = chance.sample(files, chance.randint(1, 2))
        data.setUrls([QUrl.fromLocalFile(str(each)) for each in found])
    elif what == "picture":
        data.setImageData(QImage(image_from_rgba(made_pixels(chance))))
    elif what == "text":
        data.setText("words")
    elif what == "link":
        data.setText("data:image/png;base64,AAAA")
    return data, what
