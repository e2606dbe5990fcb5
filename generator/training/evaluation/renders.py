"""Pictures drawn anew to compare with: of other seeds than those of any training.

What can be drawn is read from the tables of `drawing`; a thing added there is asked for here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

import numpy as np
import torch
from torch import nn

from generator.request import RGBA8
from generator.training.drawing.easel import Layer
from generator.training.drawing.glyphs import FONT, GLYPHS
from generator.training.drawing.things import COLOURS, THINGS
from generator.training.pictures import SIDE, draw
from generator.training.words.captions import HELD_OUT, Subject

# Streams of chance; the trainings draw from [seed, number] with small seeds.
TEACHING, HOLDING_OUT, COMPARING = 7_310_001, 7_320_001, 7_330_001
KIND_SIDE, KIND_RENDERS = 128, 3  # pixels and pictures by which a thing's kind is told
HASH_SIDE = 64  # pixels of the pictures that stand for the drawings
COVERED = 0.05  # alpha from which a pixel belongs to a thing
CORE = 4  # pixels of KIND_SIDE from the border of a thing to its core


class Kind(StrEnum):
    """What makes a thing's alpha hard to find."""

    OPAQUE = "opaque"
    THIN = "thin or hair"
    TRANSLUCENT = "translucent"


def names() -> tuple[str, ...]:
    """Everything that can be drawn here: glyphs only where their font is."""
    things = tuple(thing.name for thing in THINGS)
    return (*things, *GLYPHS) if FONT.exists() else things


def all_subjects() -> tuple[Subject, ...]:
    """Every name in its natural colour, every colourable thing in all colours, held out or not."""
    natural = [Subject(name) for name in names()]
    coloured = [Subject(t.name, colour) for t in THINGS if t.colourable for colour in COLOURS]
    return (*natural, *coloured)


def held_out() -> tuple[Subject, ...]:
    """The pairs of colour and thing that no training draws, in a fixed order."""
    return tuple(Subject(name, colour) for colour, name in sorted(HELD_OUT))


def seen(count: int, seed: int = COMPARING) -> tuple[Subject, ...]:
    """So many subjects that trainings do draw, chosen by chance but always the same."""
    known = [each for each in all_subjects() if (each.colour, each.name) not in HELD_OUT]
    rng = np.random.default_rng([seed, 1])
    return tuple(known[number] for number in rng.choice(len(known), count, count > len(known)))


def fresh(subject: Subject, stream: int, number: int, side: int = SIDE) -> Layer:
    """Picture `number` of a stream: (side, side, 4) float32, premultiplied, 0..1."""
    name = int.from_bytes(hashlib.sha256(repr(subject).encode()).digest()[:4], "little")
    rng = np.random.default_rng([stream, name, number])
    return draw(subject, rng, side).astype(np.float32)


def premultiplied(picture: RGBA8) -> Layer:
    """Straight bytes as a layer, 0..1."""
    layer = picture.astype(np.float32) / 255
    layer[..., :3] *= layer[..., 3:]
    return layer


def straight(layer: Layer) -> RGBA8:
    """A premultiplied layer as straight bytes; black where nothing is."""
    found = layer.copy()
    found[..., :3] /= np.maximum(layer[..., 3:], 1 / 255)
    return np.round(np.clip(found, 0, 1) * 255).astype(np.uint8)


@cache
def kind_of(name: str) -> Kind:
    """What kind of alpha a thing has, told from a few pictures of it."""
    alphas = [
        fresh(Subject(name), COMPARING, number, KIND_SIDE)[..., 3] for number in range(KIND_RENDERS)
    ]
    return kind_of_alphas(alphas)


def kind_of_alphas(alphas: Sequence[Layer]) -> Kind:
    """Translucent where a fifth of the core is between, thin where little is core.

    The alphas are (h, w), 0..1, about 128 pixels a side; the core lies four pixels from any border.
    """
    between, core, covered = 0, 0, 0
    for alpha in alphas:
        inside = alpha > COVERED
        outside = torch.from_numpy((~inside).astype(np.float32))[None, None]
        reach = nn.functional.max_pool2d(outside, 2 * CORE + 1, 1, CORE)[0, 0].numpy()
        middle = reach < 0.5
        between += int((middle & (alpha < 1 - COVERED)).sum())
        core += int(middle.sum())
        covered += int(inside.sum())
    if core and between > 0.2 * core:
        return Kind.TRANSLUCENT
    return Kind.THIN if core < 0.4 * covered else Kind.OPAQUE


def drawings_hash() -> str:
    """A hash of all that can be drawn: every subject, and a picture of every thing.

    Of pictures and not of code, so that what only tidies the code changes nothing.
    """
    digest = hashlib.sha256(repr(all_subjects()).encode())
    for name in names():
        digest.update(straight(fresh(Subject(name), COMPARING, 0, HASH_SIDE)).tobytes())
    return digest.hexdigest()
