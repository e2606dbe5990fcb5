import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from generator.layer_diffusion.weight_file import MAX_HEADER_BYTES, WeightFile, load_strictly
from generator.request import ErrorKind, GenerationError

CPU = torch.device("cpu")


class Canary:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".pth", ".bin", ".PT"])
def test_a_pickle_is_refused_and_not_run(tmp_path: Path, suffix: str) -> None:
    canary = tmp_path / "canary"
    path = tmp_path / f"weights{suffix}"
    path.write_bytes(pickle.dumps(Canary(canary)))
    with pytest.raises(GenerationError, match="is a pickle") as raised:
        WeightFile(path)
    assert raised.value.kind is ErrorKind.UNSUPPORTED
    assert not canary.exists()


def test_a_pickle_by_another_name_is_refused_and_not_run(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    path = tmp_path / "weights.safetensors"
    path.write_bytes(pickle.dumps(Canary(canary)) + bytes(100))
    with pytest.raises(GenerationError, match="damaged or no safetensors"):
        WeightFile(path)
    assert not canary.exists()


@pytest.mark.parametrize("content", [b"", b"\2\0\0\0\0\0\0\0", b"\5\0\0\0\0\0\0\0{}   "])
def test_a_file_of_nothing_is_refused_or_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(content)
    if content.endswith(b"   "):
        assert WeightFile(path).shapes == {}
    else:
        with pytest.raises(GenerationError, match="damaged or no safetensors"):
            WeightFile(path)


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_file({"a": torch.ones(100)}, path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(GenerationError, match="damaged or no safetensors"):
        WeightFile(path)


def test_a_header_larger_than_any_models_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    header = json.dumps({"__metadata__": {"a": "x" * MAX_HEADER_BYTES}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    with pytest.raises(GenerationError, match="no model needs that"):
        WeightFile(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match=r"gone\.safetensors is not there") as raised:
        WeightFile(tmp_path / "gone.safetensors")
    assert raised.value.kind is ErrorKind.WEIGHTS_MISSING


def test_loading_is_strict_and_keeps_no_tie_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    weight = torch.arange(6.0).reshape(2, 3)
    save_file({"weight": weight.half(), "bias": torch.zeros(2).half()}, path)
    with torch.device("meta"):
        linear = nn.Linear(3, 2)
    load_strictly(linear, WeightFile(path), "a linear map", CPU, torch.float16)
    path.write_bytes(bytes(path.stat().st_size))
    assert torch.equal(linear.weight, weight.half())
    assert not linear.weight.requires_grad


def test_every_difference_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_file({"weight": torch.zeros(3, 2), **{f"x{i}": torch.zeros(1) for i in range(5)}}, path)
    with pytest.raises(GenerationError) as raised:
        load_strictly(nn.Linear(3, 2), WeightFile(path), "a linear map", CPU, torch.float32)
    assert str(raised.value) == (
        "weights.safetensors is not a linear map: it lacks tensor bias, it has unknown tensors "
        "x0, x1, x2 and 2 more, it has misshapen tensor weight."
    )
