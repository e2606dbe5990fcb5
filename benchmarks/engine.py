"""What our pipeline costs beside bare diffusers, and on a graphics card the whole of SDXL's size.

    python -m benchmarks.engine [--small] [--times N] [--steps N] [--threads N]

Our sampling, with progress and a preview each step, and diffusers' own StableDiffusionXLPipeline
take turns with the same network, words, noise and scheduler, and must make the same latent; CPU
time counts. All weights are random: they cost the same. Text encoders are left out of both.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from generator.launch import worker_environment

if __name__ == "__main__" and "ACETATE_BENCHMARK" not in os.environ:
    # Torch reads its variables when it is loaded: begin again in the environment of a worker.
    threads = int(sys.argv[sys.argv.index("--threads") + 1]) if "--threads" in sys.argv else 1
    os.environ.update(worker_environment(threads), ACETATE_BENCHMARK="1")
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks.engine", *sys.argv[1:]])

import torch
from diffusers import (
    AutoencoderKL,
    EulerDiscreteScheduler,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from diffusers.utils import logging as diffusers_logging
from torch import Tensor
from transformers.utils import logging as transformers_logging

from generator.layer_diffusion.latent_transparency import (
    DecoderConfig,
    LatentTransparencyDecoder,
)
from generator.layer_diffusion.parts import ModelCard, Parts
from generator.layer_diffusion.prediction import Told, predictor
from generator.layer_diffusion.preview import preview_of
from generator.layer_diffusion.roads import Sampler
from generator.layer_diffusion.sampling import Sampling, sample
from generator.layer_diffusion.schedules import scheduler_for
from generator.layer_diffusion.text import TextReader, Words
from generator.layer_diffusion.transparency import PublishedTransparency
from generator.layer_diffusion.transparent_decode import decoded_by_median

GUIDANCE = 5.0
MOST_OVERHEAD = 0.05
SDXL = {  # sizes of the published network
    "block_out_channels": (320, 640, 1280),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "norm_num_groups": 32,
}
MEDIUM = {
    "block_out_channels": (64, 128, 256),
    "transformer_layers_per_block": (1, 2, 4),
    "attention_head_dim": (2, 4, 8),
    "cross_attention_dim": 128,
    "norm_num_groups": 16,
}
TINY = {**MEDIUM, "block_out_channels": (32, 32, 64), "transformer_layers_per_block": (1, 1, 1)}


@dataclass(frozen=True)
class Size:
    """Which networks, and the side of the picture."""

    unet: dict[str, Any]
    vae_width: int
    decoder: DecoderConfig
    side: int


SMALL_DECODER = DecoderConfig(channels=(8, 8, 8, 8, 16, 16, 16))
SIZES = {
    "tiny": Size(TINY, 16, SMALL_DECODER, 128),
    "medium": Size(MEDIUM, 16, SMALL_DECODER, 512),
    "sdxl": Size(SDXL, 128, DecoderConfig(), 1024),
}


def parts_of(size: Size, device: torch.device) -> Parts:
    """Build a model of that size, of random weights, in half precision on an accelerator."""
    torch.manual_seed(0)
    dtype = torch.float32 if device.type == "cpu" else torch.float16
    with torch.device(device):
        unet = UNet2DConditionModel(
            sample_size=size.side // 8,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=256,
            projection_class_embeddings_input_dim=6 * 256 + 1280,
            **size.unet,
        ).to(dtype)
        width = size.vae_width
        vae = AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            block_out_channels=(width, 2 * width, 4 * width, 4 * width),
            layers_per_block=2,
            latent_channels=4,
            norm_num_groups=8,
            scaling_factor=0.13025,
        ).to(dtype)
        decoder = LatentTransparencyDecoder(size.decoder).to(dtype)
    for network in (unet, vae, decoder):
        network.requires_grad_(False).eval()
    schedule = EulerDiscreteScheduler(
        beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012, steps_offset=1
    )
    return Parts(
        card=ModelCard("random", "", (size.side, size.side), True, 8, 20, GUIDANCE, "", "sdxl"),
        text=TextReader(()),
        unet=unet,
        vae=vae,
        transparency=PublishedTransparency(decoder),
        sampler_config=dict(schedule.config),
        roads={},
        weights={},
        device=device,
        dtype=dtype,
    )


def words(parts: Parts, seed: int) -> Words:
    """Return what a text of 77 tokens might be read as."""
    rng = torch.Generator().manual_seed(seed)
    tokens = torch.randn(1, 77, parts.unet.config.cross_attention_dim, generator=rng)
    pooled = torch.randn(1, 1280, generator=rng)
    return Words(tokens.to(parts.device, parts.dtype), pooled.to(parts.device, parts.dtype))


def ours(parts: Parts, size: Size, steps: int) -> Callable[[], Tensor]:
    """Return our sampling of one latent, with a preview after every step."""
    told = Told(words(parts, 1), words(parts, 2), GUIDANCE)
    show = preview_of(parts)
    sampling = Sampling((7,), steps, (4, size.side // 8, size.side // 8), parts.device)

    def run() -> Tensor:
        scheduler = scheduler_for(Sampler.DPM_2M_SDE_KARRAS, parts.sampler_config)
        predict = predictor(parts, told, (size.side, size.side), lambda _time: None)
        return sample(
            predict, scheduler, sampling, lambda _step, clean: (show(clean), None)[1], lambda: False
        )

    return run


def bare(parts: Parts, size: Size, steps: int) -> Callable[[], Tensor]:
    """Return diffusers' own pipeline on the same network."""
    scheduler = scheduler_for(Sampler.DPM_2M_SDE_KARRAS, parts.sampler_config)
    pipeline = StableDiffusionXLPipeline(
        vae=parts.vae,
        text_encoder=None,
        text_encoder_2=None,
        tokenizer=None,
        tokenizer_2=None,
        unet=parts.unet,
        scheduler=scheduler,
        add_watermarker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    negative, positive = words(parts, 1), words(parts, 2)

    def run() -> Tensor:
        latent: Tensor = pipeline(
            prompt_embeds=positive.tokens,
            negative_prompt_embeds=negative.tokens,
            pooled_prompt_embeds=positive.pooled,
            negative_pooled_prompt_embeds=negative.pooled,
            num_inference_steps=steps,
            guidance_scale=GUIDANCE,
            width=size.side,
            height=size.side,
            generator=torch.Generator("cpu").manual_seed(7),
            output_type="latent",
        ).images
        return latent

    return run


@torch.inference_mode()
def compare(parts: Parts, size: Size, steps: int, times: int) -> bool:
    """Let both take turns; print what ours costs more; say whether they made the same."""
    ways = {"ours": ours(parts, size, steps), "diffusers": bare(parts, size, steps)}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    made = {name: run() for name, run in ways.items()}
    clock = time.process_time if parts.device.type == "cpu" else time.perf_counter
    for _ in range(times):
        for name, run in ways.items():
            began = clock()
            made[name] = run()
            _wait(parts.device)
            seconds[name].append(clock() - began)
    middle = {name: median(all_) for name, all_ in seconds.items()}
    overhead = middle["ours"] / middle["diffusers"] - 1
    difference = (made["ours"].float() - made["diffusers"].float()).abs().max().item()
    scale = made["diffusers"].float().abs().max().item()
    print(
        f"{steps} steps at {size.side} x {size.side}, median of {times}: "
        f"ours {middle['ours']:.2f} s, diffusers {middle['diffusers']:.2f} s, "
        f"overhead {overhead:+.1%} (target {MOST_OVERHEAD:.0%}); "
        f"the latents differ by {difference / scale:.1e} of their range"
    )
    return difference <= (1e-3 if parts.dtype is torch.float32 else 2e-2) * scale


@torch.inference_mode()
def whole(parts: Parts, size: Size, steps: int) -> None:
    """Print the time of each part of a layer, and of the decode batched and looped."""
    run = ours(parts, size, steps)
    run()
    latent, sampled_s = _timed(parts.device, run)
    picture, vae_s = _timed(parts.device, lambda: parts.picture(latent))
    raw = latent / parts.scaling
    assert isinstance(parts.transparency, PublishedTransparency)
    decoder = parts.transparency.decoder
    decode_s = {}
    for is_batched in (True, False):

        def decode(batched: bool = is_batched) -> Tensor:
            return decoded_by_median(
                decoder, picture, raw, batched=batched, on_pass=lambda _done: None
            )

        decode()
        _, decode_s[is_batched] = _timed(parts.device, decode)
    print(
        f"a layer of {size.side} x {size.side} in {steps} steps: sampling {sampled_s:.2f} s, "
        f"VAE {vae_s:.2f} s, transparency in eight passes {decode_s[True]:.2f} s as one batch and "
        f"{decode_s[False]:.2f} s looped (ratio {decode_s[True] / decode_s[False]:.2f})"
    )
    if parts.device.type == "cuda":
        print(f"  at most {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB of its memory")


def _timed(device: torch.device, run: Callable[[], Tensor]) -> tuple[Tensor, float]:
    _wait(device)
    began = time.perf_counter()
    made = run()
    _wait(device)
    return made, time.perf_counter() - began


def _wait(device: torch.device) -> None:
    if device.type in ("cuda", "xpu", "mps"):
        getattr(torch, device.type).synchronize()


def main(arguments: list[str]) -> None:
    """Print the figures; fail where the two make different latents."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    diffusers_logging.set_verbosity_error()
    transformers_logging.set_verbosity_error()
    steps, times = (3, 1) if options.small else (options.steps, options.times)
    size = SIZES["tiny" if options.small else "medium"]
    parts = parts_of(size, torch.device("cpu"))
    is_same = compare(parts, size, steps, times)
    if options.small:
        whole(parts, size, steps)
    elif torch.cuda.is_available():
        print(torch.cuda.get_device_name())
        size = SIZES["sdxl"]
        parts = parts_of(size, torch.device("cuda"))
        is_same &= compare(parts, size, 20, times)
        whole(parts, size, 20)
    else:
        print("There is no CUDA device: the network of SDXL's size was not timed.")
    if not is_same:
        sys.exit("Ours and diffusers' latents are not the same.")


if __name__ == "__main__":
    main(sys.argv[1:])
