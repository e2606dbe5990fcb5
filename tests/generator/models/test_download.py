"""Against a real server on this machine: each download ends right or in one sentence."""

import errno
import hashlib
import shutil
import subprocess
import sys
import threading
import time
from collections import namedtuple
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path

import pytest

from generator.models.download import Patience, Wanted, download
from generator.models.locks import locked
from generator.models.part import Part
from generator.request import ErrorKind, GenerationError

from .conftest import Day, Hub

BODY = bytes(range(256)) * 800  # 204 800 bytes
SHA256 = hashlib.sha256(BODY).hexdigest()
PATH = "/org/name/resolve/abc/weights.safetensors"


@pytest.fixture
def wanted(hub: Hub, tmp_path: Path) -> Wanted:
    hub.files[PATH] = BODY
    target = tmp_path / "models" / "weights.safetensors"
    return Wanted(hub.url + PATH, target, len(BODY), SHA256)


def _fetch(wanted: Wanted, patience: Patience) -> list[tuple[int, int | None]]:
    progress: list[tuple[int, int | None]] = []
    download(wanted, lambda *each: progress.append(each), lambda: False, patience)
    return progress


def _left(wanted: Wanted) -> set[str]:
    return {path.name for path in wanted.target.parent.iterdir()} - {".lock"}


def test_file_arrives_whole_with_progress_and_nothing_beside_it(wanted, hasty) -> None:
    progress = _fetch(wanted, hasty)
    assert wanted.target.read_bytes() == BODY
    assert progress[-1] == (len(BODY), len(BODY))
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    assert _left(wanted) == {"weights.safetensors"}


def test_file_that_is_there_is_not_asked_for(wanted, hub: Hub, hasty) -> None:
    _fetch(wanted, hasty)
    _fetch(wanted, hasty)
    assert len(hub.seen) == 1


@pytest.mark.parametrize(
    "days",
    [
        [Day(cut_after=50_000)],
        [Day(cut_after=0), Day(cut_after=1)],
        [Day(cut_after=50_000), Day(cut_after=60_000), Day(status=503), Day(cut_after=10_000)],
        [Day(hang_after=81_920)],
        [Day(status=429, headers={"Retry-After": "0"})],
        [Day(status=429, headers={"Retry-After": formatdate(0, usegmt=True)}), Day(status=502)],
        [Day(status=500, headers={"Retry-After": "soon"})],
        [Day(pause_s=0.001)],
        [Day(cut_after=50_000), Day(knows_ranges=False)],
        [Day(cut_after=50_000), Day(status=416)],
    ],
    ids=[
        "cut", "cut at once", "cut often", "hangs", "429", "429 with a date", "500", "slow",
        "no ranges", "416",
    ],
)  # fmt: skip
def test_bad_day_ends_well(wanted, hub: Hub, hasty, days: list[Day]) -> None:
    hub.days = list(days)
    _fetch(wanted, hasty)
    assert wanted.target.read_bytes() == BODY
    assert _left(wanted) == {"weights.safetensors"}
    assert not hub.days


def test_cut_download_goes_on_where_it_was_cut(wanted, hub: Hub, hasty) -> None:
    hub.days = [Day(cut_after=50_000)]
    _fetch(wanted, hasty)
    assert hub.ranges == [None, "bytes=50000-"]
    assert hub.seen[1].headers["if-range"] == f'"{SHA256}"'
    assert sum(each.sent for each in hub.seen) == len(BODY)


def test_file_that_changes_between_attempts_is_begun_again(wanted, hub: Hub, hasty) -> None:
    hub.days = [Day(cut_after=50_000, bytes_instead=BODY[::-1])]
    _fetch(Wanted(wanted.url, wanted.target), hasty)
    assert wanted.target.read_bytes() == BODY
    assert hub.ranges == [None, "bytes=50000-"]


def test_part_of_another_version_that_is_sent_on_anyway_is_begun_again(
    wanted, hub: Hub, hasty
) -> None:
    hub.days = [
        Day(cut_after=50_000, headers={"X-Linked-ETag": '"one"'}),
        Day(headers={"X-Linked-ETag": '"two"'}),
    ]
    _fetch(Wanted(wanted.url, wanted.target, len(BODY)), hasty)
    assert wanted.target.read_bytes() == BODY
    assert hub.ranges == [None, "bytes=50000-", None]


def test_damaged_part_of_an_earlier_run_is_noticed_and_begun_again(wanted, hub: Hub, hasty) -> None:
    wanted.target.parent.mkdir()
    wanted.target.with_name("weights.safetensors.part").write_bytes(b"x" * 50_000)
    _fetch(wanted, hasty)
    assert wanted.target.read_bytes() == BODY
    assert hub.ranges == ["bytes=50000-", None]


def test_complete_part_needs_no_server(wanted, hub: Hub, hasty) -> None:
    wanted.target.parent.mkdir()
    wanted.target.with_name("weights.safetensors.part").write_bytes(BODY)
    _fetch(wanted, hasty)
    assert (wanted.target.read_bytes(), hub.seen) == (BODY, [])


@pytest.mark.parametrize(
    ("day", "sentence", "asked"),
    [
        (
            Day(status=401),
            r"refuses weights.safetensors \(401\): accept its licence .* HF_TOKEN",
            1,
        ),
        (Day(status=403), r"refuses weights.safetensors \(403\)", 1),
        (Day(status=404), r"is not on 127.0.0.1:\d+ any more \(404\)", 1),
        (Day(status=418), r"answered 418 when asked for", 1),
        (Day(status=429), r"\(it answered with 429\); what has arrived is kept", 3),
        (Day(status=503), r"\(it answered with 503\)", 3),
        (Day(cut_after=0), r"\(the connection was cut\)", 3),
        (Day(hang_after=0), r"\(nothing arrived any more\)", 3),
        (Day(bytes_instead=BODY[::-1]), r"not the published file: its SHA-256 differs", 1),
        (Day(bytes_instead=BODY[:-1]), r"it has 204799 bytes there instead of 204800", 1),
        (Day(bytes_instead=BODY + b"x"), r"it has 204801 bytes there instead of 204800", 1),
        (Day(headers={"Content-Type": "text/html"}), r"a web page instead of weights", 1),
        (Day(status=302, headers={"Location": "file:///etc/passwd"}), r"is not safe", 1),
        (Day(status=302, headers={"Location": PATH}), r"redirects without end", 8),
    ],
    ids=lambda value: value.status or "body" if isinstance(value, Day) else "",
)
def test_what_cannot_be_is_said_in_one_sentence(
    wanted, hub: Hub, hasty, day: Day, sentence: str, asked: int
) -> None:
    hub.days = [day] * 9
    with pytest.raises(GenerationError, match=sentence) as caught:
        _fetch(wanted, hasty)
    assert "\n" not in str(caught.value)
    assert caught.value.kind is ErrorKind.WEIGHTS_MISSING
    assert len(hub.seen) == asked
    assert _left(wanted) == set()


def test_hub_that_is_not_there_is_said(tmp_path: Path, hub: Hub, hasty) -> None:
    hub.close()
    with pytest.raises(GenerationError, match=r"could not be fetched from 127\.0\.0\.1"):
        _fetch(Wanted(hub.url + PATH, tmp_path / "x.safetensors"), hasty)


def test_hash_is_the_hubs_own_where_no_other_is_known(wanted, hub: Hub, hasty) -> None:
    hub.days = [Day(bytes_instead=BODY[::-1], headers={"X-Linked-ETag": f'"{SHA256}"'})]
    with pytest.raises(GenerationError, match="SHA-256 differs"):
        _fetch(Wanted(wanted.url, wanted.target), hasty)


def test_retry_after_is_obeyed(wanted, hub: Hub) -> None:
    hub.days = [Day(status=429, headers={"Retry-After": "1"})]
    began = time.monotonic()
    _fetch(wanted, Patience(first_wait_s=0.0, longest_wait_s=0.2))
    assert 0.2 <= time.monotonic() - began < 1


@pytest.mark.parametrize("day", [Day(hang_after=len(BODY) // 2), Day(status=503)])
def test_cancelling_takes_less_than_a_second_and_keeps_what_arrived(
    wanted, hub: Hub, day: Day
) -> None:
    hub.days = [day] * 9
    cancelled = threading.Event()
    threading.Timer(0.2, cancelled.set).start()
    began = time.monotonic()
    with pytest.raises(GenerationError, match="was cancelled") as caught:
        download(wanted, lambda *_: None, cancelled.is_set, Patience(stall_s=3.0))
    assert caught.value.kind is ErrorKind.CANCELLED
    assert time.monotonic() - began < 1.0
    assert not wanted.target.exists()
    hub.is_closing.set()  # lets go of the request that hangs


def test_token_goes_to_the_hub_and_not_to_the_store_behind_it(
    wanted, hub: Hub, hubs: Callable[[], Hub], hasty, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    hub.store = hubs()
    hub.store.files[PATH] = BODY
    hub.store.days = [Day(cut_after=50_000)]
    secret = Wanted(wanted.url, wanted.target, len(BODY), SHA256, token="hf_secret")
    _fetch(secret, hasty)
    assert [each.headers["authorization"] for each in hub.seen] == ["Bearer hf_secret"] * 2
    assert ["authorization" in each.headers for each in hub.store.seen] == [False] * 2
    assert hub.store.ranges == [None, "bytes=50000-"]
    assert "hf_secret" not in caplog.text + repr(secret)


def test_two_programs_do_not_write_one_file(wanted, hasty) -> None:
    with (
        locked(wanted.target.parent / ".lock"),
        pytest.raises(GenerationError, match="another program"),
    ):
        _fetch(wanted, hasty)


def test_too_small_a_disk_is_said_before_anything_arrives(
    wanted, hub: Hub, hasty, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**8, 10**8, 10**6))
    with pytest.raises(GenerationError, match=r"not enough room .* 0.0 GB free"):
        _fetch(wanted, hasty)
    assert _left(wanted) == set()


def test_disk_that_fills_up_is_said_and_what_arrived_is_taken_up_later(
    wanted, hub: Hub, hasty, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Part.append

    def full(part: Part, chunk: bytes) -> None:
        if part.size:
            raise OSError(errno.ENOSPC, "No space left on device")
        append(part, chunk[:50_000])

    with monkeypatch.context() as patch:
        patch.setattr(Part, "append", full)
        hub.days = [Day(pause_s=0.002)]
        with pytest.raises(GenerationError, match=r"The disk of .* is full; what has arrived"):
            _fetch(wanted, hasty)
    part = wanted.target.with_name("weights.safetensors.part").stat().st_size
    assert part > 0
    _fetch(wanted, hasty)
    assert wanted.target.read_bytes() == BODY
    assert hub.ranges == [None, f"bytes={part}-"]


def test_folder_that_cannot_be_written_is_said(wanted, hasty) -> None:
    wanted.target.parent.write_text("a file in the folder's place")
    with pytest.raises(GenerationError, match="cannot be written in"):
        _fetch(wanted, hasty)


def test_killed_download_is_taken_up_by_the_next(wanted, hub: Hub, hasty) -> None:
    half = len(BODY) // 2
    hub.days = [Day(hang_after=half)]
    script = (
        "import sys; from pathlib import Path; from generator.models.download import *\n"
        "url, target, size, sha = sys.argv[1:]\n"
        "download(Wanted(url, Path(target), int(size), sha), lambda *_: None, lambda: False)\n"
    )
    arguments = [wanted.url, str(wanted.target), str(len(BODY)), SHA256]
    process = subprocess.Popen([sys.executable, "-c", script, *arguments])
    part = wanted.target.with_name("weights.safetensors.part")
    deadline = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size == half):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait(10)
    assert not wanted.target.exists()
    _fetch(wanted, hasty)
    assert wanted.target.read_bytes() == BODY
    assert hub.ranges == [None, f"bytes={half}-"]
    assert hub.seen[1].sent == len(BODY) - half
    assert _left(wanted) == {"weights.safetensors"}
