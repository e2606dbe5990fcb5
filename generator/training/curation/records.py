"""What is kept of every candidate and every verdict: one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.training.adapting.assets import bad
from generator.training.adapting.files import not_written, write_whole

INDEX, VERDICTS = "index.jsonl", "verdicts.jsonl"


class Said(StrEnum):
    """What a person says of a picture."""

    KEEP = "keep"
    REJECT = "reject"
    FIXED = "fixed"  # good with the repaired picture in its place


class Candidate(msgspec.Struct, frozen=True):
    """A picture that a model made, and everything that made it."""

    file: str  # in the folder of the index
    prompt: str
    seed: int
    round: int
    model: str
    model_hash: str
    adapter: str = ""  # its name, "" where there was none
    adapter_hash: str = ""
    adapter_weight: float = 0.0
    flags: tuple[str, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """What was said of a candidate."""

    file: str
    verdict: Said
    repaired: str = ""  # the picture in its place: a path as it was given
    by: str = ""


Record = TypeVar("Record", Candidate, Verdict)


def read_records(path: Path, kind: type[Record]) -> list[Record]:
    """Read all lines; `GenerationError` names the one that is damaged, [] where there is no file.

    A last line that a crash has cut is left out: its picture is made again.
    """
    if not path.is_file():
        return []
    lines = path.read_bytes().split(b"\n")
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=kind))
        except msgspec.MsgspecError as error:
            if number == len(lines):
                break
            raise bad(f"Line {number} of {path} is damaged: {error}.") from error
    return found


def write_records(path: Path, records: Iterable[msgspec.Struct]) -> None:
    """Write all lines in one step."""
    write_whole(path, b"".join(msgspec.json.encode(each) + b"\n" for each in records))


def append_record(path: Path, record: msgspec.Struct) -> None:
    """Add one line to a file whose lines are whole."""
    try:
        with path.open("ab") as stream:
            stream.write(msgspec.json.encode(record) + b"\n")
    except OSError as error:
        raise not_written(path, error) from error
