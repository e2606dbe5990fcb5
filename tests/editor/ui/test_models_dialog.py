import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from editor.ui.dialogs import models as dialogs
from editor.ui.dialogs.models import ModelsDialog
from generator.models.published import RemoteFile, Terms, Weights, catalogue

LONG = 20_000
BODY = bytes(range(256)) * 400
TERMS = Terms("A licence", "Not to be used for harm.", "http://127.0.0.1/terms")


class Answers(http.server.BaseHTTPRequestHandler):
    """A hub of one file."""

    asked: list[str]

    def do_GET(self) -> None:
        """Give the file."""
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.send_header("ETag", '"one"')
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def asked(monkeypatch, tmp_path: Path) -> Iterator[list[str]]:
    """What was asked of a hub that has one small file."""
    Answers.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    small = RemoteFile("layer.safetensors", len(BODY))
    one = Weights("sdxl-layer", "sdxl", "a layer", "a/b", "main", (small,), TERMS)
    entries = tuple(one if each.name == one.name else each for each in catalogue())
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("ACETATE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    for place in ("published", "fetch", "locate", "store"):
        monkeypatch.setattr(f"generator.models.{place}.catalogue", lambda: entries)
    yield Answers.asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def dialog(window, asked, qtbot) -> ModelsDialog:
    window.show_models("sdxl")
    made = window.findChild(ModelsDialog)
    qtbot.waitUntil(lambda: bool(made.ticked), timeout=LONG)
    for name in made.ticked:
        made.details.tick(name, ticked=name == "sdxl-layer")
    return made


def texts(dialog: ModelsDialog) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in dialog.details.terms.findChildren(QLabel))


def test_nothing_is_fetched_before_the_terms_are_accepted(dialog, asked) -> None:
    assert dialog.ticked == ("sdxl-layer",)
    for words in (TERMS.licence, TERMS.restrictions, TERMS.page):
        assert words in texts(dialog)
    assert not dialog.get.isEnabled()
    dialog.get.click()
    dialog._on_get()
    assert asked == []


def test_accepting_fetches_and_the_window_learns_of_it(
    dialog, asked, window, qtbot, tmp_path
) -> None:
    dialog.accept_terms.setChecked(True)
    assert dialog.get.isEnabled()
    with qtbot.waitSignal(window.fetcher.ended, timeout=LONG) as ended:
        dialog.get.click()
        assert dialog.stop.isVisible()
    assert ended.args[1], ended.args
    assert (tmp_path / "models" / "sdxl-layer" / "layer.safetensors").read_bytes() == BODY
    assert asked == ["/a/b/resolve/main/layer.safetensors"]
    qtbot.waitUntil(lambda: window.messages.text == "sdxl-layer can be used now.", timeout=LONG)


def test_other_parts_need_their_terms_accepted_anew(dialog) -> None:
    dialog.accept_terms.setChecked(True)
    dialog.details.tick("sdxl-style")
    assert not dialog.accept_terms.isChecked()
    dialog.accept_terms.setChecked(True)
    dialog.choose("sd15")
    assert not dialog.accept_terms.isChecked()


def test_offline_says_so(window, asked, qtbot, monkeypatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    window.show_models("sdxl")
    dialog = window.findChild(ModelsDialog)
    qtbot.waitUntil(lambda: bool(dialog.ticked), timeout=LONG)
    dialog.accept_terms.setChecked(True)
    assert not dialog.get.isEnabled()
    assert "offline" in dialog.get.toolTip()


def test_a_pickle_is_refused_in_one_sentence(dialog, window, qtbot, tmp_path) -> None:
    path = tmp_path / "old.ckpt"
    path.write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    dialog.add_file(path)
    qtbot.waitUntil(lambda: "old.ckpt" in dialog.line.text(), timeout=LONG)
    assert "safetensors" in dialog.line.text()
    assert not window.fetcher.is_busy


def test_a_lora_of_ones_own_is_listed(dialog, window, qtbot, tmp_path) -> None:
    path = tmp_path / "ink.safetensors"
    name = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k.lora_{}.weight"
    save_file(
        {
            name.format("down"): np.zeros((4, 2048), np.float32),
            name.format("up"): np.zeros((640, 4), np.float32),
        },
        path,
    )
    dialog.add_file(path)
    qtbot.waitUntil(lambda: "ink is known now" in dialog.line.text(), timeout=LONG)
    qtbot.waitUntil(
        lambda: bool(dialog.list.findItems("ink", dialogs.Qt.MatchFlag.MatchStartsWith))
    )
