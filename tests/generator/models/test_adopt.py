"""A user's own files are taken up where they lie, by name and hash, and never by path."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.models.adopt import adopt, adopt_folder
from generator.models.names import checked_name, is_name, name_from
from generator.models.published import catalogue
from generator.models.recognise import Kind
from generator.models.registry import Adopted, read_registry, registry_path
from generator.models.store import check_known, find, loras, models
from generator.request import ErrorKind, GenerationError

from .test_recognise import KOHYA, SDXL, UNET

LORA = {KOHYA: (16, 768)}
# As large as it must be to be recognised, and small on the disk.
CHECKPOINT = SDXL | {f"{UNET}label_emb.0.0.weight": (1280, 2816)}


def _adopt(path: Path, name: str | None = None, is_copied: bool = False) -> Adopted:
    return adopt(path, name, is_copied, lambda *_: None, lambda: False)


def test_lora_is_recorded_where_it_lies(own: Path, weights: Callable[..., Path]) -> None:
    path = weights("ink style.safetensors", LORA)
    before = path.read_bytes()
    heard: list[tuple[int, int | None]] = []
    adopted = adopt(path, None, False, lambda *each: heard.append(each), lambda: False)
    assert adopted.name == "ink style"
    assert (adopted.kind, adopted.family) == (Kind.LORA, "sd15")
    assert adopted.sha256 == hashlib.sha256(before).hexdigest()
    assert adopted.path == str(path)
    assert loras() == (adopted,)
    assert heard[-1] == (len(before), len(before))
    assert path.read_bytes() == before
    assert not list(own.glob("*.safetensors"))


def test_checkpoint_becomes_a_model_of_its_family(own: Path, weights: Callable[..., Path]) -> None:
    path = weights("wonder XL.safetensors", CHECKPOINT)
    adopted = _adopt(path)
    model = next(model for model in models() if model.name == "wonder XL")
    assert (model.checkpoint, model.is_installed) == (path, False)
    assert model.card is not None
    assert (model.card.family, model.card.hash) == ("sdxl", adopted.sha256)
    with pytest.raises(
        GenerationError, match="models get sdxl-configuration sdxl-decoder sdxl-layer"
    ):
        find("wonder XL")
    for name, stem in (
        ("sdxl-layer", "layer_xl_transparent_attn"),
        ("sdxl-decoder", "vae_transparent_decoder"),
    ):
        _hollow(own / name / f"{stem}.safetensors", (743 if name == "sdxl-layer" else 208) * 10**6)
    with pytest.raises(GenerationError, match='models get sdxl-configuration" fetches'):
        find("wonder XL")
    for file in next(each for each in catalogue() if each.name == "sdxl-configuration").files:
        _hollow(own / "sdxl-configuration" / file.path, file.size_bytes or 0)
    assert find("wonder XL").is_installed
    assert find("wonder XL").card.tasks == ("layer",)
    path.unlink()
    with pytest.raises(GenerationError, match=r"wonder XL\.safetensors is missing"):
        find("wonder XL")


def _hollow(path: Path, size_bytes: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.truncate(size_bytes)


def test_copy_is_made_when_asked_for(own: Path, weights: Callable[..., Path]) -> None:
    path = weights("ink.safetensors", LORA)
    adopted = _adopt(path, "Tinte", is_copied=True)
    copy = own / "adopted" / "Tinte.safetensors"
    assert adopted.path == str(copy)
    path.unlink()
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == adopted.sha256
    assert [each.name for each in loras()] == ["Tinte"]
    assert [path.name for path in copy.parent.iterdir()] == ["Tinte.safetensors"]


def test_cancelled_copy_leaves_nothing(own: Path, weights: Callable[..., Path]) -> None:
    path = weights("ink.safetensors", {KOHYA: (4096, 768)})
    answers = iter([False] * 7 + [True] * 9)
    with pytest.raises(GenerationError, match="cancelled"):
        adopt(path, None, True, lambda *_: None, lambda: next(answers))
    assert not [path for path in own.rglob("*") if path.is_file() and path.name[0] != "."]


def test_same_file_again_keeps_its_name_and_learns_its_new_place(
    own: Path, weights: Callable[..., Path], tmp_path: Path
) -> None:
    path = weights("ink.safetensors", LORA)
    _adopt(path, "first")
    moved = path.rename(tmp_path / "moved.safetensors")
    assert loras() == ()
    again = _adopt(moved)
    assert (again.name, again.path) == ("first", str(moved))
    assert len(read_registry().files) == 1


@pytest.mark.parametrize("name", ["pocket", "sdxl", "SDXL-layer", "First"])
def test_name_that_is_taken_is_refused(own: Path, weights: Callable[..., Path], name: str) -> None:
    _adopt(weights("a.safetensors", LORA), "first")
    with pytest.raises(GenerationError, match="already; give this one another name"):
        _adopt(weights("b.safetensors", {KOHYA: (8, 768)}), name)
    assert [each.name for each in read_registry().files] == ["first"]


PATHS = [
    "",
    "..",
    "../x",
    "a/b",
    "a\\b",
    "/etc/passwd",
    "C:x",
    "x\0",
    "a..b",
    ".x",
    "x.",
    "nul",
    "-x",
    "x" * 81,
    "x\n",
    "~",
    "LPT1.x",
]


@pytest.mark.parametrize("name", PATHS)
def test_paths_and_their_like_are_no_names(own: Path, name: str) -> None:
    assert not is_name(name)
    with pytest.raises(GenerationError, match="is no name for a model") as caught:
        checked_name(name)
    assert caught.value.kind is ErrorKind.BAD_REQUEST
    with pytest.raises(GenerationError):
        check_known(name)
    assert is_name(name_from(name))


@pytest.mark.parametrize("name", ["juggernaut_v6", "Tinte und Öl (v2)", "墨", "a+b-1.5"])
def test_words_are_names(name: str) -> None:
    assert checked_name(name) == name == name_from(name)


def test_what_cannot_serve_is_refused_and_not_recorded(
    own: Path, weights: Callable[..., Path], tmp_path: Path
) -> None:
    pickled = tmp_path / "x.ckpt"
    pickled.write_bytes(b"\x80\x02")
    unknown = weights("other.safetensors", {"some.weight": (16, 3, 3, 3)})
    for path, sentence in (
        (pickled, "is a pickle"),
        (unknown, r"other\.safetensors cannot be used: it is unknown"),
        (tmp_path / "none.safetensors", "There is no file"),
    ):
        with pytest.raises(GenerationError, match=sentence):
            _adopt(path)
    assert not registry_path().exists()


def test_damaged_registry_hides_nothing_else_and_is_not_overwritten(
    own: Path, weights: Callable[..., Path]
) -> None:
    registry_path().write_text('{"files": [')
    assert {model.name for model in models()} >= {"pocket", "sd15", "sdxl"}
    with pytest.raises(GenerationError, match=r"registry\.json is damaged"):
        _adopt(weights("a.safetensors", LORA))
    assert registry_path().read_text() == '{"files": ['


def test_folder_that_is_none_is_refused(own: Path, tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="is no folder"):
        adopt_folder(tmp_path / "none")
