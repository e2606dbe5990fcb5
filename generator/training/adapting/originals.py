"""Data that keeps a model from forgetting: what it knew, mixed into what it learns.

The pocket model's is drawn anew by the code that drew its training pictures; other models' is a
folder of transparent pictures that the user names.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from generator.training.adapting.assets import Asset, assets_in, bad
from generator.training.adapting.lessons import Drawn
from generator.training.pictures import draw
from generator.training.words.captions import caption, subjects

COUNT = 160  # drawn pictures: enough that none is seen often
FIRST_SEED = 70_000


def drawn_originals(family: str, seed: int, count: int = COUNT) -> tuple[Drawn, ...]:
    """Draw pictures such as the pocket model learned from; `GenerationError` for other families."""
    if family != "pocket":
        raise bad(
            "Only the pocket model's own data can be drawn; for this model give a folder of "
            "transparent pictures by --originals, or --originals-share 0."
        )
    chance = np.random.default_rng([seed, FIRST_SEED])
    everything = subjects()
    chosen = [everything[number] for number in chance.integers(len(everything), size=count)]
    return tuple(Drawn(draw(each, chance), caption(each, chance)) for each in chosen)


def original_assets(place: Path) -> tuple[Asset, ...]:
    """Return the pictures of a folder or list, each marked as an original."""
    return tuple(replace(each, is_original=True) for each in assets_in(place))
