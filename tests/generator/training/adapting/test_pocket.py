"""The shipped model learns, wears what it learned, and is as before without it."""

from pathlib import Path

import numpy as np
import pytest

from generator.backends.layer_diffusion import LayerDiffusionBackend
from generator.models.header import read_shapes
from generator.models.recognise import Kind, recognise
from generator.request import GenerationError, GenerationRequest, Lora
from generator.training.adapting.originals import drawn_originals
from generator.training.adapting.run import Asked, adapt
from generator.training.adapting.styles import write_assets
from generator.training.words.captions import Subject

FOLDER = Path(__file__).parents[4] / "resources" / "models" / "pocket"
FEW = {"steps": 2, "batch": 2, "placements": 1, "rank": 2}


@pytest.mark.skipif(
    not (FOLDER / "model.json").exists(), reason="resources/models/pocket holds no weights"
)
def test_the_shipped_model_learns_and_forgets(tmp_path: Path) -> None:
    write_assets(tmp_path / "assets", [Subject("apple", "red"), Subject("mug", "blue")], 1)
    path = adapt(
        Asked("pocket", tmp_path / "assets", tmp_path / "inks", prompts=("apple",), given=FEW)
    )
    assert recognise(read_shapes(path)).kind is Kind.LORA
    assert recognise(read_shapes(path)).family == "pocket"
    backend = LayerDiffusionBackend("cpu")

    def made(*loras: Lora) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        request = GenerationRequest("red apple", (256, 256), 3, steps=2, loras=loras)
        return backend.generate(request, lambda _: None, lambda: False).layers[0].pixels

    plain = made()
    assert (made(Lora("inks", 1.0, str(path))) != plain).any()
    assert np.array_equal(made(), plain)


def test_originals_are_drawn_for_the_pocket_model_alone() -> None:
    drawn = drawn_originals("pocket", seed=1, count=2)
    assert [each.layer.shape for each in drawn] == [(256, 256, 4)] * 2
    assert all(each.caption for each in drawn)
    with pytest.raises(GenerationError, match="by --originals"):
        drawn_originals("sdxl", seed=1)
