"""What the upscaler learns from: things, places and drawn lines, large, and made small.

Each is kept large, reduced by half, and as the codec gives back what was reduced: so it learns to
enlarge clean pictures as well as what the model really makes. Emoji are left out, for the font's
bitmaps are no larger than what is to be enlarged.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from generator.layer_diffusion.matte import levelled
from generator.layer_diffusion.resampling import resampled
from generator.training import codec as codecs
from generator.training.codec import Codec
from generator.training.drawing.easel import Colour, Easel, Layer, Pose, bent, stacked
from generator.training.drawing.places import PLACES, draw_place
from generator.training.drawing.things import COLOURS, THINGS
from generator.training.pictures import draw
from generator.training.sharing import processes_for, shared_out
from generator.training.words.captions import Subject

log = logging.getLogger(__name__)

SMALL, LARGE = 256, 512
COUNT = 700
KINDS = ("thing", "place", "lines")
SHARES = (0.55, 0.1, 0.35)
# Never trained on, so that figures are of kinds that it has not seen.
HELD_OUT = ("key", "feather", "wine glass", "bird", "crown", "smoke", "snowflake", "bubble")
FILES = {"large": LARGE, "small": SMALL, "made": SMALL}


@dataclass(frozen=True, slots=True)
class Enlargements:
    """The same pictures large, small, and small as the codec makes them.

    Each (n, side, side, 4) premultiplied uint8, memory mapped.
    """

    large: NDArray[np.uint8]
    small: NDArray[np.uint8]
    made: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.large)


def draw_all(folder: Path, codec_folder: Path, count: int, seed: int, processes: int = 2) -> None:
    """Draw `count` pictures into `folder` unless they are there."""
    if (folder / "count.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, side in FILES.items():
        np.memmap(folder / f"{name}.u8", np.uint8, "w+", shape=(count, side, side, 4)).flush()
    log.info("drawing %d pictures to be enlarged", count)
    processes = processes_for(count, processes)
    shared_out(_draw_share, (folder, codec_folder, count, seed), count, processes)
    part = folder / "count.part"
    part.write_text(json.dumps(count))
    part.replace(folder / "count.json")


def load(folder: Path) -> Enlargements:
    """Read what was drawn."""
    count = json.loads((folder / "count.json").read_text())
    files = {
        name: np.memmap(folder / f"{name}.u8", np.uint8, "r", shape=(count, side, side, 4))
        for name, side in FILES.items()
    }
    return Enlargements(**files)


def picture(rng: np.random.Generator, held_out: bool = False) -> Layer:
    """Draw one large picture (LARGE, LARGE, 4), premultiplied 0..1, float32."""
    kind = "thing" if held_out else KINDS[rng.choice(len(KINDS), p=SHARES)]
    match kind:
        case "thing":
            return thing(rng, held_out, LARGE)
        case "place":
            place = PLACES[int(rng.integers(len(PLACES)))]
            seen = draw_place(place, rng, float(rng.uniform(*place.horizon)), LARGE)
            return np.concatenate([seen, np.ones_like(seen[..., :1])], axis=2)
        case _:
            return lines(rng, LARGE)


def thing(rng: np.random.Generator, held_out: bool, side: int) -> Layer:
    """Draw one of the kinds that are kept out, or one of the others."""
    kinds = [each for each in THINGS if (each.name in HELD_OUT) == held_out]
    kind = kinds[int(rng.integers(len(kinds)))]
    colours = [*COLOURS, None] if kind.colourable else [None]
    pose = Pose(rng.uniform(0.4, 1.1), rng.normal(0, 0.4), *rng.uniform(-0.2, 0.2, 2))
    subject = Subject(kind.name, colours[int(rng.integers(len(colours)))])
    return draw(subject, rng, side, pose)


def lines(rng: np.random.Generator, side: int) -> Layer:
    """Draw what letters and technical things are made of: strokes, bars, rings, corners.

    From one to eight pixels wide at a side of 512, sharp, in flat colours, some on a plate.
    """
    easel = Easel(side, rng)
    layers = [np.zeros((side, side, 4), np.float32)]
    if rng.random() < 0.5:
        edge = rng.uniform(0.5, 0.95, 2)
        plate = easel.box((-edge[0], -edge[1]), (edge[0], edge[1]), rng.uniform(0, 0.2))
        layers.append(easel.flat(plate, _paint(rng)))
    for _ in range(int(rng.integers(12, 40))):
        mask = _mark(easel, rng) * rng.choice([1.0, 1.0, 1.0, 0.5])
        layers.append(easel.flat(mask, _paint(rng)))
    return np.clip(stacked(*layers), 0, 1).astype(np.float32)


def reduced(large: Layer) -> NDArray[np.uint8]:
    """Make a picture half as large, (side / 2, side / 2, 4) premultiplied, rounded."""
    planes = torch.from_numpy(np.ascontiguousarray(large.transpose(2, 0, 1)))[None].float()
    side = large.shape[0] // 2
    return _levels(resampled(planes, (side, side))[0].permute(1, 2, 0).numpy())


@torch.no_grad()
def remade(codec: Codec, small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return what the codec makes of a small picture (h, w, 4), premultiplied uint8."""
    planes = torch.from_numpy(small).permute(2, 0, 1)[None].float() / 255
    found = codec.decode(codec.encode(planes))[1]
    alpha, colour = levelled(found[:, :1]), found[:, 1:].clamp(0, 1)
    both = torch.cat([colour * alpha, alpha], dim=1)
    return _levels(both[0].permute(1, 2, 0).numpy())


def _draw_share(folder: Path, codec_folder: Path, count: int, seed: int, share: range) -> None:
    codec = codecs.load(codec_folder)
    maps = {
        name: np.memmap(folder / f"{name}.u8", np.uint8, "r+", shape=(count, side, side, 4))
        for name, side in FILES.items()
    }
    for number in share:
        large = picture(np.random.default_rng([seed, 91, number]))
        small = reduced(large)
        maps["large"][number] = _levels(large)
        maps["small"][number] = small
        maps["made"][number] = remade(codec, small)


def _mark(easel: Easel, rng: np.random.Generator) -> NDArray[np.floating]:
    """Draw one mark somewhere."""
    width = float(rng.uniform(0.004, 0.032))
    x, y = (float(place) for place in rng.uniform(-0.9, 0.9, 2))
    across, down = (float(size) for size in rng.uniform(0.03, 0.4, 2))
    ends = [(x, y), (x + across, y + rng.normal(0, 0.2)), (x + rng.normal(0, 0.3), y + down)]
    match int(rng.integers(6)):
        case 0:
            return easel.stroke([ends[0], ends[1]], width)
        case 1:
            return easel.stroke(bent(ends[0], ends[1], ends[2]), width)
        case 2:
            return easel.box((x, y), (x + across, y + width))
        case 3:
            return easel.box((x, y), (x + width, y + down))
        case 4:
            outer = easel.ellipse((x, y), (across, down))
            inner = (max(across - width, 0.001), max(down - width, 0.001))
            return np.clip(outer - easel.ellipse((x, y), inner), 0, 1)
        case _:
            return easel.polygon(ends)


def _paint(rng: np.random.Generator) -> Colour:
    red, green, blue = (float(value) for value in rng.random(3) ** rng.choice([0.3, 1.0, 3.0]))
    return (red, green, blue)


def _levels(picture: NDArray[np.floating]) -> NDArray[np.uint8]:
    levels: NDArray[np.uint8] = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return levels
