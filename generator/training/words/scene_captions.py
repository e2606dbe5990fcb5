"""What scenes are called: which things are put where, and how one says it.

A scene has two halves, its thing and its place; each task of the pairs is told either or both.
"""

from __future__ import annotations

import numpy as np

from generator.training.drawing.places import PLACES, Place
from generator.training.drawing.things import COLOURS
from generator.training.evaluate import TESTED_THINGS
from generator.training.pairs.tasks import PAIR_TASKS
from generator.training.words.captions import HELD_OUT, Subject, caption, phrase, thing_named

OTHERS = ("hat", "bird", "butterfly", "gift", "wine glass", "tree", "pine", "bubble")
STAGED = (*TESTED_THINGS, *OTHERS)  # what is put into places
# What tasks that draw a thing begin with: few, and easily told apart. The others come with time.
FIRST = (
    "ball",
    "apple",
    "mug",
    "car",
    "house",
    "chair",
    "bottle",
    "balloon",
    "mushroom",
    "heart",
    "boat",
    "rocket",
)
NAMED = 0.75  # share of the colourable things whose colour is named


def staged_subject(rng: np.random.Generator) -> Subject:
    """Something to put into a place; pairs that are held out never come."""
    name = str(rng.choice(STAGED))
    thing = thing_named(name)
    if thing is None or not thing.colourable or rng.random() > NAMED:
        return Subject(name)
    free = [colour for colour in COLOURS if (colour, name) not in HELD_OUT]
    return Subject(name, str(rng.choice(free)))


def of_thing(subject: Subject, rng: np.random.Generator) -> str:
    """The thing alone."""
    return phrase(subject) if rng.random() < 0.5 else caption(subject, rng)


def of_place(place: Place, rng: np.random.Generator) -> str:
    """The place alone."""
    pattern = rng.random()
    if pattern < 0.5:
        return place.name
    if pattern < 0.7:
        return f"a {place.name}"
    return place.where if pattern < 0.85 else f"{place.name} background"


def of_scene(subject: Subject, place: Place, rng: np.random.Generator) -> str:
    """Both: the thing and where it is."""
    pattern = rng.random()
    if pattern < 0.7:
        return f"{of_thing(subject, rng)} {place.where}"
    return f"{phrase(subject)}, {place.name}"


def scene_words() -> list[str]:
    """Every word that scenes add, sorted; then those by which tasks are told."""
    found = {"a", "the", "background", "scene", "in", "on", "at"}
    for place in PLACES:
        found |= set(place.name.split()) | set(place.where.split())
    return [
        *sorted(found),
        *dict.fromkeys(word for task in PAIR_TASKS for word in task.says.split()),
    ]
