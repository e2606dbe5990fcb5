"""The next training set: what was kept counts more, what was rejected is left out, and original
data is mixed in so that the model keeps what it knew. The set is a folder of its own, whole without
the candidates, and its list says of every picture where it comes from.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from PIL import Image

from generator.training.adapting.assets import Asset, assets_in, bad
from generator.training.adapting.files import not_written, write_whole
from generator.training.adapting.lessons import Drawn
from generator.training.adapting.styles import straight
from generator.training.curation.records import (
    VERDICTS,
    Candidate,
    Said,
    Verdict,
    read_records,
    write_records,
)
from generator.training.curation.verdicts import candidates_in, repaired_rgba

LIST = "assets.jsonl"


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the set's list, as `train adapter` reads it, with where the picture comes from."""

    file: str
    caption: str
    weight: float
    original: bool = False
    source: str = ""  # kept, fixed, original or drawn
    origin: str = ""  # the candidates' folder and file, or the original's path
    repaired: str = ""
    by: str = ""  # who said so
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Mix:
    """How a set is put together."""

    kept_weight: float = 2.0
    originals_share: float = 0.4  # of all weight

    def checked(self) -> Mix:
        """Return it, or raise `GenerationError` about the first number that makes no sense."""
        if not 0 < self.kept_weight <= 50:
            raise bad(f"The weight of kept pictures must be above 0, not {self.kept_weight:g}.")
        if not 0 <= self.originals_share <= 0.9:
            raise bad(
                f"The share of originals must be between 0 and 0.9, not {self.originals_share:g}."
            )
        return self


@dataclass(frozen=True, slots=True)
class Originals:
    """The original data: files, drawn pictures, or both."""

    assets: tuple[Asset, ...] = ()
    drawn: tuple[Drawn, ...] = ()


def build_set(folders: list[Path], originals: Originals, mix: Mix, out: Path) -> list[Entry]:
    """Write a new set into `out`, which must be new; returns its list.

    Raises `GenerationError` where nothing was kept or there are no originals for their share.
    """
    mix.checked()
    if out.exists() and any(out.iterdir()):
        raise bad(f"{out} is not empty: name a new folder for the set.")
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        entries = [*_kept(folders, mix, part), *_originals(originals, part)]
        entries = weighted(entries, mix)
        write_records(part / LIST, entries)
        if out.exists():
            out.rmdir()
        part.replace(out)
    except OSError as error:
        raise not_written(out, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return entries


def weighted(entries: list[Entry], mix: Mix) -> list[Entry]:
    """Weigh the originals so that they have their share of all; raises `GenerationError`."""
    kept = [each for each in entries if not each.original]
    originals = [each for each in entries if each.original]
    if not kept:
        raise bad("Nothing was kept, so there is nothing to learn from.")
    if not mix.originals_share:
        return kept
    if not originals:
        raise bad("There is no original data to mix in: name a folder by --originals.")
    share = mix.originals_share
    total = sum(each.weight for each in kept) * share / (1 - share)
    before = sum(each.weight for each in originals)
    return [
        *kept,
        *(msgspec.structs.replace(each, weight=each.weight * total / before) for each in originals),
    ]


def _kept(folders: list[Path], mix: Mix, out: Path) -> Iterator[Entry]:
    for folder in folders:
        known = candidates_in(folder)
        for verdict in read_records(folder / VERDICTS, Verdict):
            candidate = known.get(verdict.file)
            if candidate is None or verdict.verdict is Said.REJECT:
                continue
            is_fixed = verdict.verdict is Said.FIXED
            name = f"round-{candidate.round}-{candidate.file}"
            if is_fixed:
                stream = io.BytesIO()
                Image.fromarray(repaired_rgba(Path(verdict.repaired))).save(stream, "PNG")
                write_whole(out / name, stream.getvalue())
            else:
                _copy(folder / candidate.file, out / name)
            yield Entry(
                file=name,
                caption=candidate.prompt,
                weight=mix.kept_weight,
                source="fixed" if is_fixed else "kept",
                origin=f"{folder.name}/{candidate.file}",
                repaired=Path(verdict.repaired).name,
                by=verdict.by,
                candidate=candidate,
            )


def _originals(originals: Originals, out: Path) -> Iterator[Entry]:
    for number, asset in enumerate(originals.assets):
        name = f"original-{number:05d}{asset.file.suffix.lower()}"
        _copy(asset.file, out / name)
        yield Entry(name, asset.caption, asset.weight, True, "original", asset.file.name)
    for number, drawn in enumerate(originals.drawn):
        name = f"drawn-{number:05d}.png"
        stream = io.BytesIO()
        Image.fromarray(straight(drawn.layer)).save(stream, "PNG")
        write_whole(out / name, stream.getvalue())
        yield Entry(name, drawn.caption, 1.0, True, "drawn", "drawn by code")


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise bad(f"There is no picture {source}.")
    shutil.copyfile(source, target)


def originals_from(place: Path) -> Originals:
    """Return the pictures of a folder or list as originals."""
    return Originals(tuple(replace(each, is_original=True) for each in assets_in(place)))
