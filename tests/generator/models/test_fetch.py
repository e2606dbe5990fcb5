"""What is published is found where it lies, fetched when asked for, and verified."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import generator.models.published as the_catalogue
from generator.models.adopt import adopt, adopt_folder
from generator.models.download import Patience
from generator.models.fetch import Fetching, get, plan, sweep
from generator.models.locate import located
from generator.models.places import hub_cache
from generator.models.published import RemoteFile, Weights, catalogue
from generator.models.store import find, models
from generator.models.verify import State, verify
from generator.request import ErrorKind, GenerationError, Task

from .conftest import Day, Hub

REVISION = "abc"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, hub: Hub, own: Path) -> Hub:
    """The catalogue with files of a few bytes, which the hub has."""
    small = tuple(_shrunk(weights, hub) for weights in catalogue())
    for module in ("published", "locate", "fetch", "store", "verify"):
        monkeypatch.setattr(f"generator.models.{module}.catalogue", lambda: small)
    monkeypatch.setenv("HF_ENDPOINT", hub.url + "/")
    return hub


def _shrunk(weights: Weights, hub: Hub) -> Weights:
    files = []
    for file in weights.files:
        body = _body(weights, file)
        hub.files[_path(weights, file)] = body
        known = hashlib.sha256(body).hexdigest() if file.sha256 else None
        files.append(RemoteFile(file.path, len(body), known))
    return replace(weights, files=tuple(files))


def _body(weights: Weights, file: RemoteFile) -> bytes:
    return f"{weights.repository} {file.path} ".encode() * 20


def _path(weights: Weights, file: RemoteFile) -> str:
    return f"/{weights.repository}/resolve/{weights.revision}/{file.path}"


def _get(name: str, has_accepted: bool = True) -> list[Fetching]:
    heard: list[Fetching] = []
    patience = Patience(attempts=2, first_wait_s=0.01, stall_s=1.0)
    get(plan(name), has_accepted, heard.append, lambda: False, patience)
    return heard


def _entry(name: str) -> Weights:
    return next(each for each in the_catalogue.catalogue() if each.name == name)


def _write(root: Path, weights: Weights, rename: Callable[[str], str] = str) -> None:
    for file in weights.files:
        path = root / rename(file.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_body(weights, file))


def test_family_is_fetched_and_is_a_model_then(small: Hub, own: Path) -> None:
    with pytest.raises(GenerationError, match=r"models get sd15-base sd15-decoder sd15-layer"):
        find("sd15")
    heard = _get("sd15")
    model = find("sd15")
    assert model.card is not None
    assert Task.TOGETHER in model.card.tasks
    assert model.folder == own / "sd15-base"
    assert (model.folder / "unet" / "config.json").is_file()
    assert model.parts["sd15-layer"].name == "layer_sd15_transparent_attn.safetensors"
    assert heard[-1].done_bytes == heard[-1].total_bytes
    assert [each.done_bytes for each in heard] == sorted(each.done_bytes for each in heard)
    asked = len(small.seen)
    assert (_get("sd15"), len(small.seen)) == ([], asked)
    assert {each.state for each in verify(("sd15",), lambda *_: None, lambda: False)} == {
        State.RIGHT, State.UNPROVED,
    }  # fmt: skip


def test_one_entry_comes_alone_and_tells_which_tasks_it_serves(small: Hub, own: Path) -> None:
    for name in ("sdxl-base", "sdxl-decoder", "sdxl-blended-to-foreground"):
        _get(name)
    card = find("sdxl").card
    assert card is not None
    assert card.tasks == (Task.EXTRACT,)
    assert located()["sdxl-configuration"] == own / "sdxl-base"
    assert [each.name for each in plan("sdxl-layer-full").missing] == ["sdxl-layer-full"]


def test_nothing_is_fetched_without_the_terms_accepted(small: Hub, own: Path) -> None:
    terms = dict(plan("sdxl").terms)
    assert {each.licence for each in terms} == {
        "CreativeML Open RAIL-M", "CreativeML Open RAIL++-M", "MIT",
    }  # fmt: skip
    with pytest.raises(GenerationError, match="not accepted; nothing was fetched"):
        _get("sdxl", has_accepted=False)
    assert small.seen == []
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("value", ["1", "true", "YES"])
def test_offline_fetches_nothing(
    small: Hub, own: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    with pytest.raises(GenerationError, match="Working offline is set"):
        _get("sdxl-layer")
    assert small.seen == []


def test_offline_can_be_set_for_good(small: Hub, own: Path) -> None:
    (own / "registry.json").write_text('{"is_offline": true}')
    with pytest.raises(GenerationError, match="Working offline is set"):
        _get("sdxl-layer")
    assert small.seen == []


def test_looking_finding_and_verifying_ask_the_hub_nothing(small: Hub, own: Path) -> None:
    models()
    located()
    list(verify((), lambda *_: None, lambda: False))
    with pytest.raises(GenerationError):
        find("sdxl")
    assert small.seen == []


def test_failure_in_the_middle_keeps_what_is_whole(small: Hub, own: Path) -> None:
    small.days = [Day(), Day(), Day(status=404)]
    with pytest.raises(GenerationError, match="404"):
        _get("sd15-base")
    _get("sd15-base")
    assert "sd15-base" in located()
    paths = [each.path for each in small.seen]
    assert len(paths) == len(_entry("sd15-base").files) + 1
    assert len(set(paths)) == len(paths) - 1


@pytest.mark.parametrize("revision", ["the catalogue's", "f" * 40])
def test_hub_cache_is_looked_into(small: Hub, own: Path, revision: str) -> None:
    base = _entry("sdxl-base")
    revision = base.revision if revision.startswith("the") else revision
    root = hub_cache() / "models--stabilityai--stable-diffusion-xl-base-1.0" / "snapshots"
    _write(root / revision, base)
    assert located() == {"sdxl-base": root / revision, "sdxl-configuration": root / revision}
    assert plan("sdxl-base").missing == ()
    (root / revision / "unet" / "config.json").unlink()
    assert located() == {}


def test_full_precision_serves_for_half(small: Hub, own: Path) -> None:
    base = _entry("sdxl-base")
    root = hub_cache() / "models--stabilityai--stable-diffusion-xl-base-1.0" / "snapshots" / "a"
    _write(root, base, lambda path: path.replace(".fp16.", "."))
    assert located() == {"sdxl-base": root, "sdxl-configuration": root}
    assert next(m for m in models() if m.name == "sdxl").size_bytes == base.about_bytes
    checked = list(verify(("sdxl-base",), lambda *_: None, lambda: False))
    assert {each.state for each in checked} == {State.RIGHT, State.UNPROVED}
    (root / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b"too small")
    assert located() == {"sdxl-configuration": root}


@pytest.mark.parametrize("how", ["variable", "registry"])
def test_folders_of_other_tools_are_searched_when_named(
    small: Hub, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    weights = _entry("sdxl-layer")
    tool = tmp_path / "another tool"
    _write(tool / "models" / "layer_model", weights)
    _write(tool / "diffusers" / "x", _entry("sdxl-decoder"), lambda path: f"{path}.old")
    assert located() == {}
    if how == "variable":
        monkeypatch.setenv(
            "ACETATE_MODEL_FOLDERS", os.pathsep.join(map(str, (tmp_path / "none", tool)))
        )
    else:
        adopt_folder(tool)
    path = tool / "models" / "layer_model" / weights.files[0].path
    assert located() == {"sdxl-layer": path}
    path.write_bytes(b"of another size")
    assert located() == {}


def test_adopted_layer_diffusion_file_is_known_by_its_hash(
    own: Path, weights: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = weights("renamed.safetensors", {"latent_conv_in.weight": (64, 4, 1, 1)})
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    entry = replace(_entry("sdxl-decoder"), files=(RemoteFile("x.safetensors", 9, sha256),))
    monkeypatch.setattr("generator.models.locate.catalogue", lambda: (entry,))
    assert located() == {}
    adopt(path, None, False, lambda *_: None, lambda: False)
    assert located() == {"sdxl-decoder": path}


def test_damage_is_found_by_reading(small: Hub, own: Path) -> None:
    _get("sdxl-layer")
    path = located()["sdxl-layer"]
    path.write_bytes(path.read_bytes()[::-1])
    heard: list[tuple[str, int, int | None]] = []
    checked = list(verify(("sdxl",), lambda *each: heard.append(each), lambda: False))
    assert [(each.name, each.state) for each in checked] == [("sdxl-layer", State.DAMAGED)]
    assert heard[-1] == (path.name, path.stat().st_size, path.stat().st_size)


def test_orphans_of_ours_are_swept_and_others_left(small: Hub, own: Path) -> None:
    def put(path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        return path

    name = _entry("sdxl-layer").files[0].path
    awaited = put(own / "sdxl-layer" / f"{name}.part")
    of_before = put(own / "sdxl-layer" / "of an earlier catalogue.safetensors.part")
    note = put(of_before.with_name(of_before.name + ".json"))
    theirs = put(hub_cache() / "models--a--b" / "blobs" / "0123.01234567.incomplete")
    inside = put(own / "sdxl-layer" / "0123.incomplete")
    assert set(sweep()) == {of_before, note}
    assert all(path.exists() for path in (awaited, theirs, inside))
    _get("sdxl-layer")
    assert not awaited.exists()


def test_disk_without_room_is_said_before_anything_is_asked(
    small: Hub, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.models.download.SPARE_BYTES", 10**18)
    with pytest.raises(GenerationError, match="not enough room for sdxl") as caught:
        _get("sdxl")
    assert caught.value.kind is ErrorKind.WEIGHTS_MISSING
    assert small.seen == []


@pytest.mark.parametrize("address", ["ftp://x", "file:///etc", "nonsense"])
def test_address_that_is_none_is_said(
    small: Hub, own: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    with pytest.raises(GenerationError, match="no web address"):
        _get("sdxl-layer")
