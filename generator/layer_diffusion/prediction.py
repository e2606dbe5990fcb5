"""One prediction of the network: words, guidance, and whatever else takes part in it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from torch import Tensor, nn

from generator.layer_diffusion.text import Words


class Guide(Protocol):
    """What takes part in every prediction beside the words, as a ControlNet does.

    A job's guides are made once a stage; the network's batch has the negative half first, then the
    conditional one; each half is variants x frames, frame fastest.
    """

    def wearing(self, unet: nn.Module) -> AbstractContextManager[None]:
        """Change the network for a stage, as an IP-Adapter does; afterwards it is as before.

        Entered before and left after shared attention and weight patches are laid on.
        """
        ...

    def arguments(self, latent: Tensor, time: Tensor, words: Words) -> dict[str, Any]:
        """Return keyword arguments for the UNet's call, as `down_block_additional_residuals`.

        `latent` (b, 4, h, w) is scaled for the network, of its type and device, and without the
        channels of joined conditions; b and `words`' rows are the whole batch with both halves.
        Tensors under one name of several guides are added, element by element in tuples.
        """
        ...
