"""Control models, style adapters and LoRAs by name; what is missing is told with its command."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.models import adapters as room
from generator.models.adapters import (
    adapters,
    control_model,
    image_encoder,
    lora,
    style_adapter,
)
from generator.models.recognise import Kind
from generator.models.registry import Adopted, Registry, change_registry
from generator.request import ErrorKind, GenerationError


@pytest.fixture
def fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, str]], dict[str, Path]]:
    """Let entries of the catalogue lie in files or folders of these names."""
    monkeypatch.setenv("ACETATE_MODELS", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()

    def lie(entries: dict[str, str]) -> dict[str, Path]:
        places = {name: tmp_path / path for name, path in entries.items()}
        for place in places.values():
            if place.suffix:
                place.write_bytes(b"0")
            else:
                place.mkdir()
        monkeypatch.setattr(room, "located", lambda: places)
        return places

    return lie


def _add(path: Path, name: str, kind: Kind, family: str) -> None:
    path.write_bytes(b"1234")
    own = Adopted(name, str(path), "ab" * 32, 4, kind, family, "mine")
    change_registry(lambda before: Registry((*before.files, own), before.folders))


def test_a_control_is_found_by_its_kind_or_its_name(
    fetched: Callable[[dict[str, str]], dict[str, Path]], tmp_path: Path
) -> None:
    places = fetched({"sd15-control-canny": "canny", "sd15-control-pose": "pose"})
    _add(tmp_path / "tile.safetensors", "tile", Kind.CONTROL, "sd15")
    assert control_model("canny", "sd15").path == str(places["sd15-control-canny"])
    assert control_model("Edges", "sd15").name == "sd15-control-canny"
    assert control_model("openpose", "sd15").name == "sd15-control-pose"
    assert control_model("sd15-control-pose", "sd15").name == "sd15-control-pose"
    assert control_model("TILE", "sd15").sha256 == "ab" * 32
    assert [each.name for each in adapters(Kind.CONTROL)] == [
        "sd15-control-canny", "sd15-control-pose", "tile",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("find", "sentence"),
    [
        (lambda: control_model("depth", "sdxl"), r'"main\.py models get sdxl-control-depth" fetch'),
        (lambda: control_model("my tile", "sdxl"), r'called "my tile" here; there can be scribble'),
        (lambda: style_adapter("", "sdxl"), r'"main\.py models get sdxl-style" fetches it'),
        (lambda: style_adapter("mine", "sd15"), r'called "mine" on this machine'),
        (image_encoder, r'"main\.py models get image-encoder" fetches it'),
        (lambda: lora("sdxl-lcm", "sdxl"), r'"main\.py models get sdxl-lcm" fetches it'),
        (lambda: lora("ink", "sd15"), r'There is no LoRA "ink" on this machine; .* are: none\.'),
    ],
)
def test_what_is_missing_is_told_with_the_command_that_brings_it(
    find: Callable[[], object], sentence: str,
    fetched: Callable[[dict[str, str]], dict[str, Path]],
) -> None:  # fmt: skip
    fetched({})
    with pytest.raises(GenerationError, match=sentence) as caught:
        find()
    assert caught.value.kind is ErrorKind.WEIGHTS_MISSING
    assert str(caught.value).endswith(".")


def test_the_better_style_adapter_goes_first(
    fetched: Callable[[dict[str, str]], dict[str, Path]], tmp_path: Path
) -> None:
    fetched({"sdxl-style": "a.safetensors", "sdxl-style-plus": "b.safetensors"})
    assert style_adapter("", "sdxl").name == "sdxl-style-plus"
    assert style_adapter("sdxl-style", "sdxl").name == "sdxl-style"
    _add(tmp_path / "own.safetensors", "own style", Kind.STYLE, "sd15")
    assert style_adapter("", "sd15").name == "own style"


def test_the_image_encoder_is_a_folder(
    fetched: Callable[[dict[str, str]], dict[str, Path]],
) -> None:
    places = fetched({"image-encoder": "encoder"})
    assert image_encoder() == places["image-encoder"] / "models" / "image_encoder"


def test_one_of_another_family_is_refused(
    fetched: Callable[[dict[str, str]], dict[str, Path]], tmp_path: Path
) -> None:
    fetched({"sdxl-lcm": "lcm.safetensors"})
    _add(tmp_path / "ink.safetensors", "ink", Kind.LORA, "sdxl")
    assert lora("ink", "sdxl").path == str(tmp_path / "ink.safetensors")
    assert lora("lcm", "sdxl").name == "sdxl-lcm"
    for name in ("ink", "sdxl-lcm"):
        with pytest.raises(GenerationError, match="is a LoRA for SDXL, and this model is of SD 1"):
            lora(name, "sd15")
