"""What people said of a blind comparison, added up: whom they prefer, and how sure that is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from generator.training.evaluation.blind import KIND
from generator.training.evaluation.distributions import likely_range, sign_test

CERTAIN = 0.05  # p below which a preference is called one


class VerdictsError(Exception):
    """A file that holds no verdicts; the message is one sentence."""


class Verdict(msgspec.Struct):
    """What was said of one pair."""

    case: str
    chosen: Literal["a", "b", "same"]


class Verdicts(msgspec.Struct):
    """The file that the page gives."""

    kind: str
    comparison: str
    a: str
    b: str
    cases: int
    verdicts: list[Verdict]


@dataclass(frozen=True, slots=True)
class Summary:
    """How often each side was preferred. `share` is A's of all preferences, with its 95 % range.

    `p` is that of the two-sided binomial test: how likely so uneven a count is by chance alone.
    """

    a: str
    b: str
    for_a: int
    for_b: int
    same: int
    left_out: int
    share: float
    likely: tuple[float, float]
    p: float

    def entries(self) -> dict[str, Any]:  # Any: JSON
        """Return what machines read."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Return what people read."""
        low, high = self.likely
        said = [
            f"A, {self.a}: {self.for_a}",
            f"B, {self.b}: {self.for_b}",
            f"no difference: {self.same}; not judged: {self.left_out}",
            f"preferences for A: {self.share:.1%}, likely {low:.1%} to {high:.1%};"
            f" binomial test p = {self.p:.3g}",
        ]
        if self.p >= CERTAIN:
            return [*said, "So many verdicts do not tell the two apart."]
        return [*said, f"People prefer {'A' if self.for_a > self.for_b else 'B'}."]


def read(path: Path) -> Verdicts:
    """Read a page's download; raises `VerdictsError`."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Verdicts)
    except OSError as error:
        raise VerdictsError(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise VerdictsError(f"{path} holds no verdicts: {error}.") from error
    if found.kind != KIND:
        raise VerdictsError(f"{path} holds no verdicts: it does not come from the blind page.")
    return found


def summed(found: Verdicts) -> Summary:
    """Add verdicts up."""
    chosen = [each.chosen for each in found.verdicts]
    first, second = chosen.count("a"), chosen.count("b")
    return Summary(
        found.a,
        found.b,
        first,
        second,
        chosen.count("same"),
        max(0, found.cases - len(chosen)),
        first / (first + second) if first + second else 0.5,
        likely_range(first, first + second),
        sign_test(first, second),
    )
