"""A page by which a person compares two models or methods without knowing which is which.

Sides are shuffled by a seed; verdicts stay in the browser until they are downloaded as JSON.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.request import RGBA8
from generator.training.evaluation.page import document

KIND = "acetate-verdicts"

STYLE = """
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.pair button { padding: 0.5rem; border: 2px solid transparent; border-radius: 6px; cursor: pointer;
  background: color-mix(in srgb, currentColor 6%, transparent); color: inherit; }
.pair button[aria-pressed="true"] { border-color: currentColor; }
.pair img { width: 100%; max-height: 60vh; object-fit: contain;
  background: repeating-conic-gradient(#8c8c8c 0 25%, #bebebe 0 50%) 0 0 / 32px 32px; }
.white .pair img { background: #fff; } .black .pair img { background: #000; }
.row { display: flex; gap: 0.5rem; flex-wrap: wrap; margin: 1rem 0; }
"""

# What the page does; CASES, KEY and NAME are set before it. Text is never put in as HTML.
SCRIPT = """
const kept = "acetate-verdicts-" + NAME;
let verdicts = JSON.parse(localStorage.getItem(kept) || "{}"), at = 0;
const byId = (id) => document.getElementById(id);
function show() {
  const one = CASES[at];
  byId("prompt").textContent = one.prompt;
  byId("place").textContent = `${at + 1} of ${CASES.length}, ` +
    `${Object.keys(verdicts).length} judged`;
  for (const side of ["1", "2"]) {
    byId("picture" + side).src = one.files[side - 1];
    byId("choose" + side).setAttribute("aria-pressed", verdicts[at] === side);
  }
  byId("same").setAttribute("aria-pressed", verdicts[at] === "0");
}
function go(way) { at = Math.min(Math.max(at + way, 0), CASES.length - 1); show(); }
function choose(side) {
  verdicts[at] = side;
  localStorage.setItem(kept, JSON.stringify(verdicts));
  go(1);
}
function download() {
  const key = JSON.parse(atob(KEY));
  const found = Object.entries(verdicts).map(([number, side]) => ({
    case: CASES[number].prompt,
    chosen: side === "0" ? "same" : (side === "1") === (key.first[number] === "a") ? "a" : "b",
  }));
  const all = {kind: KIND, comparison: NAME, a: key.a, b: key.b, cases: CASES.length,
    verdicts: found};
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(all, null, 1)],
    {type: "application/json"}));
  link.download = "verdicts.json";
  link.click();
}
byId("choose1").onclick = () => choose("1");
byId("choose2").onclick = () => choose("2");
byId("same").onclick = () => choose("0");
byId("back").onclick = () => go(-1);
byId("next").onclick = () => go(1);
byId("download").onclick = download;
byId("behind").onchange = (event) => { document.body.className = event.target.value; };
document.onkeydown = (event) => {
  if (event.target.tagName === "SELECT" || event.ctrlKey || event.metaKey) return;
  if (["1", "2", "0"].includes(event.key)) choose(event.key);
  if (event.key === "ArrowLeft") go(-1);
  if (event.key === "ArrowRight") go(1);
};
show();
"""

BODY = """<h1>Which is better?</h1>
<p id="prompt"></p>
<div class="pair">
<button id="choose1" aria-pressed="false"><img id="picture1" alt="the first picture"><br>1</button>
<button id="choose2" aria-pressed="false"><img id="picture2" alt="the second picture"><br>2</button>
</div>
<div class="row">
<button id="same" aria-pressed="false">No difference (0)</button>
<button id="back">Back</button> <button id="next">Next</button>
<button id="download">Download the verdicts</button>
<label>Behind them <select id="behind"><option value="">board</option>
<option value="white">white</option><option value="black">black</option></select></label>
<span id="place" class="quiet"></span>
</div>
<p class="quiet">Keys: 1, 2, 0 for no difference, arrows to go on and back. What you chose stays in
this browser until you download it.</p>"""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """The same words, answered by both sides."""

    prompt: str
    a: RGBA8
    b: RGBA8


@dataclass(frozen=True, slots=True, eq=False)
class Blind:
    """A page and its pictures by file name; nothing in a name tells whose it is."""

    page: str
    pictures: dict[str, RGBA8]


def blind(names: tuple[str, str], pairs: Sequence[Pair], seed: int) -> Blind:
    """Shuffle the sides and write the page; the key lies in it, encoded, for the download."""
    rng = np.random.default_rng([seed, 31])
    swapped = rng.random(len(pairs)) < 0.5
    pictures: dict[str, RGBA8] = {}
    cases = []
    for number, (pair, is_swapped) in enumerate(zip(pairs, swapped, strict=True)):
        sides = (pair.b, pair.a) if is_swapped else (pair.a, pair.b)
        files = [f"pair-{number:03d}-{side}.png" for side in (1, 2)]
        pictures |= dict(zip(files, sides, strict=True))
        cases.append({"prompt": pair.prompt, "files": files})
    first = ["b" if is_swapped else "a" for is_swapped in swapped]
    key = json.dumps({"a": names[0], "b": names[1], "first": first})
    encoded = base64.b64encode(key.encode("ascii")).decode("ascii")
    digest = hashlib.sha256(key.encode())
    for name, pixels in pictures.items():
        digest.update(name.encode() + pixels.tobytes())
    values = {"CASES": cases, "KEY": encoded, "KIND": KIND, "NAME": digest.hexdigest()[:12]}
    script = "\n".join(f"const {name} = {_literal(value)};" for name, value in values.items())
    body = f"{BODY}\n<script>\n{script}\n{SCRIPT}</script>"
    return Blind(document("Which is better?", body, f"<style>{STYLE}</style>\n"), pictures)


def _literal(value: object) -> str:
    """A value as JavaScript that cannot end the script it stands in."""
    return json.dumps(value).replace("<", "\\u003c")
