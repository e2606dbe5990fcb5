"""Another program's reader judges what we write: ag-psd, under node."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

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
from editor.document.geometry import Rect, Size
from editor.document.layer import AdjustmentLayer, Group, LayerId, Mask
from editor.document.pixels import Coverage
from editor.formats import write
from editor.formats.flatten import on_white
from editor.render.composite import composite

JUDGE = Path(__file__).parent / "judge"
NODE = shutil.which("node")
READY = NODE is not None and (JUDGE / "node_modules" / "ag-psd").is_dir()

pytestmark = pytest.mark.skipif(
    not READY and not os.environ.get("CI"),
    reason="run `npm ci` in tests/editor/formats/psd/judge to have the judge",
)


@pytest.fixture
def judged(rich_document, tmp_path):
    return judge(rich_document, tmp_path)


def judge(document, folder):
    assert READY, "the judge is missing: run `npm ci` in tests/editor/formats/psd/judge"
    assert NODE is not None
    path, merged = folder / "rich.psd", folder / "merged.bin"
    write(document, path)
    command = [NODE, str(JUDGE / "judge.mjs"), str(path), str(merged)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout), np.frombuffer(merged.read_bytes(), np.uint8)


def test_the_judge_finds_every_layer_as_it_is(judged, rich_document):
    found, _ = judged
    assert found["size"] == list(rich_document.size)
    assert abs(found["dpi"] - rich_document.dpi) < 1e-4
    compare(rich_document.layers, found["layers"])


def compare(layers, found):
    assert [each["name"] for each in found] == [layer.name for layer in layers]
    for layer, each in zip(layers, found, strict=True):
        assert each["opacity"] == round(layer.opacity * 255)
        assert each["visible"] == layer.visible
        assert each["clipped"] == layer.clipped
        assert each["blend_mode"] == layer.blend_mode.value
        assert each["label"] == layer.label.value
        locks = layer.locks
        assert each["locks"] == [locks.alpha, locks.pixels, locks.position]
        compare_mask(layer.mask, each["mask"])
        if isinstance(layer, Group):
            assert each["group"]
            assert each["open"] == layer.open
            compare(layer.children, each["children"])
        else:
            assert not each["group"]
            compare_pixels(layer, each)


def compare_mask(mask, found):
    assert (found is None) == (mask is None)
    if mask is not None:
        assert found["rect"] == list(mask.rect)
        assert found["outside"] == mask.coverage.outside
        assert found["enabled"] == mask.enabled


def compare_pixels(layer, found):
    assert found["rect"] == list(layer.rect)
    if layer.rect.is_empty:
        assert found["alpha"] is None
        return
    rgba = layer.pixels.read(layer.pixels.content)
    rgba[rgba[..., 3] == 0] = 0
    assert found["alpha"] == hashlib.sha256(rgba[..., 3].tobytes()).hexdigest()
    assert found["pixels"] == hashlib.sha256(rgba.tobytes()).hexdigest()


def test_the_judges_merged_picture_is_our_composite(judged, rich_document):
    _, merged = judged
    width, height = rich_document.size
    theirs = merged.reshape(height, width, 4)
    ours = composite(rich_document, rich_document.rect)
    assert np.array_equal(theirs[..., 3], ours[..., 3])
    apart = on_white(theirs).astype(int) - on_white(ours)
    assert np.abs(apart).max() <= 1


def test_the_judge_finds_our_metadata(judged, rich_document):
    found, _ = judged
    assert "urn:x-acetate:xmp:1.0/" in found["xmp"]
    assert rich_document.layers[0].id in found["xmp"]


def test_the_judge_finds_adjustments_that_stay_editable(tmp_path):
    mask = Mask(Coverage.of_rect(Rect(2, 3, 9, 8)))
    layers = [
        AdjustmentLayer(id=LayerId(str(each)), name="a", adjustment=each, mask=mask)
        for each in (
            BrightnessContrast(-30, 45),
            Levels(blue=LevelRange(10, 240, 1.25, 5, 250)),
            Curves(rgb=((0, 0), (64, 90), (255, 240))),
            HueSaturation(-40, 20, 5),
            ColorBalance(midtones=(40, -50, 60), keep_luminosity=False),
            Invert(),
        )
    ]
    found, _ = judge(Document(size=Size(20, 10), layers=tuple(layers)), tmp_path)
    brightness, levels, curves, hue, balance, invert = (
        each["adjustment"] for each in found["layers"]
    )
    assert (brightness["brightness"], brightness["contrast"]) == (-30, 45)
    assert brightness["useLegacy"]
    assert levels["blue"] == {
        "shadowInput": 10, "highlightInput": 240, "shadowOutput": 5, "highlightOutput": 250,
        "midtoneInput": 1.25,
    }  # fmt: skip
    assert [(each["input"], each["output"]) for each in curves["rgb"]] == [
        (0, 0), (64, 90), (255, 240),
    ]  # fmt: skip
    master = hue["master"]
    assert (master["hue"], master["saturation"], master["lightness"]) == (-40, 20, 5)
    assert balance["midtones"] == {"cyanRed": 40, "magentaGreen": -50, "yellowBlue": 60}
    assert not balance["preserveLuminosity"]
    assert invert == {"type": "invert"}
    assert all(each["mask"]["rect"] == [2, 3, 9, 8] for each in found["layers"])
