"""The nearest training picture is found among those in a folder."""

import json
from pathlib import Path

import numpy as np
import pytest

from generator.request import GenerationError
from generator.training.evaluation.renders import TEACHING, fresh
from generator.training.evaluation.trained_on import nearest, pictures_in
from generator.training.pictures import LABELS, PICTURES, SIDE
from generator.training.words.captions import Subject

NAMES = ("ball", "star", "apple", "fish", "mug", "car", "key")


def test_what_was_learned_by_heart_is_found(tmp_path: Path) -> None:
    layers = [fresh(Subject(name), TEACHING, 1, SIDE) for name in NAMES]
    (tmp_path / LABELS).write_text(json.dumps({"labels": list(range(len(layers)))}))
    (tmp_path / PICTURES).write_bytes(np.round(np.stack(layers) * 255).astype(np.uint8).tobytes())
    assert pictures_in(tmp_path).shape == (len(NAMES), SIDE, SIDE, 4)
    new = fresh(Subject("glass ball"), TEACHING, 1, SIDE)
    by_heart, fresh_one = nearest([layers[3], new], tmp_path)
    assert by_heart < 0.002
    assert fresh_one > 0.05


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="holds no training pictures"):
        pictures_in(tmp_path)
    (tmp_path / LABELS).write_text("{}")
    (tmp_path / PICTURES).write_bytes(b"short")
    with pytest.raises(GenerationError, match="holds no training pictures"):
        pictures_in(tmp_path)
