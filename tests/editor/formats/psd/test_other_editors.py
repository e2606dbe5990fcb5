"""GIMP and Krita open what we write: the same layers, and the picture that our compositor makes.

They agree with Photoshop on some blend modes and features only, so the document keeps to those.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import BlendMode, Group, Layer, Mask, PixelLayer, new_layer_id
from editor.document.pixels import RGBA8, Coverage, Pixels
from editor.formats import write
from editor.render.composite import composite

SCRIPT = Path(__file__).parent / "judge" / "gimp.scm"
LEVELS = 3  # their arithmetic is not ours


def needs(program: str) -> pytest.MarkDecorator:
    """Skip where the program is missing, but not in CI, which installs it."""
    return pytest.mark.skipif(
        shutil.which(program) is None and not os.environ.get("CI"), reason=f"no {program} here"
    )


def spot(name: str, at: tuple[int, int], blue: int, **properties: object) -> PixelLayer:
    """A coloured disc with a wide soft edge, 70 x 60."""
    y, x = np.mgrid[0:60, 0:70]
    alpha = np.clip(375 - np.hypot(x - 35, y - 30) * 12, 0, 255)
    planes = [x * 255 // 70, y * 255 // 60, np.full_like(x, blue), alpha]
    pixels = Pixels.from_array(np.stack(planes, axis=-1).astype(np.uint8))
    return PixelLayer(
        id=new_layer_id(),
        name=name,
        pixels=pixels,
        offset=Point(*at),
        **properties,  # type: ignore[arg-type]  # named by each test
    )


def document(group_opacity: float) -> Document:
    ground = np.full((120, 160, 4), (0, 90, 200, 255), np.uint8)
    ground[..., 0] = np.arange(160)
    ramp = np.tile(np.linspace(0, 255, 70).astype(np.uint8), (60, 1))
    children = (
        spot("свет", (60, 40), 20),
        spot("🍎", (-20, 60), 90, blend_mode=BlendMode.SCREEN),
    )
    layers: tuple[Layer, ...] = (
        PixelLayer(id=new_layer_id(), name="ground", pixels=Pixels.from_array(ground)),
        spot("Schatten", (10, 10), 60, blend_mode=BlendMode.MULTIPLY, opacity=204 / 255),
        Group(
            id=new_layer_id(),
            name="組",
            blend_mode=BlendMode.NORMAL,
            opacity=group_opacity,
            children=children,
        ),
        spot("masked", (80, 10), 250, mask=Mask(Coverage.from_array(ramp, Point(80, 10)))),
        spot("hidden", (0, 0), 0, visible=False),
    )
    return Document(size=Size(160, 120), layers=layers)


@needs("gimp")
def test_gimp_finds_the_layers_and_makes_the_same_picture(tmp_path: Path) -> None:
    written = document(group_opacity=153 / 255)
    write(written, tmp_path / "in.psd")
    run_in(
        tmp_path, "gimp", "-i", "-d", "-f", "-c", "-b", f'(load "{SCRIPT}")', "-b", "(gimp-quit 1)"
    )
    lines = (tmp_path / "layers.txt").read_text(encoding="utf-8").splitlines()
    found = [re.findall(r'"[^"]*"|-?[\d.]+', line) for line in lines]
    assert [each[0].strip('"') for each in found] == [
        "hidden", "masked", "組", "🍎", "свет", "Schatten", "ground",
    ]  # fmt: skip
    by_name = {each[0].strip('"'): [float(number) for number in each[1:]] for each in found}
    for layer in written.walk():
        x, y, width, height, opacity, visible = by_name[layer.name]
        assert (x, y, x + width, y + height) == tuple(layer.rect)
        assert opacity == round(layer.opacity * 100)
        assert bool(visible) == layer.visible
    compare(tmp_path / "gimp.png", written)


@needs("krita")
@needs("xvfb-run")
def test_krita_makes_the_same_picture(tmp_path: Path) -> None:
    written = document(group_opacity=1.0)  # Krita 5.1 reads no opacity of groups
    write(written, tmp_path / "in.psd")
    options = ("--nosplash", "--export", "--export-filename", "krita.png", "in.psd")
    run_in(tmp_path, "xvfb-run", "-a", "krita", *options)
    compare(tmp_path / "krita.png", written)


def run_in(folder: Path, *command: str) -> None:
    """Run a program with a home of its own; both exit with 0 whatever happened."""
    environment = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    environment.pop("QT_QPA_PLATFORM", None)
    subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=True, timeout=120
    )


def compare(path: Path, written: Document) -> None:
    with Image.open(path) as image:
        found: NDArray[np.uint8] = np.asarray(image.convert("RGBA"))
    ours: RGBA8 = composite(written, written.rect)
    apart = np.abs(found.astype(int) - ours.astype(int)).max(axis=2)
    assert (apart <= LEVELS).mean() >= 0.99
