"""`models`: what is listed, fetched, added, verified and found, and what is refused."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from generator.models.catalogue import CARD_NAME, Card
from generator.models.published import catalogue

CARD = Card(
    name="tiny", native_size=(64, 48), steps=4, guidance=2.0, hash="abc",
    files={"a.safetensors": "00"}, title="Tiny", family="pocket", licence="Apache-2.0",
)  # fmt: skip


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of the user's own, of which a weight file is there."""
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    (folder / CARD_NAME).write_bytes(msgspec.json.encode(CARD))
    (folder / "a.safetensors").write_bytes(bytes(3_000_000))
    monkeypatch.setenv("ACETATE_MODELS", str(folder.parent))
    return folder


def test_models_are_listed_for_people(call, tiny: Path) -> None:
    lines = call("models", "list").out.splitlines()
    assert "tiny: Tiny, 64 x 48 px, layer, vary, repaint, upscale, 3 MB" in lines


def test_models_are_listed_for_machines(call, tiny: Path) -> None:
    found = {each["name"]: each for each in call("models", "list", "--json").json["models"]}
    assert "pocket" in found
    model = found["tiny"]
    assert (model["installed"], model["native_size"]) == (True, [64, 48])
    assert model["tasks"] == ["layer", "vary", "repaint", "upscale"]
    assert model["preview"] == []
    assert (model["folder"], model["hash"]) == (str(tiny), "abc")


def test_a_model_whose_weights_are_missing_is_said_to_be_not_installed(call, tiny: Path) -> None:
    (tiny / "a.safetensors").unlink()
    assert "tiny: not installed" in call("models", "list").out.splitlines()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["models", "get", "x"], 2),
        (["models", "get"], 2),
        (["models", "add"], 2),
        (["models", "add", "none.safetensors"], 2),
        (["models", "add", "none.ckpt"], 1),
        (["models", "add", "a", "b", "--name", "c"], 2),
        (["models", "verify", "x"], 2),
        (["models", "where", "x"], 2),
        (["models", "where", "sdxl"], 1),
        (["models", "dance"], 2),
        (["models"], 2),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    call, tiny: Path, arguments: list[str], code: int
) -> None:
    said = call(*arguments)
    assert (said.code, said.out) == (code, "")
    assert said.err.count("\n") == 1


@pytest.fixture
def hub(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a hub that has the smallest of the published files, at its size."""
    root = tmp_path / "hub"
    entry = next(each for each in catalogue() if each.name == "sdxl-encoder")
    path = root / entry.repository / "resolve" / entry.revision / entry.files[0].path
    path.parent.mkdir(parents=True)
    path.write_bytes(bytes(entry.about_bytes))
    handler = functools.partial(_Handler, directory=str(root))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield path
    server.shutdown()
    server.server_close()
    thread.join()


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_weights_are_fetched_when_their_terms_are_accepted(call, tiny: Path, hub: Path) -> None:
    refused = call("models", "get", "sdxl-encoder")
    assert (refused.code, refused.out) == (1, "")
    assert "CreativeML Open RAIL-M (sdxl-encoder): Commercial use is allowed." in refused.err
    assert "Nothing was fetched: models get sdxl-encoder --accept-licence" in refused.complaint
    said = call("models", "get", "sdxl-encoder", "--accept-licence")
    place = tiny.parent / "sdxl-encoder" / hub.name
    assert (said.code, said.out) == (0, f"sdxl-encoder: {place}\n")
    assert place.read_bytes() == hub.read_bytes()
    assert call("models", "get", "sdxl-encoder").out == "Everything is here already.\n"
    assert call("models", "where", "sdxl-encoder").out == f"{place}\n"
    weights = {each["name"]: each for each in call("models", "list", "--json").json["weights"]}
    assert weights["sdxl-encoder"]["place"] == str(place)
    assert weights["sdxl-encoder"]["tasks"] == ["vary", "repaint", "upscale"]
    assert not weights["sdxl-decoder"]["installed"]


def test_fetching_offline_is_refused(call, hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    said = call("models", "get", "sdxl-encoder", "--accept-licence", "--json")
    assert said.code == 1
    assert said.complaint.startswith("Working offline is set")


def test_fetching_for_machines_tells_places(call, tiny: Path, hub: Path) -> None:
    said = call("models", "get", "sdxl-encoder", "pocket", "--accept-licence", "--json").json
    place = str(tiny.parent / "sdxl-encoder" / hub.name)
    assert said == {"fetched": ["sdxl-encoder"], "places": {"sdxl-encoder": place}}


def _lora(path: Path) -> Path:
    key = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight"
    entry = {"dtype": "F16", "shape": [1, 768], "data_offsets": [0, 1536]}
    header = msgspec.json.encode({key: entry})
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(1536))
    return path


def test_own_lora_is_added_listed_found_and_verified(call, tiny: Path, tmp_path: Path) -> None:
    path = _lora(tmp_path / "ink.safetensors")
    assert call("models", "add", str(path)).out == "ink: LoRA for SD 1.5\n"
    added = call("models", "add", str(path), "--name", "Tinte", "--json").json["added"]
    assert [(each["name"], each["kind"], each["family"]) for each in added] == [
        ("Tinte", "LoRA", "sd15")
    ]
    assert "Tinte: LoRA for SD 1.5, 0 MB" in call("models", "list").out.splitlines()
    assert call("models", "list", "--json").json["loras"] == added
    assert call("models", "where", "Tinte").out == f"{path}\n"
    assert call("models", "verify", "Tinte").out == f"Tinte: right: {path}\n"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    said = call("models", "verify", "Tinte", "--json")
    assert said.code == 1
    assert said.json["files"] == [{"name": "Tinte", "path": str(path), "state": "damaged"}]
    assert said.complaint.startswith(f"Damaged or missing: {path};")


def test_damage_to_any_model_with_a_card_is_found(call, tiny: Path) -> None:
    said = call("models", "verify", "tiny")
    assert said.code == 1
    assert said.out == f"tiny: damaged: {tiny / 'a.safetensors'}\n"


def test_folder_of_another_tool_is_added(call, tiny: Path, tmp_path: Path) -> None:
    assert call("models", "add", str(tmp_path)).out == f"{tmp_path}\n"
    assert call("models", "where", "--json").json["other"] == [str(tmp_path)]
    assert call("models", "where").out.splitlines()[0] == str(tiny.parent)


def test_family_that_is_not_installed_says_how_to_get_it(call, tiny: Path) -> None:
    lines = call("models", "list").out.splitlines()
    assert any(line.startswith("sdxl: not installed, models get sdxl (") for line in lines)
