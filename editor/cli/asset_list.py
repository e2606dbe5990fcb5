"""A list of assets: one prompt a line, or a table with a heading."""

import csv
from dataclasses import dataclass
from pathlib import Path

from editor.cli.output import UsageError
from editor.formats import FormatError

COLUMNS = ("prompt", "name", "seed", "negative")
MOST_ASSETS = 4096


@dataclass(frozen=True, slots=True)
class Row:
    """One asset of the list; without a name it has that of its prompt."""

    prompt: str
    name: str = ""
    seed: int | None = None
    negative: str | None = None


def rows_of(path: Path) -> list[Row]:
    """Read a list; raises `FormatError` or `UsageError` with the line that is wrong.

    A list without a heading has a prompt a line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise FormatError(f"There is no file {path}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path.name} cannot be read as a list in UTF-8.") from error
    lines = [line for line in csv.reader(text.splitlines()) if any(each.strip() for each in line)]
    heading = [each.strip().lower() for each in lines[0]] if lines else []
    if "prompt" in heading:
        unknown = [each for each in heading if each not in COLUMNS]
        if unknown:
            raise UsageError(f"{path.name} has a column “{unknown[0]}”; known are: {_known()}.")
        lines = lines[1:]
    else:
        heading = ["prompt"]
    if not 0 < len(lines) <= MOST_ASSETS:
        raise UsageError(f"{path.name} has {len(lines)} prompts; between 1 and {MOST_ASSETS} work.")
    return [_row(path, dict(zip(heading, line, strict=False)), line) for line in lines]


def _known() -> str:
    return ", ".join(COLUMNS)


def _row(path: Path, cells: dict[str, str], line: list[str]) -> Row:
    words = {name: cell.strip() for name, cell in cells.items()}
    if not words.get("prompt"):
        raise UsageError(f"{path.name} has a line without a prompt: {','.join(line)}.")
    seed = words.get("seed", "")
    if seed and not (seed.isascii() and seed.isdigit()):
        raise UsageError(
            f"{path.name}: the seed of “{words['prompt']}” is no whole number: {seed}."
        )
    return Row(
        words["prompt"],
        words.get("name", ""),
        int(seed) if seed else None,
        words.get("negative") or None,
    )
