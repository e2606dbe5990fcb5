"""The table of everything the pocket model is taught to draw, and the colours it is taught in.

`natural` are the colours a thing has when none is named. What is not `colourable` has natural
colours only. `words` are the ways to say it, the first one being its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from generator.training.drawing import (
    animals,
    furniture,
    household,
    people,
    plants,
    shapes,
    soft_things,
    toys,
    vehicles,
    weather,
)
from generator.training.drawing.easel import Colour, Easel, Layer

Draw: TypeAlias = Callable[[Easel, Colour], Layer]

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (214, 36, 40),
    "orange": (242, 134, 24),
    "yellow": (250, 212, 42),
    "green": (56, 160, 62),
    "blue": (36, 96, 214),
    "purple": (130, 56, 180),
    "pink": (244, 120, 172),
    "brown": (124, 78, 44),
    "white": (240, 240, 238),
    "black": (40, 40, 44),
    "gray": (132, 136, 142),
    "cyan": (48, 194, 214),
}
GOLD = (222, 176, 52)
STEEL = (190, 198, 208)


@dataclass(frozen=True, slots=True)
class Thing:
    """One kind of object: how to draw it, how to call it, what colours it comes in."""

    draw: Draw
    words: tuple[str, ...]
    natural: tuple[tuple[int, int, int], ...]
    colourable: bool = True

    @property
    def name(self) -> str:
        return self.words[0]


def _natural(*names: str) -> tuple[tuple[int, int, int], ...]:
    return tuple(COLOURS[name] for name in names)


_FIRST: tuple[Thing, ...] = (
    Thing(toys.ball, ("ball", "sphere"), _natural("red", "blue")),
    Thing(soft_things.glass_ball, ("glass ball", "crystal ball", "marble"), ((212, 228, 236),)),
    Thing(plants.apple, ("apple",), _natural("red")),
    Thing(household.box, ("box", "cube", "crate"), _natural("brown")),
    Thing(toys.star, ("star",), _natural("yellow")),
    Thing(toys.heart, ("heart",), _natural("red")),
    Thing(plants.flower, ("flower", "daisy"), _natural("pink", "red")),
    Thing(toys.balloon, ("balloon",), _natural("red")),
    Thing(household.bottle, ("bottle",), ((60, 130, 70),)),
    Thing(household.mug, ("mug", "cup"), _natural("white", "blue")),
    Thing(household.chair, ("chair",), _natural("brown")),
    Thing(household.table, ("table", "desk"), _natural("brown")),
    Thing(household.lamp, ("lamp",), ((246, 226, 160),)),
    Thing(household.house, ("house", "home"), _natural("red")),
    Thing(household.umbrella, ("umbrella", "parasol"), _natural("blue", "red")),
    Thing(toys.fish, ("fish",), _natural("orange")),
    Thing(plants.mushroom, ("mushroom", "toadstool"), _natural("red")),
    Thing(household.candle, ("candle",), _natural("white")),
    Thing(toys.gem, ("gem", "diamond", "jewel"), ((170, 220, 240),)),
    Thing(plants.leaf, ("leaf",), _natural("green")),
    Thing(soft_things.feather, ("feather",), _natural("white", "blue")),
    Thing(toys.rocket, ("rocket", "spaceship"), _natural("red")),
    Thing(toys.car, ("car", "automobile"), _natural("red", "blue")),
    Thing(toys.boat, ("boat", "sailboat", "ship"), _natural("white")),
    Thing(household.hat, ("hat",), _natural("brown", "black")),
    Thing(household.key, ("key",), (GOLD,)),
    Thing(toys.bird, ("bird",), _natural("blue")),
    Thing(toys.butterfly, ("butterfly",), _natural("orange", "blue")),
    Thing(household.book, ("book",), _natural("blue", "brown")),
    Thing(household.gift, ("gift", "present"), _natural("red")),
    Thing(household.wine_glass, ("wine glass", "wineglass"), ((130, 16, 44),)),
    Thing(toys.planet, ("planet",), _natural("orange", "brown")),
    Thing(soft_things.glow, ("glow",), ((255, 214, 120),)),
    Thing(soft_things.smoke, ("smoke", "fume"), ((196, 198, 204), (150, 152, 158))),
    Thing(soft_things.hair, ("hair", "lock of hair"), ((88, 52, 30), (226, 184, 96))),
    Thing(toys.crown, ("crown",), (GOLD,)),
    Thing(toys.sword, ("sword",), (STEEL,), colourable=False),
    Thing(soft_things.fire, ("fire", "flame"), ((244, 96, 20),), colourable=False),
    Thing(soft_things.bubble, ("bubble", "soap bubble"), ((255, 255, 255),), colourable=False),
    Thing(soft_things.cloud, ("cloud",), ((246, 248, 252),), colourable=False),
    Thing(soft_things.drop, ("drop", "water drop"), ((70, 150, 240),), colourable=False),
    Thing(plants.tree, ("tree",), ((70, 152, 58),), colourable=False),
    Thing(plants.pine, ("pine", "pine tree", "fir"), ((36, 116, 64),), colourable=False),
    Thing(
        plants.orange,
        ("orange fruit", "tangerine", "mandarin"),
        ((246, 146, 26),),
        colourable=False,
    ),
    Thing(plants.lemon, ("lemon",), ((250, 220, 58),), colourable=False),
    Thing(plants.cherries, ("cherries", "cherry"), ((204, 22, 44),), colourable=False),
    Thing(plants.banana, ("banana",), ((250, 216, 64),), colourable=False),
    Thing(plants.strawberry, ("strawberry",), ((222, 34, 46),), colourable=False),
    Thing(plants.carrot, ("carrot",), ((244, 128, 30),), colourable=False),
    Thing(toys.sun, ("sun",), ((254, 196, 44),), colourable=False),
    Thing(toys.moon, ("moon", "crescent"), ((242, 230, 180),), colourable=False),
    Thing(toys.snowflake, ("snowflake",), ((150, 206, 246),), colourable=False),
)

_REFLECTIVE = ("chrome", "metal", "metallic", "steel", "reflective", "shiny metal")
_PEOPLE: tuple[Thing, ...] = (
    Thing(
        people.man, ("man", "guy", "person", "boy", "gentleman"), _natural("blue", "red", "gray")
    ),
    Thing(people.woman, ("woman", "girl", "lady"), _natural("red", "pink", "green")),
    Thing(people.walking_man, ("walking man", "walking person"), _natural("blue", "red", "green")),
    Thing(people.sitting_man, ("sitting man", "sitting person"), _natural("blue", "red", "green")),
    Thing(
        people.hand,
        ("hand",),
        ((250, 209, 178), (232, 178, 138), (184, 128, 89), (120, 79, 54)),
        colourable=False,
    ),
    Thing(people.curly_hair, ("curly hair", "curls", "wig"), ((58, 38, 28), (124, 78, 44))),
    Thing(people.ponytail, ("ponytail", "pony tail"), ((226, 184, 96), (88, 52, 30))),
)
_ANIMALS: tuple[Thing, ...] = (
    Thing(animals.parrot, ("parrot", "macaw"), _natural("red", "green")),
    Thing(animals.sitting_cat, ("sitting cat",), _natural("orange", "gray", "black")),
    Thing(animals.standing_dog, ("standing dog",), ((158, 108, 66), (214, 170, 110))),
    Thing(animals.horse, ("horse", "pony", "stallion"), _natural("brown")),
    Thing(animals.cow, ("cow", "cattle"), ((50, 42, 40), (112, 66, 40)), colourable=False),
)
_FURNITURE: tuple[Thing, ...] = (
    Thing(furniture.sofa, ("sofa", "couch", "settee"), _natural("gray", "red")),
    Thing(furniture.armchair, ("armchair", "arm chair"), _natural("brown", "green")),
    Thing(furniture.bed, ("bed",), _natural("blue", "red")),
    Thing(
        furniture.potted_plant,
        ("potted plant", "plant in a pot", "houseplant", "house plant", "pot plant"),
        ((204, 112, 72),),
    ),
    Thing(
        furniture.potted_cactus,
        ("potted cactus", "cactus in a pot", "cactus pot"),
        ((72, 142, 86),),
        colourable=False,
    ),
    Thing(
        furniture.potted_tree,
        ("potted tree", "tree in a pot"),
        ((70, 146, 62),),
        colourable=False,
    ),
    Thing(furniture.drink, ("drink", "juice", "lemonade", "cocktail", "soda"), ((242, 150, 40),)),
    Thing(furniture.curtain, ("curtain", "drape", "cloth"), _natural("red", "white")),
)
_MACHINES: tuple[Thing, ...] = (
    Thing(vehicles.truck, ("truck", "lorry"), _natural("red", "blue")),
    Thing(vehicles.bus, ("bus",), _natural("yellow", "red")),
    Thing(vehicles.airplane, ("airplane", "aeroplane", "plane", "jet"), _natural("blue", "red")),
    Thing(vehicles.bicycle, ("bicycle", "bike"), _natural("red", "blue")),
    Thing(vehicles.toy_robot, ("toy robot", "android"), _natural("gray", "blue")),
)
_WEATHER: tuple[Thing, ...] = (
    Thing(weather.rain_cloud, ("rain cloud", "raincloud"), ((128, 134, 146),), colourable=False),
    Thing(weather.lightning, ("lightning", "thunderbolt", "lightning bolt"), _natural("yellow")),
    Thing(weather.sparkle, ("sparkle", "starburst", "spark", "twinkle"), ((255, 222, 110),)),
    Thing(weather.bubbles, ("bubbles", "soap bubbles"), ((255, 255, 255),), colourable=False),
    Thing(
        weather.mirror_ball,
        (
            "mirror ball",
            "mirror sphere",
            *(f"{how} {what}" for how in _REFLECTIVE for what in ("ball", "sphere", "orb")),
        ),
        ((255, 255, 255),),
        colourable=False,
    ),
)
_SHAPES: tuple[Thing, ...] = (
    Thing(shapes.circle, ("circle", "disc", "disk"), _natural("red", "blue")),
    Thing(shapes.square, ("square",), _natural("blue", "green")),
    Thing(shapes.triangle, ("triangle",), _natural("green", "yellow")),
    Thing(shapes.ring, ("ring", "hoop"), _natural("yellow")),
    *(
        Thing(shapes.letter(name), (f"letter {name}",), _natural("red", "blue", "green", "orange"))
        for name in shapes.LETTERS
    ),
)
# New things come last: what was learned of the others keeps its number.
THINGS: tuple[Thing, ...] = (
    *_FIRST,
    *_PEOPLE,
    *_ANIMALS,
    *_FURNITURE,
    *_MACHINES,
    *_WEATHER,
    *_SHAPES,
)
