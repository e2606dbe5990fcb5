"""The command line with the model that ships, as a user starts it; skipped without its weights."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document.geometry import Rect
from editor.formats import read
from generator.models.store import models

ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(
        not any(model.name == "pocket" and model.is_installed for model in models()),
        reason="the pocket model's weights are not here",
    ),
]


def generate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `main.py generate` in a process of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "generate", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip


def test_the_same_seed_gives_the_same_bytes_of_a_ball_of_glass(tmp_path: Path) -> None:
    for name in ("ball.png", "again.png"):
        done = generate(tmp_path, "glass ball", "--seed", "7", "-o", name)
        assert (done.returncode, done.stdout) == (0, f"{name}\n"), done.stderr
    assert (tmp_path / "ball.png").read_bytes() == (tmp_path / "again.png").read_bytes()
    with Image.open(tmp_path / "ball.png") as image:
        assert image.mode == "RGBA"
        assert min(image.size) >= 256
        alpha = np.asarray(image)[..., 3]
    height, width = alpha.shape
    middle = alpha[height // 4 : -height // 4, width // 4 : -width // 4]
    assert 20 <= np.median(middle) <= 200


def test_a_psd_holds_one_layer_with_transparency_named_after_the_prompt(tmp_path: Path) -> None:
    done = generate(tmp_path, "red apple", "-o", "apple.psd", "--seed", "1")
    assert "does not know" not in done.stderr
    assert done.returncode == 0, done.stderr
    document = read(tmp_path / "apple.psd").document
    (layer,) = document.layers
    assert layer.name == "red apple"
    alpha = layer.pixels.read(Rect(0, 0, *document.size))[..., 3]
    assert alpha.min() == 0
    assert alpha.max() > 200
    assert layer.recipe.model == "pocket"


def test_words_that_the_model_has_never_seen_are_named(tmp_path: Path) -> None:
    done = generate(tmp_path, "red zeppelin", "-o", "airship.png", "--steps", "1", "--json")
    assert done.returncode == 0, done.stderr
    sentence = "The model does not know “zeppelin”, so the layer may show something else."
    assert sentence in done.stderr
    assert json.loads(done.stdout)["warnings"] == [sentence]


def test_a_layer_takes_the_shape_of_a_scribble(tmp_path: Path) -> None:
    y, x = np.mgrid[:700, :700]
    away = np.hypot((y - 450) / 190, (x - 270) / 190)
    Image.fromarray(np.where(abs(away - 1) < 0.01, 0, 255).astype(np.uint8)).save(
        tmp_path / "line.png"
    )
    done = generate(
        tmp_path, "red ball", "--control", "scribble=line.png", "--seed", "2", "-o", "ball.png"
    )
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "ball.png") as image:
        made = np.asarray(image)[..., 3] > 127
    scale = 700 / made.shape[0]
    rows = (np.arange(made.shape[0]) * scale).astype(int)
    inside = away[np.ix_(rows, rows)] < 1
    assert (made & inside).sum() / (made | inside).sum() >= 0.5


def test_a_part_is_repainted_and_a_shadow_cast_and_what_is_beside_stays(tmp_path: Path) -> None:
    done = generate(tmp_path, "red apple", "--seed", "3", "-o", "apple.png")
    assert done.returncode == 0, done.stderr
    mask = np.zeros((256, 256), np.uint8)
    mask[20:100, 80:200] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    done = generate(
        tmp_path, "green leaf", "--task", "repaint", "--image", "apple.png", "--mask", "mask.png",
        "--seed", "4", "-o", "leaf.png",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "apple.png") as one, Image.open(tmp_path / "leaf.png") as other:
        before, after = np.asarray(one), np.asarray(other)
    assert np.array_equal(after[mask == 0], before[mask == 0])
    assert not np.array_equal(after, before)
    done = generate(tmp_path, "--task", "shadow", "--foreground", "leaf.png", "-o", "leaf.psd")
    assert done.returncode == 0, done.stderr
    (group,) = read(tmp_path / "leaf.psd").document.layers
    shadow, subject = group.children
    assert (shadow.name, subject.name) == ("Shadow", "leaf")
    assert np.array_equal(subject.pixels.read(Rect(0, 0, 256, 256))[..., 3], after[..., 3])
    assert 0 < shadow.pixels.read(Rect(0, 0, 256, 256))[..., 3].max() < 255
