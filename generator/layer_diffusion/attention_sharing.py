"""SD 1.5 layers made together: own low-rank attention each, and attention across them.

A unit stands in for one attention of the UNet, as a diffusers attention processor; the UNet's own
weights and processors are never changed, so taking the units off leaves it bit for bit as it was.
Source: sd-forge-layerdiffuse b1e6651; the tensor names are those of the published files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from generator.layer_diffusion.control_encoder import CHANNELS, ControlEncoder
from generator.layer_diffusion.weight_file import WeightFile, load_strictly, unusable

UNITS = 32


class UnitSize(NamedTuple):
    """Widths of one attention: of its tokens, and of the tokens that it reads from."""

    width: int
    context: int


class Widths(NamedTuple):
    """What a file is free to choose: the rank of its maps, the control encoder's channels.

    The defaults are those of the published files; `read_sharing` takes them from the file's shapes.
    """

    rank: int = 256
    control: tuple[int, ...] = CHANNELS


PUBLISHED = Widths()


class LowRank(nn.Module):
    """One layer's change of a linear map: up x down, without bias."""

    def __init__(self, width_in: int, width_out: int, rank: int) -> None:
        """Build both halves."""
        super().__init__()
        self.down = nn.Linear(width_in, rank, bias=False)
        self.up = nn.Linear(rank, width_out, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """(..., width_in) to (..., width_out)."""
        change: Tensor = self.up(self.down(tokens))
        return change


class SharingUnit(nn.Module):
    """What one attention learnt for its frames: low-rank maps, attention over frames, control."""

    def __init__(
        self, size: UnitSize, frames: int, control: bool, widths: Widths = PUBLISHED
    ) -> None:
        """Build the maps of each frame; the temporal part is one for all."""
        super().__init__()
        width, context = size
        self.to_q_lora = _each(frames, width, width, widths.rank)
        self.to_k_lora = _each(frames, context, width, widths.rank)
        self.to_v_lora = _each(frames, context, width, widths.rank)
        self.to_out_lora = _each(frames, width, width, widths.rank)
        self.temporal_n = nn.LayerNorm(width, eps=1e-6)
        self.temporal_i = nn.Linear(width, width)
        self.temporal_q = nn.Linear(width, width)
        self.temporal_k = nn.Linear(width, width)
        self.temporal_v = nn.Linear(width, width)
        self.temporal_o = nn.Linear(width, width)
        if control:
            self.control_convs = nn.ModuleList(
                _control_convolutions(width, widths.control[-1]) for _ in range(frames)
            )

    def across_frames(self, hidden: Tensor, heads: int) -> Tensor:
        """What each token (b, frames, L, width) takes from the same token of the other frames.

        One frame attends to itself alone, so its weight is 1 and queries and keys do not matter;
        the term itself does.
        """
        tokens = self.temporal_i(self.temporal_n(hidden)).transpose(1, 2)  # (b, L, frames, width)
        value = self.temporal_v(tokens)
        if hidden.shape[1] > 1:
            query, key = self.temporal_q(tokens), self.temporal_k(tokens)
            value = _attended(query, key, value, heads)
        taken: Tensor = self.temporal_o(value)
        return taken.transpose(1, 2)


class AttentionSharing(nn.Module):
    """A whole published file: 32 units, and the control encoder where the file has one."""

    def __init__(
        self, sizes: Sequence[UnitSize], frames: int, control: bool, widths: Widths = PUBLISHED
    ) -> None:
        """Build a unit for each size, in the order of the published files."""
        super().__init__()
        self.frames = frames
        units = (SharingUnit(size, frames, control, widths) for size in sizes)
        self.hookers = nn.ModuleDict({"layers": nn.ModuleList(units)})
        if control:
            self.kwargs_encoder = ControlEncoder(widths.control)

    @property
    def has_control(self) -> bool:
        """Whether it must be shown a condition picture."""
        return hasattr(self, "kwargs_encoder")

    @property
    def units(self) -> list[SharingUnit]:
        """Return the units in the order of `sharable_attentions`."""
        layers = self.hookers["layers"]
        assert isinstance(layers, nn.ModuleList)
        return [unit for unit in layers if isinstance(unit, SharingUnit)]


@dataclass(frozen=True, slots=True, eq=False)
class SharingInputs:
    """What the units of one run must know beside the tokens.

    `prompts` holds text tokens (1 | b, L, c) for each frame, or None where the common text stands;
    they replace it in those groups of frames that `conditional` marks True (one entry a group, b in
    all). `signals` are the control encoder's, by token count.
    """

    prompts: tuple[Tensor | None, ...] = ()
    conditional: tuple[bool, ...] = ()
    signals: dict[int, Tensor] = field(default_factory=dict)


class SharedAttention:
    """The processor that runs one unit in place of the attention's own."""

    def __init__(
        self, unit: SharingUnit, frames: int, inputs: SharingInputs, replaced: object
    ) -> None:
        """Keep what the unit needs; `replaced` is the attention's own processor."""
        self._unit = unit
        self._frames = frames
        self._inputs = inputs
        self._replaced = replaced
        self._control: dict[int, Tensor] = {}

    def __call__(
        self,
        # Attention comes from diffusers, which is not typed.
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | tuple[Tensor, list[Tensor]] | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """Normed tokens (b x frames, L, width), frames fastest, to what the transformer block adds.

        With m the tokens: m += control; m += attention of each frame, its own low-rank maps added;
        m += attention across the frames; the result is m without the tokens it began with.
        """
        assert attention_mask is None, "shared attention knows no mask"
        if hidden_states.shape[0] % self._frames:
            raise ValueError(
                f"{hidden_states.shape[0]} rows are no groups of {self._frames} frames"
            )
        before = _grouped(hidden_states, self._frames)  # (b, frames, L, width)
        hidden = self._with_control(before)
        hidden = hidden + self._within_frames(attn, hidden, encoder_hidden_states)
        hidden = hidden + self._unit.across_frames(hidden, attn.heads)
        return (hidden - before).flatten(0, 1)

    def _with_control(self, hidden: Tensor) -> Tensor:
        """Add each frame's control, which stays the same from step to step and is computed once."""
        if not self._inputs.signals:
            return hidden
        tokens = hidden.shape[2]
        if tokens not in self._control:
            signal = self._inputs.signals[tokens].to(hidden)
            frames = [convolutions(signal) for convolutions in self._unit.control_convs]
            self._control[tokens] = torch.stack(frames, dim=1).flatten(3).transpose(2, 3)
        return hidden + self._control[tokens]  # (1, frames, L, width)

    def _within_frames(
        self, attn: Any, hidden: Tensor, text: Tensor | tuple[Tensor, list[Tensor]] | None
    ) -> Tensor:
        text, pictures = text if isinstance(text, tuple) else (text, [])
        context = hidden if text is None else self._texts(text, hidden.shape[0])
        unit = self._unit
        query = _mapped(attn.to_q, unit.to_q_lora, hidden)
        key = _mapped(attn.to_k, unit.to_k_lora, context)
        value = _mapped(attn.to_v, unit.to_v_lora, context)
        attended = _attended(query, key, value, attn.heads)
        if pictures:
            attended = attended + self._from_pictures(query, pictures, attn.heads)
        dropout: nn.Module = attn.to_out[1]
        out: Tensor = dropout(_mapped(attn.to_out[0], unit.to_out_lora, attended))
        return out

    def _texts(self, text: Tensor, groups: int) -> Tensor:
        """Text tokens of each frame, (b, frames, L, c), from the text and the frames' prompts."""
        texts = _by_frame(text, groups, self._frames)
        if not any(prompt is not None for prompt in self._inputs.prompts):
            return texts
        if len(self._inputs.conditional) != groups:
            raise ValueError(f"{groups} groups of frames, {len(self._inputs.conditional)} marks")
        texts = texts.clone()
        marked = torch.tensor(self._inputs.conditional, device=text.device)
        for frame, prompt in enumerate(self._inputs.prompts):
            if prompt is not None:
                own = prompt.to(texts).expand(groups, -1, -1)
                texts[:, frame] = torch.where(marked[:, None, None], own, texts[:, frame])
        return texts

    def _from_pictures(self, query: Tensor, pictures: list[Tensor], heads: int) -> Tensor:
        """What an IP-Adapter adds for its pictures (b | b x frames, images, tokens, c)."""
        # The processor is diffusers' IPAdapterAttnProcessor2_0, which is not typed.
        adapter: Any = self._replaced
        added = torch.zeros_like(query)
        weights = zip(pictures, adapter.scale, adapter.to_k_ip, adapter.to_v_ip, strict=True)
        for picture, scale, to_key, to_value in weights:
            tokens = _by_frame(picture.flatten(1, 2), query.shape[0], self._frames)
            added = added + scale * _attended(query, to_key(tokens), to_value(tokens), heads)
        return added


def sharable_attentions(unet: nn.Module) -> list[nn.Module]:
    """Return the UNet's attentions in the order of the files: down, up, the middle last."""
    # diffusers' blocks are not typed.
    model: Any = unet
    return [
        attention
        for block in (*model.down_blocks, *model.up_blocks, model.mid_block)
        for transformer in getattr(block, "attentions", ())
        for layer in transformer.transformer_blocks
        for attention in (layer.attn1, layer.attn2)
    ]


def unit_sizes(unet: nn.Module) -> list[UnitSize]:
    """Return the widths of each sharable attention, in the same order."""
    # diffusers' attentions are not typed.
    attentions: list[Any] = list(sharable_attentions(unet))
    return [UnitSize(one.to_q.in_features, one.to_k.in_features) for one in attentions]


def read_sharing(
    path: Path, unet: nn.Module, device: torch.device, dtype: torch.dtype
) -> AttentionSharing:
    """Load a published file for that UNet; its names say how many frames it has.

    `GenerationError` says in one sentence what is wrong with the file or the UNet.
    """
    file = WeightFile(path)
    sizes = unit_sizes(unet)
    if len(sizes) != UNITS:
        raise unusable(f"{file.name} is for Stable Diffusion 1.5, and this model is another.")
    first = "hookers.layers.0.to_q_lora."
    frames = len({key.split(".")[4] for key in file.shapes if key.startswith(first)})
    if frames == 0:
        raise unusable(f"{file.name} holds no layers of Stable Diffusion 1.5.")
    control = any(key.startswith("kwargs_encoder.") for key in file.shapes)
    with torch.device("meta"):
        sharing = AttentionSharing(sizes, frames, control, _widths(file.shapes))
    load_strictly(sharing, file, "a set of shared attentions for this model", device, dtype)
    return sharing


@contextmanager
def shared(unet: nn.Module, sharing: AttentionSharing, inputs: SharingInputs) -> Iterator[None]:
    """Let the units stand in for the UNet's attentions for as long as the block runs.

    The batch is then groups of `sharing.frames` rows, the frame fastest. The attentions' own
    processors, the very objects, are back afterwards.
    """
    # set_processor is diffusers', which is not typed.
    attentions: list[Any] = list(sharable_attentions(unet))
    replaced = [attention.processor for attention in attentions]
    try:
        for attention, unit in zip(attentions, sharing.units, strict=True):
            own = SharedAttention(unit, sharing.frames, inputs, attention.processor)
            attention.set_processor(own)
        yield
    finally:
        for attention, processor in zip(attentions, replaced, strict=True):
            attention.set_processor(processor)


def _widths(shapes: dict[str, tuple[int, ...]]) -> Widths:
    """Return the widths of a file; a file without control has the published ones there."""
    rank = shapes["hookers.layers.0.to_q_lora.0.down.weight"][0]
    convolutions = (f"kwargs_encoder.blocks_0.{2 * index}.weight" for index in range(len(CHANNELS)))
    control = tuple(shapes[name][0] for name in convolutions if name in shapes)
    return Widths(rank, control if len(control) == len(CHANNELS) else CHANNELS)


def _each(frames: int, width_in: int, width_out: int, rank: int) -> nn.ModuleList:
    return nn.ModuleList(LowRank(width_in, width_out, rank) for _ in range(frames))


def _control_convolutions(width: int, signals: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(signals, signals, 3, padding=1),
        nn.SiLU(),
        nn.Conv2d(signals, width, 1),
    )


def _by_frame(tokens: Tensor, groups: int, frames: int) -> Tensor:
    """Tokens (b | b x frames, L, c) as (b, frames, L, c); one row a group serves all its frames."""
    if tokens.shape[0] == groups * frames:
        return _grouped(tokens, frames)
    if tokens.shape[0] != groups:
        raise ValueError(f"{tokens.shape[0]} rows of text for {groups} groups of {frames} frames")
    return tokens[:, None].expand(-1, frames, -1, -1)


def _grouped(tokens: Tensor, frames: int) -> Tensor:
    return tokens.reshape(-1, frames, *tokens.shape[1:])


def _mapped(linear: nn.Module, changes: nn.ModuleList, tokens: Tensor) -> Tensor:
    """Map tokens (b, frames, L, c) by the UNet's own map plus each frame's change."""
    own: Tensor = linear(tokens)
    change = [lora(tokens[:, frame]) for frame, lora in enumerate(changes)]
    return own + torch.stack(change, dim=1)


def _attended(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """Softmax attention of (b, x, tokens, width) in heads, scale 1 / sqrt(width / heads)."""

    def split(tokens: Tensor) -> Tensor:
        b, x, length, width = tokens.shape
        return tokens.reshape(b * x, length, heads, width // heads).transpose(1, 2)

    attended = nn.functional.scaled_dot_product_attention(split(query), split(key), split(value))
    return attended.transpose(1, 2).reshape(query.shape)
