"""The transparency decoder against the same architecture built plainly from diffusers' blocks.

    python -m benchmarks.transparent_decode [--small] [--times N] [--threads N]

Both have the same random weights in one process, and take turns; the median of the CPU time counts,
because others may use the machine. Peak memory is what one decode takes beyond the weights, each in
a process of its own. All run in the environment of a worker. The results must agree.
"""

import argparse
import json
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median

import torch
from diffusers.models.unets.unet_2d_blocks import UNetMidBlock2D, get_down_block, get_up_block
from torch import Tensor, nn

from generator.launch import worker_environment
from generator.layer_diffusion.latent_transparency import (
    DecoderConfig,
    LatentTransparencyDecoder,
    lay_out,
)
from generator.layer_diffusion.transparent_decode import decoded_by_median, decoded_once

Decode = Callable[[nn.Module, Tensor, Tensor], Tensor]

TOLERANCE = 2e-4
SMALL = DecoderConfig(channels=(8, 8, 16, 16, 32), attention_levels=2, injection_level=2)
CASES = ((512, 1), (512, 8), (1024, 1))
SMALL_CASES = ((64, 1), (64, 8))


class PlainDecoder(nn.Module):
    """The architecture as anyone would build it: whole activations, block after block."""

    def __init__(self, config: DecoderConfig) -> None:
        """Build it from diffusers' blocks, with the published tensor names."""
        super().__init__()
        self.config = config
        channels = config.channels
        levels = range(len(channels))
        shared = {
            "temb_channels": None,
            "resnet_eps": 1e-5,
            "resnet_act_fn": "silu",
            "resnet_groups": config.groups,
            "attention_head_dim": config.head_size,
        }
        self.conv_in = nn.Conv2d(3, channels[0], 3, padding=1)
        self.latent_conv_in = nn.Conv2d(
            config.latent_channels, channels[config.injection_level - 1], 1
        )
        self.down_blocks = nn.ModuleList(
            get_down_block(
                "AttnDownBlock2D" if self._attends(level) else "DownBlock2D",
                num_layers=config.layers,
                in_channels=channels[max(level - 1, 0)],
                out_channels=channels[level],
                add_downsample=level < len(channels) - 1,
                downsample_padding=1,
                **shared,
            )
            for level in levels
        )
        self.mid_block = UNetMidBlock2D(in_channels=channels[-1], **shared)
        self.up_blocks = nn.ModuleList(
            get_up_block(
                "AttnUpBlock2D" if self._attends(level) else "UpBlock2D",
                num_layers=config.layers + 1,
                in_channels=channels[max(level - 1, 0)],
                out_channels=channels[level],
                prev_output_channel=channels[min(level + 1, len(channels) - 1)],
                add_upsample=level > 0,
                **shared,
            )
            for level in reversed(levels)
        )
        self.conv_norm_out = nn.GroupNorm(config.groups, channels[0], eps=1e-5)
        self.conv_out = nn.Conv2d(channels[0], 4, 3, padding=1)

    def forward(self, picture: Tensor, latent: Tensor) -> Tensor:
        """Decode (n, 3, h, w) 0..1 and (n, latent_channels, h/8, w/8) to (n, 4, h, w)."""
        hidden = self.conv_in(picture)
        skips = (hidden,)
        for level, block in enumerate(self.down_blocks):
            if level == self.config.injection_level:
                hidden = hidden + self.latent_conv_in(latent)
            hidden, kept = block(hidden)
            skips += kept
        hidden = self.mid_block(hidden)
        taken = self.config.layers + 1
        for block in self.up_blocks:
            hidden = block(hidden, skips[-taken:])
            skips = skips[:-taken]
        return self.conv_out(nn.functional.silu(self.conv_norm_out(hidden)))

    def _attends(self, level: int) -> bool:
        return level >= len(self.config.channels) - self.config.attention_levels


KINDS = {"ours": LatentTransparencyDecoder, "plain": PlainDecoder}


def filled(kind: str, config: DecoderConfig) -> nn.Module:
    """Build a decoder whose weights depend on their names alone."""
    with torch.device("meta"):
        decoder = KINDS[kind](config)
    state = {}
    for name, tensor in decoder.state_dict().items():
        rng = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        values = torch.randn(tensor.shape, generator=rng)
        if tensor.ndim == 1:
            state[name] = values * 0.02 + float(name.endswith("weight"))
        else:
            state[name] = values / tensor[0].numel() ** 0.5
    decoder.load_state_dict(state, assign=True)
    if isinstance(decoder, LatentTransparencyDecoder):
        lay_out(decoder)  # as reading it from a file does
    return decoder.requires_grad_(False).eval()


def inputs(config: DecoderConfig, side: int) -> tuple[Tensor, Tensor]:
    """Return a picture and a latent of noise."""
    rng = torch.Generator().manual_seed(side)
    small = side // config.latent_scale
    latent = torch.randn(1, config.latent_channels, small, small, generator=rng)
    return torch.rand(1, 3, side, side, generator=rng), latent


def decode_by(passes: int) -> Decode:
    """Return the single decode or the median of eight, of whichever decoder."""
    if passes == 1:
        return decoded_once
    return lambda decoder, picture, latent: decoded_by_median(
        decoder, picture, latent, batched=False, on_pass=lambda _done: None
    )


@torch.inference_mode()
def timed(config: DecoderConfig, side: int, passes: int, times: int) -> dict[str, object]:
    """Let both take turns in this process; return seconds of each and how far they differ."""
    decoders = {kind: filled(kind, config) for kind in KINDS}
    picture, latent = inputs(config, side)
    decode = decode_by(passes)
    for decoder in decoders.values():
        decode_by(1)(decoder, picture, latent)  # the first of a size prepares things
    seconds: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    results = {}
    for _ in range(times):
        for kind, decoder in decoders.items():
            cpu, wall = time.process_time(), time.perf_counter()
            results[kind] = decode(decoder, picture, latent)
            taken = (time.process_time() - cpu, time.perf_counter() - wall)
            seconds[kind].append(taken)
    difference = (results["ours"] - results["plain"]).abs().max().item()
    middle = {
        kind: [median(one[which] for one in all_) for which in (0, 1)]
        for kind, all_ in seconds.items()
    }
    return {"seconds": middle, "difference": difference}


@torch.inference_mode()
def peak(kind: str, config: DecoderConfig, side: int, passes: int) -> float:
    """Return the MiB that one decode takes beyond what is there before it."""
    decoder = filled(kind, config)
    picture, latent = inputs(config, side)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts from here
    before = _status("VmRSS")
    decode_by(passes)(decoder, picture, latent)
    return (_status("VmHWM") - before) / 1024


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _child(threads: int, *arguments: object) -> object:
    command = [sys.executable, "-m", "benchmarks.transparent_decode", "--child"]
    done = subprocess.run(
        [*command, json.dumps(arguments)],
        env=worker_environment(threads),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


def _be_child(what: str, *arguments: object) -> None:
    job = {"timed": timed, "peak": peak}[what]
    print(
        json.dumps(
            job(*(DecoderConfig(**one) if isinstance(one, dict) else one for one in arguments))
        )
    )


def main(arguments: list[str]) -> None:
    """Print the table; fail where the results disagree or ours takes longer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--child", type=json.loads)
    options = parser.parse_args(arguments)
    if options.child is not None:
        _be_child(*options.child)
        return
    config = SMALL if options.small else DecoderConfig()
    print(f"{options.threads} threads, {options.times} times; seconds of CPU time / by the clock")
    agree = True
    for side, passes in SMALL_CASES if options.small else CASES:
        times = max(1, options.times // passes)
        found = _child(options.threads, "timed", asdict(config), side, passes, times)
        seconds = found["seconds"]
        ratio = seconds["ours"][0] / seconds["plain"][0]
        agree &= found["difference"] <= TOLERANCE
        print(
            f"{side} x {side}, {passes} {'pass' if passes == 1 else 'passes'}: "
            f"ours {seconds['ours'][0]:.2f} / {seconds['ours'][1]:.2f} s, "
            f"plain {seconds['plain'][0]:.2f} / {seconds['plain'][1]:.2f} s, "
            f"ratio {ratio:.2f}; they differ by at most {found['difference']:.1e}"
        )
        if sys.platform == "linux":
            taken = {
                kind: _child(options.threads, "peak", kind, asdict(config), side, passes)
                for kind in KINDS
            }
            print(
                f"  peak memory beyond the weights: ours {taken['ours']:.0f} MiB, "
                f"plain {taken['plain']:.0f} MiB, ratio {taken['ours'] / taken['plain']:.2f}"
            )
    if not agree:
        sys.exit(f"The results differ by more than {TOLERANCE:.0e}.")


if __name__ == "__main__":
    main(sys.argv[1:])
