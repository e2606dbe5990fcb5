"""Everything of one loaded model: its networks, what they can wear, and what its card says."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model says of itself, with what follows from its family."""

    name: str
    version: str
    native_size: tuple[int, int]  # width, height that it was trained at
    any_size: bool  # False: made at the native size and resampled to the wish
    latent_scale: int  # pixels a latent cell stands for
    steps: int
    guidance: float
    hash: str  # of all weight files together
    family: str = "pocket"
    multiple: int = 32  # in pixels, of each side of the working size

    @staticmethod
    def read(folder: Path) -> ModelCard:
        """Read without loading any weights."""
        entries = json.loads((folder / "model.json").read_text())
        width, height = entries["native_size"]
        return ModelCard(
            name=entries["name"],
            version=entries["version"],
            native_size=(width, height),
            any_size=entries["any_size"],
            latent_scale=entries["latent_scale"],
            steps=entries["steps"],
            guidance=entries["guidance"],
            hash=entries["hash"],
            multiple=entries["latent_scale"],
        )

    def entries(self) -> dict[str, Any]:  # Any: JSON
        """Return what `model.json` says."""
        entries = asdict(self)
        del entries["family"], entries["multiple"]
        return entries
