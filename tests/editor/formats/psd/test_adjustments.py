"""What another reader finds in the adjustments we write, and what of damaged ones is left."""

import struct

import pytest
from psd_tools import PSDImage

from editor.document.adjustment import (
    BrightnessContrast,
    ColorBalance,
    Curves,
    HueSaturation,
    Invert,
    LevelRange,
    Levels,
)
from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import AdjustmentLayer, LayerId
from editor.formats import read, write
from editor.formats.psd.adjustments import adjustment_of, blocks_of, loses

ALL = (
    BrightnessContrast(-30, 45),
    Levels(rgb=LevelRange(10, 240, 1.25, 5, 250), blue=LevelRange(0, 200)),
    Curves(rgb=((0, 0), (64, 90), (255, 240)), red=((5, 0), (255, 255))),
    HueSaturation(-40, 20, 5),
    HueSaturation(210, 60, -5, colorize=True),
    ColorBalance((1, -2, 3), (40, -50, 60), (0, 7, -100), keep_luminosity=False),
    Invert(),
)
KINDS = ["brightnesscontrast", "levels", "curves", "huesaturation", "huesaturation",
         "colorbalance", "invert"]  # fmt: skip


@pytest.fixture
def found(tmp_path):
    layers = tuple(
        AdjustmentLayer(id=LayerId(str(i)), name=str(i), adjustment=each)
        for i, each in enumerate(ALL)
    )
    path = tmp_path / "adjusted.psd"
    assert write(Document(size=Size(20, 10), layers=layers), path) == ()
    assert [each.adjustment for each in read(path).document.layers] == list(ALL)
    return list(PSDImage.open(path))


def test_another_reader_finds_every_kind(found) -> None:
    assert [each.kind for each in found] == KINDS


def test_another_reader_finds_the_numbers(found) -> None:
    brightness, levels, curves, hue, colorized, balance, _ = found
    assert (brightness.brightness, brightness.contrast) == (-30, 45)
    assert levels.master.input_floor == 10
    assert levels.master.input_ceiling == 240
    assert levels.master.gamma == 125
    assert levels.data[3].input_ceiling == 200
    assert [extra.points for extra in curves.extra] == [[(0, 0), (90, 64), (240, 255)],
                                                       [(0, 5), (255, 255)]]  # fmt: skip
    assert tuple(hue.master) == (-40, 20, 5)
    assert not hue.enable_colorization
    assert tuple(colorized.colorization) == (-150, 60, -5)
    assert colorized.enable_colorization
    assert tuple(balance.midtones) == (40, -50, 60)
    assert not balance.luminosity


@pytest.mark.parametrize("adjustment", ALL[:-1], ids=lambda each: type(each).__name__)
def test_too_few_bytes_are_no_adjustment(adjustment) -> None:
    for key, body in blocks_of(adjustment):
        if key != b"CgEd":
            assert adjustment_of({key: body[:3]}) is None


def test_what_looks_different_is_told() -> None:
    blocks = dict(blocks_of(ALL[0]))
    assert loses(blocks) is None
    newer = blocks[b"CgEd"].replace(b"useLegacybool\1", b"useLegacybool\0")
    assert "brightness" in str(loses({**blocks, b"CgEd": newer}))
    hue = dict(blocks_of(ALL[3]))[b"hue2"]
    assert loses({b"hue2": hue}) is None
    reds = hue[:24] + struct.pack(">3h", 0, -50, 0) + hue[30:]
    assert "some hues" in str(loses({b"hue2": reds}))
