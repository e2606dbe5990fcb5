"""Adjustments as plain JSON values, under the names of their kinds."""

from itertools import pairwise
from typing import Any

import msgspec

from editor.document.adjustment import ADJUSTMENTS, Adjustment, AdjustmentKind, Curves, kind_of

Record = dict[str, Any]  # Any: JSON values, checked when they are read


def adjustment_record(adjustment: Adjustment) -> Record:
    """Return an adjustment as JSON holds it."""
    return {"kind": kind_of(adjustment).value, **msgspec.to_builtins(adjustment)}


def adjustment_from(record: Record) -> Adjustment:
    """Return the adjustment of a record; raises ValueError where it is none."""
    values = {name: value for name, value in record.items() if name != "kind"}
    kind = AdjustmentKind(record.get("kind", ""))
    adjustment: Adjustment = msgspec.convert(values, ADJUSTMENTS[kind])
    if isinstance(adjustment, Curves):
        _check(adjustment)
    return adjustment


def _check(curves: Curves) -> None:
    for curve in (curves.rgb, curves.red, curves.green, curves.blue):
        inputs = [point[0] for point in curve]
        if len(curve) < 2 or any(a >= b for a, b in pairwise(inputs)):
            raise ValueError("a curve needs points by rising input")
