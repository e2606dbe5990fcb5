"""What must be done for one tile of a composite, as a flat list of steps on a stack of pictures.

`plan` flattens a layer tree once; `steps_for` finds the pixels that a tile of the document needs.
Both engines, the kernels and the numpy reference, run the same steps, so the rules for groups,
clipping and masks are stated here alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Point
from editor.document.layer import AdjustmentLayer, BlendMode, Group, Layer, Mask, PixelLayer
from editor.document.pixels import TILE, Grey8, TileKey, Tiles, tile_rect
from editor.render.adjusting import Prepared, prepared


class Op(IntEnum):
    """A step on the stack. The picture on top is the one that is being composited into."""

    SOURCE = 0  # blend a piece of a layer's tile on the top
    BEGIN = 1  # push a transparent picture
    BEGIN_COPY = 2  # push a copy of the top
    OPAQUE = 3  # keep the top's alpha aside and make it opaque: clipped layers follow
    RESTORE = 4  # give the top its alpha back
    END = 5  # pop, and blend what was popped on the new top
    END_LERP = 6  # pop, and move the new top towards what was popped
    END_WITHIN = 7  # pop two, and move the new top towards the lower where the upper has alpha
    ADJUST = 8  # blend the top's own colours, adjusted, on it; its alpha stays


Values = NDArray[np.uint8] | NDArray[np.float32]
Quarters = tuple[Values | None, Values | None, Values | None, Values | None]
NO_TILES: Quarters = (None, None, None, None)


class Step(NamedTuple):
    """One step for one tile.

    The mask is (128, 128) and lies as the composited tile does. A source begins in its first tile,
    at column `source_x` and row `source_y`, and goes on in the tile to the right, the one below,
    and the one below to the right. An adjustment's first "tile" is what `adjusting.prepared` gives,
    and its `source_x` says how.
    """

    op: Op
    mode: BlendMode = BlendMode.NORMAL
    opacity: float = 1.0
    mask: Grey8 | None = None
    tiles: Quarters = NO_TILES
    source_x: int = 0
    source_y: int = 0


ORIGIN = Point(0, 0)


@dataclass(frozen=True, slots=True)
class Planned:
    """A step before its tile is known.

    For a source, a tile of the document begins in the layer's tile that is `shift` columns and rows
    on, at column and row `start` of it. `past_end` is the index just after the matching end.
    """

    op: Op
    mode: BlendMode = BlendMode.NORMAL
    opacity: float = 1.0
    mask: Mask | None = None
    tiles: Tiles | None = None
    shift: Point = ORIGIN
    start: Point = ORIGIN
    past_end: int = 0
    adjustment: Prepared | None = None

    def quarters(self, keys: Sequence[TileKey]) -> Iterator[Iterable[NDArray[np.uint8] | None]]:
        """Yield for each quarter of the document's tiles the layer's tile that lies there."""
        assert self.tiles is not None
        get, (right, down) = self.tiles.get, self.shift
        x, y = self.start
        for is_there, (across, below) in (
            (True, (0, 0)), (x, (1, 0)), (y, (0, 1)), (x and y, (1, 1)),
        ):  # fmt: skip
            if not is_there:
                yield repeat(None, len(keys))
            elif (right + across, down + below) == (0, 0):
                yield map(get, keys)
            else:
                yield (get((key[0] + right + across, key[1] + down + below)) for key in keys)


Plan = tuple[Planned, ...]
Flat = tuple[Planned, ...]  # sources without masks alone


def plan(layers: Sequence[Layer]) -> Plan:
    """Flatten layers, bottom first; what is hidden leaves no step."""
    steps: list[Planned] = []
    _plan_siblings(layers, steps)
    return tuple(steps)


def flat(planned: Plan) -> Flat | None:
    """Return the plan if it is of layers without masks alone: its tiles can be done in one go."""
    is_flat = all(each.op is Op.SOURCE and not _is_on(each.mask) for each in planned)
    return planned if is_flat and planned else None


def steps_for(planned: Plan, key: TileKey) -> list[Step]:
    """Return the steps that have anything to do in one 128-px tile of the document."""
    steps: list[Step] = []
    begun: list[int] = []  # lengths of `steps` at each open begin
    index = 0
    while index < len(planned):
        each = planned[index]
        index += 1
        match each.op:
            case Op.SOURCE:
                _add_source(each, key, steps)
            case Op.ADJUST:
                _add_adjustment(each, key, steps)
            case _ if each.past_end and len(steps) == begun[-1] + 1:  # nothing to clip to here
                index = each.past_end
                del steps[begun.pop() :]
            case Op.BEGIN | Op.BEGIN_COPY:
                begun.append(len(steps))
                steps.append(Step(each.op))
            case Op.OPAQUE | Op.RESTORE:
                steps.append(Step(each.op))
            case Op.END_WITHIN:
                del begun[-2:]
                steps.append(Step(each.op))
            case Op.END | Op.END_LERP:
                shown, mask = _mask_at(each.mask, key)
                start = begun.pop()
                if not shown or len(steps) == start + 1:
                    del steps[start:]
                else:
                    steps.append(Step(each.op, each.mode, each.opacity, mask))
    return steps


def _plan_siblings(layers: Sequence[Layer], steps: list[Planned]) -> None:
    index = 0
    while index < len(layers):
        base = layers[index]
        index += 1
        start = index
        while index < len(layers) and layers[index].clipped:
            index += 1
        if not base.visible or base.opacity <= 0:
            continue
        clipped = [layer for layer in layers[start:index] if layer.visible and layer.opacity > 0]
        if clipped and isinstance(base, Group) and base.blend_mode is BlendMode.PASS_THROUGH:
            _plan_clipping_to_pass_through(base, clipped, steps)
        elif isinstance(base, AdjustmentLayer):
            _plan_adjustment(base, clipped, steps)
        elif clipped:
            _plan_clipping(base, clipped, steps)
        elif isinstance(base, Group):
            _plan_group(base, steps)
        else:
            mode = _mode_of(base)
            steps.append(_planned_source(base, mode, base.opacity, base.mask))


def _planned_source(
    layer: PixelLayer,
    mode: BlendMode = BlendMode.NORMAL,
    opacity: float = 1.0,
    mask: Mask | None = None,
) -> Planned:
    shift_x, start_x = divmod(-layer.offset.x, TILE)
    shift_y, start_y = divmod(-layer.offset.y, TILE)
    shift, start = Point(shift_x, shift_y), Point(start_x, start_y)
    return Planned(Op.SOURCE, mode, opacity, mask, layer.pixels.tiles, shift, start)


def _plan_group(group: Group, steps: list[Planned]) -> None:
    if group.blend_mode is not BlendMode.PASS_THROUGH:
        steps.append(Planned(Op.BEGIN))
        _plan_siblings(group.children, steps)
        steps.append(Planned(Op.END, group.blend_mode, group.opacity, group.mask))
    elif group.opacity < 1 or _is_on(group.mask):
        steps.append(Planned(Op.BEGIN_COPY))
        _plan_siblings(group.children, steps)
        steps.append(Planned(Op.END_LERP, BlendMode.NORMAL, group.opacity, group.mask))
    else:
        _plan_siblings(group.children, steps)


def _plan_adjustment(
    layer: AdjustmentLayer, clipped: Sequence[Layer], steps: list[Planned]
) -> None:
    """Adjust the top; layers clipped to an adjustment show where its mask shows it."""
    mode, how = _mode_of(layer), prepared(layer.adjustment)
    if not clipped:
        steps.append(Planned(Op.ADJUST, mode, layer.opacity, layer.mask, adjustment=how))
        return
    steps.append(Planned(Op.BEGIN_COPY))
    steps.append(Planned(Op.ADJUST, mode, adjustment=how))
    for each in clipped:
        _plan_siblings((each,), steps)
    steps.append(Planned(Op.END_LERP, BlendMode.NORMAL, layer.opacity, layer.mask))


def _plan_clipping(
    base: PixelLayer | Group, clipped: Sequence[Layer], steps: list[Planned]
) -> None:
    """Blend the clipped layers on the base as if it were opaque, then give it its alpha back.

    Mode, opacity and mask of the base apply to the result.
    """
    steps.append(Planned(Op.BEGIN))
    if isinstance(base, Group):
        _plan_siblings(base.children, steps)
    else:
        steps.append(_planned_source(base))
    opaque = len(steps)
    steps.append(Planned(Op.OPAQUE))
    for layer in clipped:
        _plan_siblings((layer,), steps)
    steps.append(Planned(Op.RESTORE))
    steps.append(Planned(Op.END, _mode_of(base), base.opacity, base.mask))
    steps[opaque] = Planned(Op.OPAQUE, past_end=len(steps))


def _plan_clipping_to_pass_through(
    base: Group, clipped: Sequence[Layer], steps: list[Planned]
) -> None:
    """Blend the clipped layers on what the group and its backdrop make, within the group's alpha.

    Seen in Photoshop's own files: such a group is not isolated from its backdrop. Its alpha is that
    of its children alone, so they are composited once more.
    """
    steps.append(Planned(Op.BEGIN_COPY))
    _plan_siblings(base.children, steps)
    skip = len(steps)
    steps.append(Planned(Op.BEGIN_COPY))
    steps.append(Planned(Op.OPAQUE))
    for layer in clipped:
        _plan_siblings((layer,), steps)
    steps.append(Planned(Op.RESTORE))
    steps.append(Planned(Op.BEGIN))
    _plan_siblings(base.children, steps)
    steps.append(Planned(Op.END_WITHIN))
    steps.append(Planned(Op.END_LERP, BlendMode.NORMAL, base.opacity, base.mask))
    steps[skip] = Planned(Op.BEGIN_COPY, past_end=len(steps))


def _mode_of(layer: Layer) -> BlendMode:
    if layer.blend_mode is BlendMode.PASS_THROUGH:
        return BlendMode.NORMAL
    return layer.blend_mode


def _is_on(mask: Mask | None) -> bool:
    return mask is not None and mask.enabled


def _add_source(each: Planned, key: TileKey, steps: list[Step]) -> None:
    """Add a step if any of the layer tiles that lie under the document's tile is there."""
    assert each.tiles is not None
    x, y = each.start
    column, row = key[0] + each.shift[0], key[1] + each.shift[1]
    first = each.tiles.get((column, row))
    if not (x or y or each.mask):  # the most of all, in the fewest words
        if first is not None:
            steps.append(Step(Op.SOURCE, each.mode, each.opacity, None, (first, None, None, None)))
        return
    quarters: Quarters = (first, None, None, None)
    if x or y:
        quarters = (
            first,
            each.tiles.get((column + 1, row)) if x else None,
            each.tiles.get((column, row + 1)) if y else None,
            each.tiles.get((column + 1, row + 1)) if x and y else None,
        )
    if first is None and all(tile is None for tile in quarters):
        return
    shown, mask = (True, None) if each.mask is None else _mask_at(each.mask, key)
    if shown:
        steps.append(Step(Op.SOURCE, each.mode, each.opacity, mask, quarters, x, y))


def _add_adjustment(each: Planned, key: TileKey, steps: list[Step]) -> None:
    """Add a step if there is something to adjust, and the mask shows it."""
    assert each.adjustment is not None
    shown, mask = _mask_at(each.mask, key)
    if shown and steps and steps[-1].op is not Op.BEGIN:
        values: Quarters = (each.adjustment.values, None, None, None)
        how = int(each.adjustment.how)
        steps.append(Step(Op.ADJUST, each.mode, each.opacity, mask, values, how))


def _mask_at(mask: Mask | None, key: TileKey) -> tuple[bool, Grey8 | None]:
    """Return whether anything shows through the mask in a tile, and its values unless all 255."""
    if mask is None or not mask.enabled:
        return True, None
    rect = tile_rect(key).moved(-mask.offset.x, -mask.offset.y)
    values = mask.coverage.read(rect)
    if values.min() == 255:
        return True, None
    return bool(values.any()), values
