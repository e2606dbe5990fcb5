"""Keeping and loading machine code."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from editor.paths import PROGRAM
from editor.render import native


def test_written_code_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "kernels.o"
    assert native.read_object(path) is None
    native.write_object(path, {"normal": "symbol"}, b"\x7fELF\nmore")
    assert native.read_object(path) == ({"normal": "symbol"}, b"\x7fELF\nmore")
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("damage", [b"", b"{}\nx", b"no json\nx", b'{"sha256": 3}\nx'])
def test_damaged_code_is_not_loaded(
    damage: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "kernels.o"
    path.write_bytes(damage)
    assert native.read_object(path) is None
    assert "cannot be used" in caplog.text


def test_truncated_code_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "kernels.o"
    native.write_object(path, {}, bytes(1000))
    path.write_bytes(path.read_bytes()[:-1])
    assert native.read_object(path) is None


@pytest.mark.parametrize("shape", [(128, 128, 4), (1,), (3, 0)])
def test_address_is_what_numpy_says(shape: tuple[int, ...]) -> None:
    array = np.zeros(shape, np.uint8)
    for each in (array, array[:0], array[::2]):
        assert native.address_of(each) == each.__array_interface__["data"][0]


@pytest.mark.usefixtures("kernels")
def test_a_second_process_compiles_nothing_and_never_imports_numba() -> None:
    code = (
        "import sys, numpy\n"
        "from editor.render import native\n"
        "from editor.render.program import Op, Step\n"
        "assert not native.ready()\n"
        "assert native.load()\n"
        "tile = numpy.full((128, 128, 4), 77, numpy.uint8)\n"
        "out = numpy.empty_like(tile)\n"
        "steps = [Step(Op.SOURCE, tiles=(tile, None, None, None))]\n"
        "native.run(steps, (0, 0), out, for_display=False)\n"
        "assert (out == tile).all()\n"
        "assert 'numba' not in sys.modules\n"
        "assert 'PySide6' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=PROGRAM, check=True, timeout=60)


def test_without_a_place_to_keep_it_pictures_come_from_the_formulas(tmp_path: Path) -> None:
    """The cache folder is a file: nothing can be kept in it, and nothing fails."""
    blocked = tmp_path / "cache"
    blocked.write_text("")
    code = (
        "import numpy\n"
        "from editor.document.geometry import Rect\n"
        "from editor.document.layer import PixelLayer, new_layer_id\n"
        "from editor.document.pixels import Pixels\n"
        "from editor.render import native\n"
        "from editor.render.composite import composite_layers\n"
        "assert not native.load()\n"
        "array = numpy.full((5, 7, 4), 99, numpy.uint8)\n"
        "layer = PixelLayer(id=new_layer_id(), name='', pixels=Pixels.from_array(array))\n"
        "assert (composite_layers((layer,), Rect(0, 0, 7, 5)) == array).all()\n"
    )
    # the compiler is ordered, and fails in the background
    environment = {**os.environ, "XDG_CACHE_HOME": str(blocked)}
    subprocess.run([sys.executable, "-c", code], cwd=PROGRAM, env=environment, check=True)


@pytest.mark.usefixtures("kernels")
def test_who_composites_first_loads_what_was_compiled() -> None:
    code = (
        "from editor.document.geometry import Rect\n"
        "from editor.render import native\n"
        "from editor.render.composite import composite_layers\n"
        "composite_layers((), Rect(0, 0, 7, 5))\n"
        "assert native.ready()\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=PROGRAM, check=True, timeout=60)
