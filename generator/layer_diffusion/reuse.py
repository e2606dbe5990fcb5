"""Keeps what was encoded, so that a picture that has not changed is not encoded again.

Pictures are known by their pixels alone, never by their names or layers, so nothing stale is given.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b

from torch import Tensor

MOST_BYTES = 64 * 2**20  # latents of 1024 x 1024 have 0.26 MB


class Encodings:
    """The latents of the pictures that were used last, as many as `most_bytes` hold."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Begin with none."""
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, tuple[int, ...], bytes], Tensor] = OrderedDict()

    def of(self, kind: str, planes: Tensor, encode: Callable[[Tensor], Tensor]) -> Tensor:
        """Return `encode(planes)`, kept from before where the same planes were encoded as `kind`.

        What is returned is the kept tensor itself and must not be changed.
        """
        pixels = planes.detach().cpu().contiguous().numpy()
        key = (kind, tuple(planes.shape), blake2b(pixels.tobytes(), digest_size=16).digest())
        if key not in self._kept:
            self._kept[key] = encode(planes)
            while len(self._kept) > 1 and self.nbytes > self._most_bytes:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    @property
    def nbytes(self) -> int:
        """Return the memory of what is kept."""
        return sum(latent.nbytes for latent in self._kept.values())

    def forget(self) -> None:
        """Drop everything: the networks that encoded it are others now."""
        self._kept.clear()
