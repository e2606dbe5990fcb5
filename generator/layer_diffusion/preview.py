"""A small picture of what is coming, from latents alone and cheap enough for every step.

A VAE's latents are, to a first approximation, a linear map of blurred colours. That map is found
when a model is loaded, by least squares on what the model's own VAE makes of coloured squares. The
published families keep alpha where no linear map finds it, so their previews are opaque; the pocket
model's alpha is linear, and its previews have it.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from generator.layer_diffusion.matte import levelled, to_rgba8
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.patch_autoencoder import PatchAutoencoder
from generator.layer_diffusion.resampling import RGBA8
from generator.layer_diffusion.transparency import PocketTransparency

Preview = Callable[[Tensor], RGBA8]  # scaled clean latents (n, c, h', w'), the first of them shown

CARDS = 12  # each a picture of 64 x 64 pixels: what 8 x 8 latent cells show
CELLS = 8
SQUARES = (1, 2, 4)  # coloured squares along a card's side, from plain to patchwork
RIDGE = 1e-3  # of the latents' variance: a direction that no card moves in stays out of the map
POCKET_SIDE = 64
LEAST_ALPHA = 0.2


def preview_of(parts: Parts) -> Preview:
    """Return what shows the latents of this model; to be called while its VAE is on its device."""
    if isinstance(parts.vae, PatchAutoencoder):
        return lambda latent: _pocket(parts, latent)
    weights = linear_map(parts.latents, parts.card.latent_scale)

    def show(latent: Tensor) -> RGBA8:
        return to_rgba8(torch.ones_like(latent[0, :1]).float(), coloured(weights, latent[:1])[0])

    return show


@torch.inference_mode()
def linear_map(encode: Callable[[Tensor], Tensor], scale: int) -> Tensor:
    """Find the map from a latent's channels, and a constant, to colour: (c + 1, 3), float32.

    `encode` turns pictures (n, 3, h, w), 0..1, into latents (n, c, h / scale, w / scale).
    """
    cards = _cards(CELLS * scale)
    latents = encode(cards).float().cpu()
    colours = nn.functional.avg_pool2d(cards, scale)  # (n, 3, cells, cells)
    rows = latents.permute(0, 2, 3, 1).flatten(0, 2).double()  # (n * cells * cells, c)
    mean = rows.mean(0)
    centred = rows - mean
    wanted = colours.permute(0, 2, 3, 1).flatten(0, 2).double()
    gram = centred.T @ centred
    gram += RIDGE * gram.trace() / len(gram) * torch.eye(len(gram), dtype=gram.dtype)
    slopes = torch.linalg.solve(gram, centred.T @ (wanted - wanted.mean(0)))
    constant = wanted.mean(0) - mean @ slopes
    return torch.cat([slopes, constant[None]]).float()


def coloured(weights: Tensor, latent: Tensor) -> Tensor:
    """Colours (n, 3, h', w'), 0..1, of latents (n, c, h', w')."""
    slopes = weights[:-1].to(latent.device)
    constant = weights[-1].to(latent.device)
    mapped = torch.einsum("nchw,ck->nkhw", latent.float(), slopes) + constant[:, None, None]
    return mapped.clamp(0, 1)


def _cards(side: int) -> Tensor:
    """Draw cards of coloured squares, (CARDS, 3, side, side), the same every time."""
    rng = torch.Generator().manual_seed(0)
    cards = []
    for index in range(CARDS):
        squares = SQUARES[index % len(SQUARES)]
        colours = torch.rand(1, 3, squares, squares, generator=rng)
        cards.append(nn.functional.interpolate(colours, size=(side, side), mode="nearest"))
    return torch.cat(cards)


def _pocket(parts: Parts, latent: Tensor) -> RGBA8:
    """The linear part of the pocket model's own decode, made small."""
    autoencoder, transparency = parts.vae, parts.transparency
    assert isinstance(autoencoder, PatchAutoencoder)
    assert isinstance(transparency, PocketTransparency)
    raw = latent[:1] / parts.scaling
    alpha = transparency.decoder.linear_alpha(raw)
    picture = autoencoder.linear(raw) * 0.5 + 0.5
    both = nn.functional.adaptive_avg_pool2d(torch.cat([alpha, picture], dim=1), POCKET_SIDE)[0]
    bare = (both[1:] - 0.5) / both[:1].clamp(LEAST_ALPHA, 1) + 0.5
    return to_rgba8(levelled(both[:1]), bare)
