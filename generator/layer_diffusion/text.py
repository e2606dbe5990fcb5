"""What a network reads of a prompt: the tokens that it attends to, and the pooled ones."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Texts as a network reads them, one a row.

    `tokens` (n, L, c): SD 1.5's last hidden state, or SDXL's two penultimate ones side by side;
    L is 77 for each chunk of the longest text. `pooled` (n, p) is SDXL's; other families have none.
    """

    tokens: Tensor
    pooled: Tensor | None = None
