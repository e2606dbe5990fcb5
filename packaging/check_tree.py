"""Checks what linters do not see: sizes of tracked files, and folders that must not be packages.

Run by the gate from the root of the project; names each offence on stderr and exits 1.
"""

import subprocess
import sys
from pathlib import Path, PurePosixPath

LARGEST_FILE_BYTES = 500_000
LONGEST_PYTHON_LINES = 600
WEIGHTS = PurePosixPath("resources/models/pocket")
LARGEST_SHARD_BYTES = 16 * 1024 * 1024
ALL_WEIGHTS_BYTES = 32_000_000
# As packages these would hide the real `editor`, and the `packaging` that model libraries need.
NO_PACKAGES = ("tests", "packaging")


def main() -> int:
    """Check every tracked file that is there; returns the exit code."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True).stdout
    names = [PurePosixPath(name) for name in listed.decode().split("\0") if name]
    there = [name for name in names if Path(name).is_file()]
    found = offences(there, {name: Path(name).read_bytes() for name in there})
    sys.stderr.writelines(f"{offence}\n" for offence in found)
    return 1 if found else 0


def offences(names: list[PurePosixPath], contents: dict[PurePosixPath, bytes]) -> list[str]:
    """Return one sentence for each broken rule."""
    found = []
    for name in names:
        size_bytes = len(contents[name])
        limit_bytes = LARGEST_SHARD_BYTES if WEIGHTS in name.parents else LARGEST_FILE_BYTES
        if size_bytes > limit_bytes:
            found.append(f"{name} has {size_bytes} bytes; the limit is {limit_bytes}.")
        if name.suffix == ".py" and contents[name].count(b"\n") > LONGEST_PYTHON_LINES:
            found.append(f"{name} is longer than {LONGEST_PYTHON_LINES} lines.")
        if name.name == "__init__.py" and name.parts[0] in NO_PACKAGES:
            found.append(f"{name} must not exist: {name.parts[0]}/ is no package.")
    weights_bytes = sum(len(contents[name]) for name in names if WEIGHTS in name.parents)
    if weights_bytes > ALL_WEIGHTS_BYTES:
        found.append(f"{WEIGHTS} has {weights_bytes} bytes; the limit is {ALL_WEIGHTS_BYTES}.")
    return found


if __name__ == "__main__":
    sys.exit(main())
