import pytest

from generator.device import choose, describe
from generator.request import ErrorKind, GenerationError


def test_auto_takes_a_device_that_is_there() -> None:
    device = choose("auto")
    assert choose(device) == device
    assert "torch" in describe(device)


def test_cpu_is_always_there() -> None:
    assert choose("cpu") == "cpu"
    assert describe("cpu").startswith("CPU")


@pytest.mark.parametrize("wanted", ["", "gpu", "cuda:99", "cpu:1", "cuda:x", "cuda:-1"])
def test_device_that_is_not_there_is_refused_naming_those_that_are(wanted: str) -> None:
    with pytest.raises(GenerationError, match="cpu") as caught:
        choose(wanted)
    assert caught.value.kind is ErrorKind.UNSUPPORTED
