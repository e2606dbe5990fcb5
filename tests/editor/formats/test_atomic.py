import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from editor.formats.atomic import replacing
from editor.formats.format import FormatError

ROOT = Path(__file__).parents[3]


def test_the_new_file_takes_the_place_of_the_old(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to("real")
    with replacing(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, MemoryError])
def test_after_any_error_all_is_as_it_was(error, tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def interrupted():
        with replacing(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        interrupted()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "not allowed"), (errno.EIO, "not written")],
)
def test_a_failing_disk_is_one_sentence(code, words, tmp_path):
    with pytest.raises(FormatError, match=words), replacing(tmp_path / "a.bin"):
        raise OSError(code, os.strerror(code))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_really_full_disk_leaves_nothing(tmp_path):
    def written():
        with replacing(tmp_path / "a.bin") as file:
            full = os.open("/dev/full", os.O_WRONLY)
            os.dup2(full, file.fileno())
            os.close(full)
            file.write(b"x" * 100_000)

    with pytest.raises(FormatError, match="disk is full"):
        written()
    assert list(tmp_path.iterdir()) == []


def test_read_only_missing_folder_and_folder_are_sentences(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(FormatError, match="read-only"), replacing(path):
        pass
    with pytest.raises(FormatError, match="no folder"), replacing(tmp_path / "none" / "a.bin"):
        pass
    with pytest.raises(FormatError, match="is a folder"), replacing(tmp_path):
        pass
    assert path.read_bytes() == b"old"


SLOW = """
import sys, time
from pathlib import Path
from editor.formats.atomic import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(b"half" * 100000)
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="only there are files nameless")
def test_a_killed_process_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    command = [sys.executable, "-c", SLOW, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    time.sleep(0.01)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
