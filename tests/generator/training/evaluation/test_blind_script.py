"""The blind page's script, run by Node on a page of paper: keys in, verdicts out."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from generator.training.evaluation.blind import Pair, blind
from generator.training.evaluation.verdicts import read

# As much of a browser as the script touches.
BROWSER = """
const parts = {};
const part = () => ({pressed: {}, setAttribute(name, value) { this.pressed[name] = value; }});
let clicked = null;
global.document = {
  body: {},
  getElementById: (id) => (parts[id] ??= part()),
  createElement: () => ({click() { clicked = this; }}),
};
global.localStorage = {
  kept: {},
  getItem(name) { return this.kept[name] ?? null; },
  setItem(name, value) { this.kept[name] = value; },
};
global.atob = (text) => Buffer.from(text, "base64").toString();
global.Blob = class { constructor(lines) { this.text = lines[0]; } };
global.URL = {createObjectURL: (blob) => blob.text};
"""
KEYS = """
for (const key of ["1", "2", "0"]) document.onkeydown({key, target: {}});
document.onkeydown({key: "ArrowLeft", target: {}});
document.onkeydown({key: "1", target: {tagName: "SELECT"}});
const place = parts.place.textContent;
parts.download.onclick();
process.stdout.write(JSON.stringify({place, file: clicked.href, name: clicked.download}));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_keys_become_verdicts_of_the_right_side(tmp_path: Path) -> None:
    dark, light = np.full((2, 2, 4), 9, np.uint8), np.full((2, 2, 4), 99, np.uint8)
    made = blind(("old", "new"), [Pair(f"thing {n}", dark, light) for n in range(4)], seed=2)
    (script,) = re.findall(r"<script>(.*)</script>", made.page, re.DOTALL)
    command = ["node", "-e", BROWSER + script + KEYS]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["place"] == "3 of 4, 3 judged"
    assert told["name"] == "verdicts.json"
    file = tmp_path / told["name"]
    file.write_text(told["file"])
    found = read(file)
    assert (found.a, found.b, found.cases) == ("old", "new", 4)
    first, second = (
        ["a" if made.pictures[f"pair-{n:03d}-{side}.png"][0, 0, 0] == 9 else "b" for n in range(4)]
        for side in (1, 2)
    )
    assert [each.chosen for each in found.verdicts] == [first[0], second[1], "same"]
