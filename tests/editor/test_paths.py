"""Where things lie."""

from pathlib import Path

import pytest

from editor import paths


def test_resources_are_those_of_the_program() -> None:
    assert (paths.RESOURCES / "icons").is_dir()
    assert Path(__file__).parents[2] == paths.PROGRAM


def test_what_is_kept_for_the_user_lies_outside_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for key in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(key, str(tmp_path))
    kept = (paths.settings_file(), paths.cache_folder(), paths.log_folder())
    assert all("acetate" in path.parts for path in kept)
    assert not any(paths.PROGRAM in path.parents for path in kept)
