"""What the training pictures are called: subjects, sentence patterns, words that mean the same.

The model learns one word for one thing. Synonyms are folded in the tokenizer (`vocabulary.py`), so
that they cost no training and the user's wording is still understood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.training.drawing.glyphs import GLYPHS
from generator.training.drawing.things import COLOURS, THINGS, Thing

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
    }
)

SIZES = ("small", "big", "little", "large")
MOODS = ("shiny", "glossy", "cute", "simple", "nice", "beautiful", "single", "soft", "bright")
KINDS = ("icon", "picture", "drawing", "illustration", "photo", "sticker")
SURROUNDS = ("on transparent background", "isolated", "with transparent background", "cut out")

SYNONYMS: dict[str, tuple[str, ...]] = {
    "red": ("crimson", "scarlet", "ruby", "maroon", "vermilion"),
    "orange": ("amber", "apricot"),
    "yellow": ("golden yellow", "lemon yellow", "gold", "golden"),
    "green": ("emerald", "olive", "lime", "jade", "mint"),
    "blue": ("navy", "azure", "indigo", "cobalt", "sapphire"),
    "purple": ("violet", "magenta", "lilac", "lavender", "mauve"),
    "pink": ("rosy", "fuchsia", "salmon"),
    "brown": ("wooden", "tan", "chestnut", "chocolate"),
    "white": ("ivory", "snow white"),
    "black": ("ebony", "jet black"),
    "gray": ("grey", "silver", "silvery"),
    "cyan": ("turquoise", "teal", "aqua", "light blue", "sky blue"),
    "wine glass": ("glass of wine", "wineglass", "goblet"),
    "drop": ("droplet", "raindrop", "teardrop"),
    "hamburger": ("burger", "cheeseburger"),
    "donut": ("doughnut",),
    "football": ("soccer ball", "soccerball"),
    "rabbit": ("bunny",),
    "dog": ("puppy",),
    "cat": ("kitten", "kitty"),
    "smiley": ("smiling face", "grinning face"),
    "light bulb": ("lightbulb", "bulb"),
    "photo": ("photograph", "image", "painting"),
    "big": ("huge", "giant"),
    "small": ("tiny",),
    "shiny": ("polished", "gleaming", "sparkling"),
    "cute": ("adorable", "lovely", "pretty"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What one picture shows: a thing or a glyph, in a named colour or its natural one (None)."""

    name: str
    colour: str | None = None


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
    return (*found, *(Subject(name) for name in GLYPHS))


def thing_named(name: str) -> Thing | None:
    """The drawn thing of this name; None for a glyph."""
    return next((thing for thing in THINGS if thing.name == name), None)


def phrase(subject: Subject) -> str:
    """The plainest caption."""
    return f"{subject.colour} {subject.name}" if subject.colour else subject.name


def caption(subject: Subject, rng: np.random.Generator) -> str:
    """One of many ways to say it; half of the time the plainest."""
    words = phrase(subject)
    if subject.name == "wine glass" and subject.colour and rng.random() < 0.4:
        words = f"glass of {subject.colour} wine"
    if subject.name == "orange fruit" and rng.random() < 0.5:
        words = "orange"
    pattern = rng.random()
    if pattern < 0.45:
        return words
    article = "an" if words[0] in "aeiou" else "a"
    if pattern < 0.65:
        return f"{article} {words}"
    if pattern < 0.82:
        extra = rng.choice(SIZES if rng.random() < 0.3 else MOODS)
        return f"{'a ' if rng.random() < 0.6 else ''}{extra} {words}"
    if pattern < 0.88 and subject.colour:
        return f"{subject.name} {subject.colour}"
    if pattern < 0.94:
        return f"{words} {rng.choice(KINDS)}"
    return f"{article} {words} {rng.choice(SURROUNDS)}"
