"""Scenes drawn, encoded and kept as latents: what the pair tasks are trained on.

Nothing but latents is kept (70 kB a scene), in shards of a few hundred scenes each, so that drawing
can be stopped and goes on where it stopped.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from generator.training import codec as codecs
from generator.training.codec import Codec
from generator.training.drawing.easel import Layer, Mask
from generator.training.drawing.places import PLACES, place_named
from generator.training.drawing.scenes import Scene, draw_scene, laid_over
from generator.training.loop import needed_checkpoint, save_checkpoint
from generator.training.pictures import SIDE
from generator.training.sharing import processes_for, shared_out
from generator.training.words.captions import Subject, phrase
from generator.training.words.scene_captions import staged_subject

log = logging.getLogger(__name__)

SHARD_SCENES = 250
PLANES = ("foreground", "lit", "background", "over", "over_lit", "blended", "control")
LINE = (3, 8)  # range of a scribble's width in pixels
HOLD_OUT = 20  # every scene whose number is a multiple is kept for measuring


@dataclass(frozen=True, slots=True)
class SceneLatents:
    """Latents of many scenes, each (n, channels, 8, 8) float16 and scaled, and what they show.

    Opaque pictures have their colour channels only. `over` and `over_lit` are the neutral and the
    lit subject over the background without shadow.
    """

    planes: dict[str, Tensor]
    subjects: tuple[Subject, ...]
    places: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.places)


def scene_of(number: int, seed: int) -> tuple[Subject, str, Scene]:
    """Scene `number` of a seed: its subject, its place's name and its layers."""
    rng = np.random.default_rng([seed, 77, number])
    subject = staged_subject(rng)
    place = PLACES[int(rng.integers(len(PLACES)))]
    return subject, place.name, draw_scene(subject, place, rng, SIDE)


def scribble_of(alpha: Mask, width: int) -> Mask:
    """The outline of an alpha as a white line on black, (side, side) float32 0..1."""
    inside = torch.from_numpy((alpha > 0.5).astype(np.float32))[None, None]
    reach = width // 2
    wide = torch.nn.functional.max_pool2d(inside, 2 * reach + 1, 1, reach)
    narrow = -torch.nn.functional.max_pool2d(-inside, 2 * reach + 1, 1, reach)
    line: Mask = (wide - narrow)[0, 0].numpy()
    return line


@torch.no_grad()
def encoded(codec: Codec, scene: Scene, line: int) -> dict[str, Tensor]:
    """All latents of one scene, (channels, 8, 8) float16."""
    scaling, colours = (
        codec.autoencoder.config.scaling_factor,
        codec.autoencoder.config.colour_channels,
    )
    scribble = np.repeat(scribble_of(scene.foreground[..., 3], line)[..., None], 3, axis=2)
    opaque = {
        "background": scene.background,
        "over": laid_over(scene.foreground, scene.background),
        "over_lit": laid_over(scene.lit, scene.background),
        "blended": scene.blended,
        "control": scribble,
    }
    seen = torch.stack([planes_of(picture) for picture in opaque.values()])
    latents = codec.autoencoder.encode(seen * 2 - 1).latent_dist.mean[:, :colours] * scaling
    layers = torch.stack([planes_of(scene.foreground), planes_of(scene.lit)])
    both = codec.encode(layers) * scaling
    found = dict(zip(opaque, latents.half(), strict=True))
    return found | {"foreground": both[0].half(), "lit": both[1].half()}


def draw_latents(out: Path, codec_folder: Path, count: int, seed: int, processes: int = 2) -> None:
    """Draw and encode `count` scenes into `out`; shards that are there are left alone."""
    out.mkdir(parents=True, exist_ok=True)
    shards = [k for k in range(-(-count // SHARD_SCENES)) if not (out / _shard(k)).exists()]
    log.info("drawing %d shards of %d scenes", len(shards), SHARD_SCENES)
    numbers = (out, codec_folder, shards, count, seed)
    shared_out(_draw_shards, numbers, len(shards), processes_for(count, processes))


def load_latents(out: Path, count: int) -> SceneLatents:
    """Read what was drawn, at most `count` scenes."""
    planes: dict[str, list[Tensor]] = {name: [] for name in PLANES}
    subjects: list[Subject] = []
    places: list[str] = []
    for shard in range(-(-count // SHARD_SCENES)):
        state = needed_checkpoint(out / _shard(shard))
        for name in PLANES:
            planes[name].append(state["planes"][name])
        subjects += [Subject(name, colour or None) for name, colour in state["subjects"]]
        places += state["places"]
    joined = {name: torch.cat(parts) for name, parts in planes.items()}
    return SceneLatents(joined, tuple(subjects), tuple(places))


def told(latents: SceneLatents, number: int) -> str:
    """The plainest words for a scene."""
    return f"{phrase(latents.subjects[number])} {place_named(latents.places[number]).where}"


def kept_out(count: int) -> NDArray[np.int64]:
    """The numbers of the scenes that are never trained on."""
    return np.arange(0, count, HOLD_OUT)


def _draw_shards(
    out: Path, codec_folder: Path, shards: list[int], count: int, seed: int, share: range
) -> None:
    codec = codecs.load(codec_folder)
    for shard in (shards[place] for place in share):
        first = shard * SHARD_SCENES
        numbers = range(first, min(first + SHARD_SCENES, count))
        save_checkpoint(out / _shard(shard), _drawn(codec, numbers, seed))


def _drawn(codec: Codec, numbers: range, seed: int) -> dict[str, object]:
    rows: list[dict[str, Tensor]] = []
    subjects, places = [], []
    for number in numbers:
        subject, place, scene = scene_of(number, seed)
        line = int(np.random.default_rng([seed, 78, number]).integers(*LINE))
        rows.append(encoded(codec, scene, line))
        subjects.append([subject.name, subject.colour or ""])
        places.append(place)
    planes = {name: torch.stack([row[name] for row in rows]) for name in PLANES}
    return {"planes": planes, "subjects": subjects, "places": places}


def _shard(number: int) -> str:
    return f"scenes-{number:04d}.pt"


def planes_of(picture: Layer) -> Tensor:
    """(side, side, c) to (c, side, side) float32."""
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1), dtype=np.float32))
