"""Files that Photoshop wrote, read in place; skipped where there are none."""

import os
from pathlib import Path

import pytest

from benchmarks.psd_samples import compared
from editor.formats import FormatError, read
from editor.formats.info import info

FOLDER = os.environ.get("ACETATE_SAMPLES")
PATHS = sorted(Path(FOLDER).glob("*.ps[db]")) if FOLDER else []
PAGE = Path(__file__).parents[4] / "docs" / "psd-compatibility.md"

pytestmark = pytest.mark.skipif(not PATHS, reason="ACETATE_SAMPLES names no folder of PSD files")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_every_file_gives_layers_or_one_sentence(path):
    assert layers_or_sentence(path)


def layers_or_sentence(path):
    try:
        said = info(read(path))
    except FormatError as error:
        return str(error).endswith(".") and "\n" not in str(error)
    return bool(said["layers"] or said["warnings"])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_layers_make_the_picture_that_was_stored(path):
    verdict = compared(path)
    if verdict.near is None:
        assert verdict.reason
        return
    listed = f"| {path.name} | {verdict.size} |" in PAGE.read_text(encoding="utf-8")
    assert verdict.passes or path.name in KNOWN
    assert listed


KNOWN = {
    # A layer clipped to a pass-through group: the group's layers meet the backdrop in Photoshop.
    "clipping-mask4.psd",
}
