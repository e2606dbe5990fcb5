"""One face for both kinds of latent transparency: the published networks and the pocket model's.

What a model can do with alpha stands here, so that nobody else asks which kind it has. Networks
come from files; their sizes and gain are those of the files.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from generator.layer_diffusion.latent_transparency import (
    DecoderConfig,
    EncoderConfig,
    LatentTransparencyDecoder,
    LatentTransparencyEncoder,
    Posterior,
    decoder_from_file,
    encoder_from_file,
    transparent_latent,
)
from generator.layer_diffusion.matte import levelled, to_rgba8
from generator.layer_diffusion.resampling import RGBA8
from generator.layer_diffusion.transparent_decode import (
    TURNS,
    decoded_by_median,
    decoded_once,
    rgba_from_argb,
)
from generator.layer_diffusion.transparent_vae import (
    TransparencyConfig,
    TransparencyDecoder,
    TransparencyEncoder,
)
from generator.layer_diffusion.weight_file import WeightFile, load_strictly, unusable

OnPass = Callable[[int, int], None]  # passes done, passes in all; what it raises ends the decode

# Measured: a pass over 1024 x 1024 in float32 takes 1.5 GB beside the weights.
BYTES_A_PIXEL = 1500
GAINS = {"ld_diffusers_": 300.0}  # by how a published encoder's file begins; all others have 1


class Transparency(Protocol):
    """What turns alpha into a part of the latent and back."""

    @property
    def multiple(self) -> int:
        """Return what the sides of a picture must divide by."""
        ...

    @property
    def has_encoder(self) -> bool:
        """Return whether `encode` can be called."""
        ...

    def decode(self, picture: Tensor, latent: Tensor, is_draft: bool, on_pass: OnPass) -> Tensor:
        """Read (n, 4, h, w) alpha and straight padded colour, float32, 0..1, alpha first.

        `picture` (n, 3, h, w) is the VAE's, 0..1; `latent` (n, c, h/s, w/s) is raw: divided by the
        VAE's scaling factor. A draft is one pass. `on_pass` is called before each run.
        """
        ...

    def encode(self, posterior: Posterior, colour: Tensor, alpha: Tensor) -> Tensor:
        """Return the raw latent of straight colour (n, 3, h, w) with alpha (n, 1, h, w), 0..1.

        `posterior` is what the VAE says of the same picture over mid grey.
        """
        ...

    def rgba(self, argb: Tensor) -> RGBA8:
        """Return one decoded picture (4, h, w) as straight bytes, as the kind's makers do it."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PublishedTransparency:
    """The networks that the method's authors published, in any size."""

    decoder: LatentTransparencyDecoder
    encoder: LatentTransparencyEncoder | None = None

    @property
    def multiple(self) -> int:
        """Return 64 for the published decoder."""
        return self.decoder.config.multiple

    @property
    def has_encoder(self) -> bool:
        """Return whether the encoder's file was there."""
        return self.encoder is not None

    def decode(self, picture: Tensor, latent: Tensor, is_draft: bool, on_pass: OnPass) -> Tensor:
        """See `Transparency.decode`; the final picture is the median of eight passes.

        Pictures are decoded one by one. The eight passes of one are one run on an accelerator that
        has room for it, and single runs elsewhere.
        """
        count = picture.shape[0]
        passes = 1 if is_draft else len(TURNS)
        decoded = []
        for index in range(count):
            one = (picture[index : index + 1], latent[index : index + 1])
            before = index * passes

            def tell(done: int, before: int = before) -> None:
                on_pass(before + done, count * passes)

            decoded.append(self._decoded_once(*one, tell) if is_draft else self._median(*one, tell))
        return torch.cat(decoded)

    def encode(self, posterior: Posterior, colour: Tensor, alpha: Tensor) -> Tensor:
        """See `Transparency.encode`; the gain is the file's."""
        if self.encoder is None:
            raise unusable("The weights that read a picture's transparency are not here.")
        return transparent_latent(self.encoder, posterior, colour, alpha)

    def rgba(self, argb: Tensor) -> RGBA8:
        """Truncate, as released."""
        return rgba_from_argb(argb)

    def _decoded_once(
        self, picture: Tensor, latent: Tensor, on_pass: Callable[[int], None]
    ) -> Tensor:
        on_pass(0)
        return decoded_once(self.decoder, picture, latent)

    def _median(self, picture: Tensor, latent: Tensor, on_pass: Callable[[int], None]) -> Tensor:
        if _has_room_for_all(picture, self.decoder.conv_in.weight.element_size()):
            try:
                return decoded_by_median(
                    self.decoder, picture, latent, batched=True, on_pass=on_pass
                )
            except torch.OutOfMemoryError:
                pass  # others use the card, too: one by one takes an eighth
        return decoded_by_median(self.decoder, picture, latent, batched=False, on_pass=on_pass)


@dataclass(frozen=True, slots=True, eq=False)
class PocketTransparency:
    """The pocket model's networks."""

    decoder: TransparencyDecoder
    encoder: TransparencyEncoder | None = None

    @property
    def multiple(self) -> int:
        """Return the side of its patches."""
        return self.decoder.config.patch

    @property
    def has_encoder(self) -> bool:
        """Return whether the encoder is loaded."""
        return self.encoder is not None

    def decode(self, picture: Tensor, latent: Tensor, is_draft: bool, on_pass: OnPass) -> Tensor:
        """See `Transparency.decode`; always one pass. Alpha is levelled, so that empty is empty."""
        on_pass(0, 1)
        found = self.decoder(picture, latent).float()
        return torch.cat([levelled(found[:, :1]), found[:, 1:].clamp(0, 1)], dim=1)

    def encode(self, posterior: Posterior, colour: Tensor, alpha: Tensor) -> Tensor:
        """See `Transparency.encode`; an opaque picture has no offset at all."""
        if self.encoder is None:
            raise unusable("The weights that read a picture's transparency are not here.")
        offset: Tensor = self.encoder(colour, alpha)
        return posterior.mean + offset

    def rgba(self, argb: Tensor) -> RGBA8:
        """Round."""
        return to_rgba8(argb[:1], argb[1:])


def published_transparency(
    decoder: Path, encoder: Path | None, device: torch.device, dtype: torch.dtype
) -> PublishedTransparency:
    """Load published files of any size strictly; `GenerationError` says what is wrong with one.

    Where the model runs in bfloat16, this runs in float16.
    """
    exact = torch.float16 if dtype is torch.bfloat16 else dtype
    shapes = DecoderConfig.of(WeightFile(decoder).shapes)
    own = decoder_from_file(decoder, shapes, device, exact)
    if encoder is None:
        return PublishedTransparency(own)
    config = EncoderConfig.of(WeightFile(encoder).shapes, gain_of(encoder.name))
    return PublishedTransparency(own, encoder_from_file(encoder, config, device, exact))


def pocket_transparency(folder: Path, device: torch.device) -> PocketTransparency:
    """Load a model folder's `transparency`; it is stored in halves and runs in float32."""
    config = TransparencyConfig(**json.loads((folder / "config.json").read_text()))
    with torch.device("meta"):
        decoder, encoder = TransparencyDecoder(config), TransparencyEncoder(config)
    for module, name in ((decoder, "decoder"), (encoder, "encoder")):
        file = WeightFile(folder / f"{name}.safetensors")
        load_strictly(module, file, "a part of a small model", device, torch.float32)
    return PocketTransparency(decoder, encoder)


def gain_of(name: str) -> float:
    """Return the gain that goes with a published encoder's file; only the name tells them apart."""
    return next((gain for start, gain in GAINS.items() if name.startswith(start)), 1.0)


def _has_room_for_all(picture: Tensor, element_size: int) -> bool:
    """Say whether eight passes at once fit into what the accelerator has free now."""
    device = picture.device
    if device.type not in ("cuda", "xpu"):
        return False
    free, _ = getattr(torch, device.type).mem_get_info(device)
    height, width = picture.shape[2:]
    return bool(free > len(TURNS) * BYTES_A_PIXEL * height * width * element_size / 4)
