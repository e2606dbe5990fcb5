"""Which runs of the sampler lead to a task's pictures, for each family: the method's modes as data.

Source of modes, frames, order of joined conditions and samplers: sd-forge-layerdiffuse b1e6651 and
its author's settings. Nothing here knows networks or files.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from generator.models.catalogue import FROM_A_LAYER, TRACED_KINDS, Model
from generator.models.published import at, without_family
from generator.request import Role, Task


class Sampler(StrEnum):
    """A solver with its spacing of noise levels, as the field calls them."""

    DPM_2M_KARRAS = "DPM++ 2M Karras"
    DPM_2M_SDE_KARRAS = "DPM++ 2M SDE Karras"
    EULER_ANCESTRAL = "Euler a"
    UNIPC = "UniPC"
    LCM = "LCM"
    EULER_TRAILING = "Euler trailing"  # Lightning, Turbo
    TCD = "TCD"  # Hyper
    OWN = "the model's own"


@dataclass(frozen=True, slots=True)
class Stage:
    """One run of the sampler.

    `makes` are the roles of its frames, in the order of the weights; the first alone may be
    transparent, and is when it is a foreground. `wears` is the entry of weights laid on the network
    ("" for none), without its family. `sees` are pictures given or made by an earlier stage, in the
    order in which their latents are joined. With a `change_gain`, what it makes is not a picture
    but, so many times enlarged, its latents' difference from the foreground over the background.
    `says` is put before every prompt: the word by which one network with many tasks knows its task.
    What `is_computed` follows from what is seen alone: it is made in one step that begins with
    nothing instead of noise, and without guidance. A stage that sees a control picture follows
    those of `control_kinds`.
    """

    makes: tuple[Role, ...]
    wears: str = ""
    sees: tuple[Role, ...] = ()
    sampler: Sampler = Sampler.OWN
    stop_at: float = 1.0
    change_gain: float = 0.0
    says: str = ""
    is_computed: bool = False
    control_kinds: tuple[str, ...] = ()


Road = tuple[Stage, ...]

_FG, _BG, _BLENDED = Role.FOREGROUND, Role.BACKGROUND, Role.BLENDED
_SD15, _SDXL = Sampler.DPM_2M_KARRAS, Sampler.DPM_2M_SDE_KARRAS

_SD15_LAYER = Stage((_FG,), "layer", sampler=_SD15)
_SDXL_LAYER = Stage((_FG,), "layer", sampler=_SDXL)
_FG_TO_BLENDED = Stage((_BLENDED,), "foreground-to-blended", (_FG,), _SDXL)
# Not DPM++ for the second stages, says the method's author; they give way to the plain network
# half-way where they would otherwise copy what they are to leave out.
_BLENDED_TO_BG = Stage(
    (_BG,), "blended-to-background", (_FG, _BLENDED), Sampler.EULER_ANCESTRAL, stop_at=0.5
)
_BG_TO_BLENDED = Stage((_BLENDED,), "background-to-blended", (_BG,), _SDXL)
_BLENDED_TO_FG = Stage((_FG,), "blended-to-foreground", (_BG, _BLENDED), Sampler.EULER_ANCESTRAL)
_POCKET_LAYER = Stage((_FG,))
# The pocket model makes layers first and what light does to them last, so that it copies exactly.
_POCKET_PLACE = Stage((_BG,), "pairs", says="scenery")
_POCKET_BG = Stage((_BG,), "pairs", (_FG,), says="scenery")
_POCKET_FG = Stage((_FG,), "pairs", (_BG,), says="staged")
_POCKET_BLENDED = Stage(
    (_BLENDED,), "pairs", (_FG, _BG), change_gain=4.0, says="shaded", is_computed=True
)
# The same for a foreground that was made for its place, and has the place's light already.
_POCKET_SETTLED = replace(_POCKET_BLENDED, says="shaded staged")
_POCKET_TRACED = Stage((_FG,), "pairs", (Role.CONTROL,), says="traced", control_kinds=TRACED_KINDS)

ROADS: Final[dict[str, dict[Task, Road]]] = {
    "sd15": {
        Task.LAYER: (_SD15_LAYER,),
        Task.TOGETHER: (Stage((_FG, _BG, _BLENDED), "together", sampler=_SD15),),
        Task.BACKGROUND: (Stage((_BG, _BLENDED), "background", (_FG,), _SD15),),
        Task.FOREGROUND: (Stage((_FG, _BLENDED), "foreground", (_BG,), _SD15),),
        Task.VARY: (_SD15_LAYER,),
        Task.REPAINT: (_SD15_LAYER,),
        Task.UPSCALE: (_SD15_LAYER,),
    },
    "sdxl": {
        Task.LAYER: (_SDXL_LAYER,),
        Task.TOGETHER: (_SDXL_LAYER, _FG_TO_BLENDED, _BLENDED_TO_BG),
        Task.BACKGROUND: (_FG_TO_BLENDED, _BLENDED_TO_BG),
        Task.FOREGROUND: (_BG_TO_BLENDED, _BLENDED_TO_FG),
        Task.VARY: (_SDXL_LAYER,),
        Task.REPAINT: (_SDXL_LAYER,),
        Task.EXTRACT: (_BLENDED_TO_FG,),
        Task.UPSCALE: (_SDXL_LAYER,),
    },
    "pocket": {
        Task.LAYER: (_POCKET_LAYER,),
        Task.TOGETHER: (_POCKET_PLACE, _POCKET_FG, _POCKET_SETTLED),
        Task.BACKGROUND: (_POCKET_BG, _POCKET_BLENDED),
        Task.FOREGROUND: (_POCKET_FG, _POCKET_SETTLED),
        Task.EXTRACT: (Stage((_FG,), "pairs", (_BG, _BLENDED), says="lifted"),),
        Task.VARY: (_POCKET_LAYER,),
        Task.REPAINT: (_POCKET_LAYER,),
        Task.UPSCALE: (_POCKET_LAYER,),
    },
}  # fmt: skip

# The roads on which the network itself follows a control picture; elsewhere a model beside it does.
TRACED: Final[dict[str, dict[Task, Road]]] = {
    "pocket": {
        Task.LAYER: (_POCKET_TRACED,),
        Task.TOGETHER: (_POCKET_PLACE, _POCKET_TRACED, _POCKET_BLENDED),
        Task.FOREGROUND: (_POCKET_TRACED, _POCKET_BLENDED),
    },
}


def tasks_with(model: Model) -> frozenset[Task]:
    """Return what can be done with an installed model, from its roads and the files it has."""
    assert model.card is not None, "only of installed models"
    if not model.parts:
        worn = small_files(model.folder)
        roads = roads_with(model.card.family, worn, has_encoder=True)
        return frozenset(roads.keys() & set(model.tasks))
    entries = without_family(model.parts, model.card.family)
    if at(entries, "decoder") is None:
        return frozenset()
    has_encoder = at(entries, "encoder") is not None
    return frozenset(roads_with(model.card.family, worn_files(entries), has_encoder=has_encoder))


def roads_with(family: str, worn: Collection[str], *, has_encoder: bool) -> dict[Task, Road]:
    """Return a family's roads whose weights are all among `worn`; a model of no family is small."""
    return {
        task: road
        for task, road in ROADS.get(family or "pocket", {}).items()
        if _is_worn(road, worn) and (has_encoder or task not in FROM_A_LAYER)
    }


def traced_with(family: str, worn: Collection[str]) -> dict[Task, Road]:
    """Return, of the same, those by which the network itself follows a control picture."""
    roads = TRACED.get(family or "pocket", {})
    return {task: road for task, road in roads.items() if _is_worn(road, worn)}


def control_kinds(road: Road) -> tuple[str, ...]:
    """Return the kinds of control picture that a road's own network follows, () for none."""
    return next((stage.control_kinds for stage in road if stage.control_kinds), ())


def small_files(folder: Path) -> dict[str, Path]:
    """Return the file of all that stages can wear, of a model folder of this program's making."""
    names = {stage.wears for road in ROADS["pocket"].values() for stage in road if stage.wears}
    found = {name: folder / name / "model.safetensors" for name in sorted(names)}
    return {name: path for name, path in found.items() if path.is_file()}


def worn_files(entries: Mapping[str, Path]) -> dict[str, Path]:
    """Return the file of all that stages can wear, from a family's entries without its name."""
    names = {stage.wears for roads in ROADS.values() for road in roads.values() for stage in road}
    found = {name: at(entries, name) for name in sorted(names) if name}
    return {name: path for name, path in found.items() if path is not None}


def _is_worn(road: Road, worn: Collection[str]) -> bool:
    return all(stage.wears in ("", *worn) for stage in road)
