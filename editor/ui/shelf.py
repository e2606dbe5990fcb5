"""What models, LoRAs and parts of them are on this machine, as the Models dialog shows them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:  # not before the first paint
    from generator.models.catalogue import Model
    from generator.models.published import Weights
    from generator.models.registry import Adopted


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was found when it was looked for."""

    models: "tuple[Model, ...]"
    loras: "tuple[Adopted, ...]"
    parts: "tuple[tuple[Weights, bool], ...]"  # all that is published, and whether it is here
    is_offline: bool

    def parts_of(self, family: str) -> "tuple[tuple[Weights, bool], ...]":
        """Return what a family can be made of, with what serves all families."""
        named = any(weights.family == family for weights, _ in self.parts)
        return tuple(part for part in self.parts if named and part[0].family in (family, ""))

    def about_bytes(self, family: str) -> int:
        """Return how much a family lacks of what its tasks need."""
        return sum(
            weights.about_bytes
            for weights, is_here in self.parts_of(family)
            if not is_here and not weights.is_extra
        )


def look() -> Shelf:
    """Read the folders; takes long enough to belong into a thread."""
    from generator.models.fetch import is_offline
    from generator.models.locate import located
    from generator.models.published import catalogue
    from generator.models.store import loras, models

    there = located()
    parts = tuple((weights, weights.name in there) for weights in catalogue())
    return Shelf(models(), loras(), parts, is_offline())


def size_words(size: int) -> str:
    """Say a size in bytes as people do."""
    if size >= 1e9:
        return QCoreApplication.translate("Shelf", "{0} GB").format(f"{size / 1e9:.1f}")
    megabytes = max(int(size > 0), round(size / 1e6))
    return QCoreApplication.translate("Shelf", "{0} MB").format(megabytes)
