"""The levels of the transparency decoder, with the published tensor names, made to run fast.

They compute what diffusers' blocks of the same topology compute, within rounding; `banded` says in
which order. For inference only.
"""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from generator.layer_diffusion.banded import (
    Measured,
    activated,
    activated_band,
    in_bands,
    joined,
    measured,
    room,
    without_border,
)

EPS = 1e-5


class NormedResidual(nn.Module):
    """norm, SiLU, conv, twice, added to the input, which a 1x1 convolution fits where needed."""

    def __init__(self, channels_in: int, channels: int, groups: int) -> None:
        """Build it; the input's channels may come in several parts."""
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, channels_in, eps=EPS)
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(groups, channels, eps=EPS)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv_shortcut = (
            nn.Conv2d(channels_in, channels, 1) if channels_in != channels else nn.Identity()
        )

    def forward(self, *parts: Measured) -> Measured:
        """Parts (n, some, h, w) to (n, channels, h, w)."""
        hidden = activated(parts, self.norm1, self.conv1)
        if hidden.sums is None:
            changed = activated((hidden,), self.norm2, self.conv2).values
            return measured(changed.add_(self.conv_shortcut(joined(parts))))
        change = activated_band((hidden,), self.norm2, self.conv2)

        def band(top: int, bottom: int) -> Tensor:
            rows = tuple(Measured(part.values[:, :, top:bottom]) for part in parts)
            return change(top, bottom).add_(self.conv_shortcut(joined(rows)))

        return in_bands(band, hidden.values)


class SelfAttention(nn.Module):
    """Every place of the picture looks at every other; added to the input."""

    def __init__(self, channels: int, head_size: int, groups: int) -> None:
        """Build it for so many channels, a multiple of `head_size`."""
        super().__init__()
        self.heads = channels // head_size
        self.group_norm = nn.GroupNorm(groups, channels, eps=EPS)
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)
        self.to_out = nn.Sequential(nn.Linear(channels, channels))

    def forward(self, hidden: Measured) -> Measured:
        """Attend within (n, c, h, w)."""
        count, channels, height, width = hidden.values.shape
        tokens = self.group_norm(hidden.values).permute(0, 2, 3, 1).flatten(1, 2)  # (n, h * w, c)
        q, k, v = (
            linear(tokens).unflatten(2, (self.heads, -1)).transpose(1, 2)
            for linear in (self.to_q, self.to_k, self.to_v)
        )
        # Never as a matrix of scores, which would be 2 GB for a picture of 1024 x 1024.
        seen = nn.functional.scaled_dot_product_attention(q, k, v)  # (n, heads, h * w, size)
        out = self.to_out(seen.transpose(1, 2).flatten(2)).view(count, height, width, channels)
        return measured(out.permute(0, 3, 1, 2).add_(hidden.values))


class Halving(nn.Module):
    """A convolution to half the sides."""

    def __init__(self, channels: int) -> None:
        """Build it."""
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, hidden: Measured) -> Measured:
        """(n, c, h, w) to (n, c, h/2, w/2)."""
        return measured(self.conv(hidden.values))


class Doubling(nn.Module):
    """Every pixel four times, then a convolution."""

    def __init__(self, channels: int) -> None:
        """Build it."""
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, hidden: Measured) -> Measured:
        """(n, c, h, w) to (n, c, 2h, 2w)."""
        larger, values = nn.functional.interpolate, hidden.values
        if hidden.sums is None:
            return measured(self.conv(larger(values, scale_factor=2.0)))
        height = values.shape[2]

        def band(top: int, bottom: int) -> Tensor:
            first, last = max(top // 2 - 1, 0), min(bottom // 2 + 1, height)
            rows = larger(values[:, :, first:last], scale_factor=2.0)
            seen = rows[:, :, max(top - 1, 0) - 2 * first : bottom + 1 - 2 * first]
            edges = (0, 0, int(top == 0), int(bottom == 2 * height))
            return without_border(nn.functional.pad(seen, edges), self.conv)

        return in_bands(band, room(values, values.shape[1], larger=2))


class DownLevel(nn.Module):
    """A resolution on the way down: residual blocks, attention after each or none, half the sides.

    `head_size` of None is no attention.
    """

    def __init__(
        self, widths: tuple[int, ...], groups: int, head_size: int | None, *, halves: bool
    ) -> None:
        """Build a block from each width to the next."""
        super().__init__()
        blocks = list(pairwise(widths))
        self.resnets = nn.ModuleList(NormedResidual(*width, groups) for width in blocks)
        self.attentions = _attentions(len(blocks), widths[-1], groups, head_size)
        self.downsamplers = nn.ModuleList([Halving(widths[-1])] if halves else [])

    def forward(self, hidden: Measured) -> list[Measured]:
        """Return what each block and the halving made, the way up's skips; the last goes on."""
        kept = []
        for block, attend in zip(self.resnets, self.attentions, strict=True):
            hidden = attend(block(hidden))
            kept.append(hidden)
        return kept + [halve(hidden) for halve in self.downsamplers]


class Middle(nn.Module):
    """The smallest resolution: a block, attention, a block."""

    def __init__(self, channels: int, groups: int, head_size: int) -> None:
        """Build it."""
        super().__init__()
        self.attentions = _attentions(1, channels, groups, head_size)
        self.resnets = nn.ModuleList(NormedResidual(channels, channels, groups) for _ in range(2))

    def forward(self, hidden: Measured) -> Measured:
        """(n, c, h, w) to the same."""
        first, last = self.resnets
        made: Measured = last(self.attentions[0](first(hidden)))
        return made


class UpLevel(nn.Module):
    """A resolution on the way up: blocks that each take a skip, attention or none, double sides."""

    def __init__(
        self,
        blocks: list[tuple[int, int]],
        groups: int,
        head_size: int | None,
        *,
        doubles: bool,
    ) -> None:
        """Build a block for each (channels in with the skip's, channels)."""
        super().__init__()
        channels = blocks[-1][1]
        self.resnets = nn.ModuleList(NormedResidual(*widths, groups) for widths in blocks)
        self.attentions = _attentions(len(blocks), channels, groups, head_size)
        self.upsamplers = nn.ModuleList([Doubling(channels)] if doubles else [])

    def forward(self, hidden: Measured, skips: list[Measured]) -> Measured:
        """Take a skip off the list's end for each block; they are freed once they are used."""
        for block, attend in zip(self.resnets, self.attentions, strict=True):
            hidden = attend(block(hidden, skips.pop()))
        for double in self.upsamplers:
            hidden = double(hidden)
        return hidden


def _attentions(count: int, channels: int, groups: int, head_size: int | None) -> nn.ModuleList:
    return nn.ModuleList(
        nn.Identity() if head_size is None else SelfAttention(channels, head_size, groups)
        for _ in range(count)
    )
