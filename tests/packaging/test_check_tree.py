"""The rules on files that no linter knows; the script is run by path, as the gate does."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "packaging" / "check_tree.py"


def checked(folder: Path, files: dict[str, bytes]) -> tuple[int, str]:
    """Track the files in a new repository and return the script's exit code and complaints."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def test_a_good_tree_passes_in_silence(tmp_path: Path) -> None:
    files = {
        "editor/__init__.py": b"",
        "tests/test_a.py": b"x = 1\n" * 600,
        "big.bin": bytes(500_000),
        "resources/models/pocket/a.safetensors": bytes(16 * 1024 * 1024),
    }
    assert checked(tmp_path, files) == (0, "")


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"tests/editor/__init__.py": b""}, "tests/editor/__init__.py must not exist"),
        ({"packaging/__init__.py": b""}, "packaging/__init__.py must not exist"),
        ({"editor/long.py": b"x = 1\n" * 601}, "editor/long.py is longer than 600 lines"),
        ({"a picture.png": bytes(500_001)}, "a picture.png has 500001 bytes"),
        (
            {"resources/models/pocket/a.safetensors": bytes(16 * 1024 * 1024 + 1)},
            "a.safetensors has 16777217 bytes",
        ),
        (
            {f"resources/models/pocket/{n}.safetensors": bytes(11_000_000) for n in "abc"},
            "resources/models/pocket has 33000000 bytes",
        ),
    ],
)
def test_each_broken_rule_is_named(tmp_path: Path, files: dict[str, bytes], named: str) -> None:
    code, complaints = checked(tmp_path, files)
    assert code == 1
    assert named in complaints
    assert complaints.count("\n") == 1
