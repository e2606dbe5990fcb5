"""A transparent picture out of the decoder: in one pass for a preview, or the median of eight.

The eight see the picture turned and mirrored, and their errors differ; the median is what the
method promises. Sizes are rounded up to what the decoder needs and cropped back. Source:
LayerDiffuse_DiffusersCLI 3061d9a, its augmented estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from generator.layer_diffusion.latent_transparency import ChannelOrder, LatentTransparencyDecoder

OnPass = Callable[[int], None]
Turn = tuple[bool, int]  # mirrored first?, then how many quarter turns

TURNS: tuple[Turn, ...] = tuple(
    (mirrored, quarter) for mirrored in (False, True) for quarter in range(4)
)
CHECKER_SIDE = 64
CHECKER = (0.45, 0.55)


def decoded_once(decoder: LatentTransparencyDecoder, picture: Tensor, latent: Tensor) -> Tensor:
    """Decode in one pass to float32 (n, 4, h, w), 0..1, alpha first.

    `picture` (n, 3, h, w) is the VAE's, 0..1; `latent` (n, c, h/8, w/8) is raw.
    """
    height, width = picture.shape[2:]
    picture, latent = _rounded_up(decoder, picture, latent)
    return _run(decoder, picture, latent)[:, :, :height, :width]


def decoded_by_median(
    decoder: LatentTransparencyDecoder,
    picture: Tensor,
    latent: Tensor,
    *,
    batched: bool,
    on_pass: OnPass,
) -> Tensor:
    """Decode eight times and take the 4th smallest of each value; else as `decoded_once`.

    `on_pass` is told before each run how many of the eight are done; what it raises ends the
    decode, which is how a job is cancelled. Batched, all eight (of a square; else four and four,
    for a quarter turn swaps the sides) are one run: faster on an accelerator, at eight times the
    memory. Turning or mirroring picture and latent turns or mirrors the result, where the sides
    need no rounding up.
    """
    height, width = picture.shape[2:]
    picture, latent = _rounded_up(decoder, picture, latent)
    passes: list[Tensor] = []
    for turns in _runs(picture, batched):
        on_pass(len(passes))
        both = _run(
            decoder,
            torch.cat([_turned(picture, turn) for turn in turns]),
            torch.cat([_turned(latent, turn) for turn in turns]),
        ).chunk(len(turns))
        passes += [_turned_back(one, turn) for one, turn in zip(both, turns, strict=True)]
    return _lower_median(passes)[:, :, :height, :width]


def rgba_from_argb(argb: Tensor) -> NDArray[np.uint8]:
    """(4, h, w) alpha first, about 0..1, to straight (h, w, 4) uint8; truncated as released."""
    return _truncated(torch.cat([argb[1:], argb[:1]]))


def over_checker(argb: Tensor) -> NDArray[np.uint8]:
    """(4, h, w) alpha first, 0..1, to (h, w, 3) uint8 over grey squares of 64 pixels."""
    rows, columns = (
        torch.arange(side, device=argb.device) // CHECKER_SIDE for side in argb.shape[1:]
    )
    odd = (rows[:, None] + columns[None, :]) % 2  # (h, w)
    squares = CHECKER[0] + (CHECKER[1] - CHECKER[0]) * odd
    return _truncated(argb[1:] * argb[:1] + squares * (1 - argb[:1]))


def _run(decoder: LatentTransparencyDecoder, picture: Tensor, latent: Tensor) -> Tensor:
    like = decoder.conv_in.weight
    output = decoder(picture.to(like), latent.to(like)).clamp(0, 1)
    if decoder.config.order is ChannelOrder.RGBA:
        output = output.roll(1, dims=1)
    # float64 stays what it is, so that the arithmetic can be checked in it.
    decoded: Tensor = output.to(torch.promote_types(output.dtype, torch.float32))
    return decoded


def _rounded_up(
    decoder: LatentTransparencyDecoder, picture: Tensor, latent: Tensor
) -> tuple[Tensor, Tensor]:
    """Repeat the last row and column until the sides are multiples, the latent in step."""
    scale, multiple = decoder.config.latent_scale, decoder.config.multiple
    height, width = picture.shape[2:]
    assert (height, width) == (latent.shape[2] * scale, latent.shape[3] * scale), "sizes disagree"
    down, right = -height % multiple, -width % multiple
    if down == 0 and right == 0:
        return picture, latent
    pad = nn.functional.pad
    larger = pad(picture, (0, right, 0, down), mode="replicate")
    return larger, pad(latent, (0, right // scale, 0, down // scale), mode="replicate")


def _runs(picture: Tensor, batched: bool) -> Iterator[tuple[Turn, ...]]:
    if not batched:
        yield from ((turn,) for turn in TURNS)
    elif picture.shape[2] == picture.shape[3]:
        yield TURNS
    else:
        for odd in (0, 1):
            yield tuple(turn for turn in TURNS if turn[1] % 2 == odd)


def _turned(planes: Tensor, turn: Turn) -> Tensor:
    mirrored, quarter = turn
    return torch.rot90(planes.flip(3) if mirrored else planes, quarter, (2, 3))


def _turned_back(planes: Tensor, turn: Turn) -> Tensor:
    mirrored, quarter = turn
    straight = torch.rot90(planes, -quarter, (2, 3))
    return straight.flip(3) if mirrored else straight


def _lower_median(passes: list[Tensor]) -> Tensor:
    """The 4th smallest of eight, as `torch.median` has it; never the mean of the middle two."""
    stack = torch.stack(passes)
    if stack.device.type == "mps":
        # WORKAROUND torch on MPS crashes in a median over five axes (ComfyUI-layerdiffuse, thread
        # 1).
        return stack.cpu().median(dim=0).values.to(stack.device)
    return stack.median(dim=0).values


def _truncated(planes: Tensor) -> NDArray[np.uint8]:
    levels = (planes.float() * 255).clamp(0, 255).to(torch.uint8)
    picture: NDArray[np.uint8] = levels.permute(1, 2, 0).cpu().numpy()
    return np.ascontiguousarray(picture)
