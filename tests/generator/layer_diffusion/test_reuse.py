from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.layer_diffusion.reuse import Encodings
from generator.models.catalogue import Model
from generator.request import Condition
from tests.generator.modes import MODES, asked, run


class Encoder:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, planes: Tensor) -> Tensor:
        self.calls += 1
        return planes.mean(1, keepdim=True)


def test_the_same_pixels_are_encoded_once_and_others_anew() -> None:
    kept, encode = Encodings(), Encoder()
    planes = torch.rand(1, 3, 8, 8)
    first = kept.of("picture", planes, encode)
    assert kept.of("picture", planes.clone(), encode) is first
    assert encode.calls == 1
    changed = planes.clone()
    changed[0, 0, 0, 0] += 1e-6
    for other in (changed, planes.view(1, 3, 4, 16), planes.double()):
        kept.of("picture", other, encode)
    kept.of("with alpha", planes, encode)
    assert encode.calls == 5
    kept.forget()
    kept.of("picture", planes, encode)
    assert encode.calls == 6


def test_what_was_used_last_stays_within_the_bound() -> None:
    planes = [torch.full((1, 3, 8, 8), float(value)) for value in range(3)]
    kept, encode = Encodings(most_bytes=2 * 8 * 8 * 4), Encoder()
    for value in (0, 1, 0, 2, 0):
        assert kept.of("picture", planes[value], encode).mean() == value
    assert encode.calls == 3
    assert kept.nbytes <= 2 * 8 * 8 * 4
    kept.of("picture", planes[1], encode)
    assert encode.calls == 4


def test_one_that_is_larger_than_the_bound_is_kept_alone() -> None:
    kept, encode = Encodings(most_bytes=1), Encoder()
    planes = torch.rand(1, 3, 8, 8)
    kept.of("picture", planes, encode)
    kept.of("picture", planes, encode)
    assert encode.calls == 1


@pytest.mark.parametrize("name", ["sdxl-foreground", "sd15-vary"])
def test_a_second_job_encodes_and_reads_nothing_that_it_knows(
    tiny_models: Callable[[str], Model], name: str
) -> None:
    mode = next(mode for mode in MODES if mode.name == name)
    parts = load(tiny_models(mode.family))
    pipeline, request = LayerDiffusionPipeline(parts), asked(mode)
    calls: list[str] = []
    parts.vae.encoder.register_forward_hook(lambda *_: calls.append("encode"))
    parts.text.towers[0].encoder.register_forward_hook(lambda *_: calls.append("read"))
    first = run(pipeline, request).layers
    assert {"encode", "read"} == set(calls)
    calls.clear()
    again = run(pipeline, request).layers
    assert calls == []
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.pixels, other.pixels)
    changed = tuple(Condition(each.role, each.pixels // 2) for each in request.conditions)
    run(pipeline, asked(mode, conditions=changed))
    assert "encode" in calls
    assert "read" not in calls
