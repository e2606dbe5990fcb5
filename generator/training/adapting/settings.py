"""How an adapter is trained: what one may choose, and what suits each family."""

from __future__ import annotations

from dataclasses import dataclass

from generator.training.adapting.assets import bad


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run follows from, beside model and data."""

    rank: int
    alpha: float
    learning_rate: float
    batch: int  # pictures a step, in each process
    at_once: int  # of them through the network at once; less memory, the same step
    steps: int
    originals_share: float  # of every batch, where there are originals
    placements: int  # of each asset: the first as it is, the others smaller and moved
    convolutions: bool  # adapt them, too: a small network's style sits there
    decay: float = 0.99  # of the moving average that is kept
    silent_share: float = 0.1  # of captions left out: what guidance subtracts
    seed: int = 1

    def checked(self) -> Settings:
        """Return the settings; `GenerationError` names the first that makes no sense."""
        for name, value, least, most in (
            ("rank", self.rank, 1, 512),
            ("alpha", self.alpha, 1e-3, 1024),
            ("learning rate", self.learning_rate, 1e-8, 1),
            ("batch", self.batch, 1, 1024),
            ("number at once", self.at_once, 1, 1024),
            ("number of steps", self.steps, 1, 1_000_000),
            ("share of originals", self.originals_share, 0, 0.9),
            ("number of placements", self.placements, 1, 64),
            ("seed", self.seed, 0, 2**31),
        ):
            if not least <= value <= most:
                raise bad(f"The {name} must be between {least:g} and {most:g}, not {value:g}.")
        return self


# The published families' are those that their trainers commonly begin with; the pocket's measured.
DEFAULTS = {
    "pocket": Settings(16, 16, 4e-3, 16, 16, 240, 0.0, 8, convolutions=True, decay=0.97),
    "sd15": Settings(32, 32, 1e-4, 4, 4, 1500, 0.3, 1, convolutions=False),
    "sdxl": Settings(32, 32, 1e-4, 4, 1, 1500, 0.3, 1, convolutions=False),
}
