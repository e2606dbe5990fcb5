"""What the program is told from outside."""

import pytest

from editor.settings import backend_name
from generator.backend import BACKENDS


def test_the_real_engine_makes_layers_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ACETATE_BACKEND", raising=False)
    assert backend_name() == "layer_diffusion"
    assert backend_name() in BACKENDS
    monkeypatch.setenv("ACETATE_BACKEND", "fake")
    assert backend_name() == "fake"
