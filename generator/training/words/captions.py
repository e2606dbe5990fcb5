"""What the training pictures are called: subjects, sentence patterns, words that mean the same.

The model learns one word for one thing. Synonyms are folded in the tokenizer (`vocabulary.py`), so
that they cost no training and the user's wording is still understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from generator.training.drawing.glyphs import GLYPHS
from generator.training.drawing.things import COLOURS, THINGS, Thing
from generator.training.drawing.variants import COUNT_WORDS, MATERIALS

HELD_OUT: frozenset[tuple[str, str]] = frozenset(
    {
        ("purple", "chair"),
        ("yellow", "balloon"),
        ("green", "glass ball"),
        ("pink", "fish"),
        ("blue", "flower"),
        ("red", "bottle"),
        ("orange", "umbrella"),
        ("blue", "mushroom"),
        ("green", "heart"),
        ("purple", "car"),
        ("pink", "house"),
        ("yellow", "gem"),
        ("red", "leaf"),
        ("orange", "book"),
        ("green", "candle"),
        ("pink", "key"),
        ("blue", "sofa"),
        ("yellow", "armchair"),
        ("red", "bicycle"),
        ("purple", "drink"),
        ("orange", "toy robot"),
        ("cyan", "bus"),
        ("pink", "truck"),
        ("green", "airplane"),
        ("red", "triangle"),
        ("blue", "curtain"),
        ("green", "lightning"),
        ("purple", "parrot"),
    }
)

SIZES = ("small", "big", "little", "large")
MOODS = ("shiny", "glossy", "cute", "simple", "nice", "beautiful", "single", "soft", "bright")
KINDS = ("icon", "picture", "drawing", "illustration", "photo", "sticker")
SURROUNDS = ("on transparent background", "isolated", "with transparent background", "cut out")

# Things that are also drawn two or three together, and made of another material.
COUNTED = ("apple", "ball", "balloon", "bird", "candle", "fish", "flower", "heart", "star")
RESHAPED = ("apple", "bird", "box", "fish", "heart", "star")
FILLERS = ("favourite", "old", "tall")  # words without a place of their own: to be looked past
# Other ways to say a thing, with its colour and without.
COLOURED_WAYS: dict[str, tuple[str, ...]] = {
    "wine glass": ("glass of {} wine",),
    "toy robot": ("{} robot",),
    "sitting cat": ("{} cat", "{} cat sitting"),
    "standing dog": ("{} dog", "{} dog standing"),
    "walking man": ("man walking {}", "{} man walking"),
    "sitting man": ("man sitting {}", "{} man sitting"),
    "potted plant": ("plant {} pot",),
    "drink": ("glass of {} drink",),
}
PLAIN_WAYS: dict[str, tuple[str, ...]] = {
    "orange fruit": ("orange",),
    "sitting cat": ("cat sitting",),
    "standing dog": ("dog standing",),
    "walking man": ("man walking",),
    "sitting man": ("man sitting",),
    "potted plant": ("plant",),
    "drink": ("glass of drink",),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What one picture shows: a thing or a glyph, in a named colour or its natural one (None).

    `count` is 1 to 3 of them; `material` is one of MATERIALS or None for the thing's own.
    """

    name: str
    colour: str | None = None
    count: int = 1
    material: str | None = None


@cache
def subjects() -> tuple[Subject, ...]:
    """Everything that is drawn for training, in a fixed order; held-out pairs are absent."""
    found = [Subject(thing.name) for thing in THINGS]
    found += [
        Subject(thing.name, colour)
        for thing in THINGS
        if thing.colourable
        for colour in COLOURS
        if (colour, thing.name) not in HELD_OUT
    ]
    return (*found, *(Subject(name) for name in GLYPHS), *_variants())


def _variants() -> list[Subject]:
    """Several of a thing, and things of glass and metal (metal has its own colour)."""
    found = [Subject(name, None, count) for name in COUNTED for count in COUNT_WORDS]
    found += [
        Subject(name, colour, count)
        for name in COUNTED
        for count in COUNT_WORDS
        for colour in COLOURS
        if (colour, name) not in HELD_OUT
    ]
    found += [Subject(name, None, 1, material) for name in RESHAPED for material in MATERIALS]
    return found + [
        Subject(name, colour, 1, "glass")
        for name in RESHAPED
        for colour in COLOURS
        if (colour, name) not in HELD_OUT
    ]


@cache
def thing_named(name: str) -> Thing | None:
    """The drawn thing of this name; None for a glyph."""
    return next((thing for thing in THINGS if thing.name == name), None)


def phrase(subject: Subject) -> str:
    """The plainest caption."""
    name = subject.name
    if subject.count > 1 and not name.endswith("fish"):
        name += "s"
    words = (COUNT_WORDS.get(subject.count), subject.colour, subject.material, name)
    return " ".join(word for word in words if word)


def caption(subject: Subject, rng: np.random.Generator) -> str:
    """One of many ways to say it; half of the time the plainest."""
    words = _said(subject, rng)
    pattern = rng.random()
    if pattern < 0.45:
        return words
    if subject.count > 1:
        return f"{words} {rng.choice(KINDS)}" if pattern < 0.7 else f"{rng.choice(MOODS)} {words}"
    article = "an" if words[0] in "aeiou" else "a"
    if pattern < 0.65:
        return f"{article} {words}"
    if pattern < 0.80:
        extra = rng.choice(SIZES if rng.random() < 0.3 else MOODS)
        return f"{'a ' if rng.random() < 0.6 else ''}{extra} {words}"
    if pattern < 0.84:
        return _filled(words, subject.name, rng)
    if pattern < 0.90 and subject.colour and not subject.material:
        return f"{subject.name} {subject.colour}"
    if pattern < 0.95:
        return f"{words} {rng.choice(KINDS)}"
    return f"{article} {words} {rng.choice(SURROUNDS)}"


def _said(subject: Subject, rng: np.random.Generator) -> str:
    if subject.count > 1 or subject.material or rng.random() > 0.4:
        return phrase(subject)
    ways = COLOURED_WAYS if subject.colour else PLAIN_WAYS
    if subject.name not in ways:
        return phrase(subject)
    return str(rng.choice(ways[subject.name])).format(subject.colour)


def _filled(words: str, name: str, rng: np.random.Generator) -> str:
    """With one or two words around the name that mean nothing to the model."""
    first, second = rng.choice(FILLERS, 2)
    if rng.random() < 0.6:
        words = words.replace(name, f"{first} {name}")
    return f"a {words} {second}" if rng.random() < 0.5 else f"a {second} {words}"
