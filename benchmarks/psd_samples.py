"""Compares our composite of PSD files others wrote with the merged picture they stored.

    python -m benchmarks.psd_samples FOLDER [--write docs/psd-compatibility.md]

Each file is read from a copy whose merged picture was blackened first, so that the layers alone
can make the result. Files with a feature that is said not to be shown are listed, not compared.
"""

import argparse
import os
import struct
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor.document.layer import BlendMode
from editor.formats import FormatError, Loaded, read
from editor.formats.flatten import on_white
from editor.formats.psd import parse
from editor.formats.psd.resources import VERSION_INFO
from editor.render.composite import composite

NEAR = 3  # levels
SHARE = 0.99  # of the pixels

# Warnings about what arrived otherwise than it was, with the picture unchanged.
_HARMLESS = ("arrived as pixels", "Saved selections", "to 8 bits", "was worked into it")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file; `near` is the share of pixels within `NEAR` levels."""

    name: str
    size: str = ""
    layers: int = 0
    near: float | None = None
    worst: int = 0
    reason: str = ""  # why it was not compared

    @property
    def passes(self) -> bool:
        """Whether the comparison was made and is good enough."""
        return self.near is not None and self.near >= SHARE


def compared(path: Path) -> Verdict:
    """Return how near our composite of a file's layers is to the picture stored in it."""
    try:
        read(path)
        with tempfile.TemporaryDirectory() as folder:
            loaded = read(blackened(path, Path(folder)))
    except FormatError as error:
        return Verdict(path.name, reason=str(error))
    document = loaded.document
    count = sum(1 for _ in document.walk())
    size = f"{document.size.width} x {document.size.height}"
    reason = why_not(path, loaded)
    if reason:
        return Verdict(path.name, size, count, reason=reason)
    ours = on_white(composite(document, document.rect)).astype(np.int16)
    apart = np.abs(ours - stored(path)).max(axis=2)
    near = float((apart <= NEAR).mean())
    return Verdict(path.name, size, count, near, int(apart.max()))


def why_not(path: Path, loaded: Loaded) -> str:
    """Return why a file cannot be compared, or nothing."""
    found = parse.structure(path.read_bytes())
    header = found.header
    if found.resources.get(VERSION_INFO, b"\1" * 5)[4] == 0:
        return "the file says that it stores no merged picture"
    if header.mode != 3 or header.depth != 8:
        words = {0: "bitmap", 1: "greyscale", 2: "indexed", 3: "RGB", 4: "CMYK", 7: "multichannel"}
        mode = words.get(header.mode, {8: "duotone", 9: "Lab"}.get(header.mode, "?"))
        return f"{header.depth}-bit {mode}: colours are converted"
    if not parse.layers(path.read_bytes(), found).records:
        return "no layers: the merged picture is all there is"
    if any(each.blend_mode is BlendMode.DISSOLVE for each in loaded.document.walk()):
        return "dissolve: Photoshop's noise is its own"
    harmful = [each for each in loaded.warnings if not any(word in each for word in _HARMLESS)]
    return harmful[0] if harmful else ""


def blackened(path: Path, folder: Path) -> Path:
    """Return a copy whose merged picture is raw zeros."""
    body = path.read_bytes()
    found = parse.structure(body)
    header = found.header
    rows = header.height * header.channels * ((header.width * header.depth + 7) // 8)
    copy = folder / path.name
    copy.write_bytes(body[: found.merged_start] + struct.pack(">H", 0) + bytes(rows))
    return copy


def stored(path: Path) -> NDArray[np.int16]:
    """Return the merged picture as stored, laid on white, (h, w, 3), by another reader."""
    from psd_tools.psd import PSD

    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        psd = PSD.read(file)
        planes = psd.image_data.get_data(psd.header)
    shape = (psd.header.height, psd.header.width)
    return np.dstack([np.frombuffer(each, np.uint8).reshape(shape) for each in planes[:3]]).astype(
        np.int16
    )


def table(verdicts: list[Verdict]) -> str:
    """Return the page of documentation."""
    made = [each for each in verdicts if each.near is not None]
    good = sum(each.passes for each in made)
    lines = [
        "# Which PSD files look right",
        "",
        "Files written by Photoshop, read by us from a copy whose stored merged picture was",
        "blackened first, composited, and compared with the merged picture that Photoshop stored.",
        f"Passed means: at most {NEAR} levels apart on at least {SHARE:.0%} of the pixels.",
        "Made by `python -m benchmarks.psd_samples FOLDER --write docs/psd-compatibility.md`.",
        "",
        f"{len(verdicts)} files: {len(made)} compared, {good} of them passed.",
        "",
        "What is not compared: converted colours, dissolve, effects, fill opacity where it is not",
        "the same as opacity, knockouts, some adjustments, and files without a merged picture.",
        "",
        "| file | size | layers | within 3 levels | largest difference | |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for each in sorted(made, key=lambda verdict: (verdict.passes, verdict.name)):
        word = "passed" if each.passes else "**not passed**"
        figures = f"{each.near:.2%} | {each.worst}"
        lines.append(f"| {each.name} | {each.size} | {each.layers} | {figures} | {word} |")
    lines += ["", "## Not compared", "", "| file | layers | why |", "| --- | --- | --- |"]
    for each in verdicts:
        if each.near is None:
            lines.append(f"| {each.name} | {each.layers} | {each.reason.replace('|', '')} |")
    return "\n".join([*lines, ""])


def main() -> int:
    """Compare every file of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=os.environ.get("ACETATE_SAMPLES"))
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args()
    if chosen.folder is None:
        print("Name a folder of PSD files.", file=sys.stderr)
        return 2
    paths = sorted(Path(chosen.folder).glob("*.ps[db]"))
    page = table([compared(path) for path in paths])
    if chosen.write is None:
        print(page)
    else:
        chosen.write.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
