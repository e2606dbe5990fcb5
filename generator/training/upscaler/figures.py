"""How near to a large picture each way of enlarging a small one comes, in dB, and a sheet to see.

`python -m generator.training.upscaler.figures --out DIR --model MODEL [--sheet FILE]`. What is
measured was never trained on: kinds that were kept out, and three pictures drawn for this.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from generator.layer_diffusion.enlargement import enlarged
from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.layer_diffusion.resampling import (
    RGBA8,
    planes_from_rgba,
    resampled,
    rgba_from_planes,
)
from generator.layer_diffusion.upscaler import Upscaler, upscaler_from
from generator.models.catalogue import model_in
from generator.training import codec as codecs
from generator.training.codec import Codec
from generator.training.drawing.easel import Easel, Layer, stacked
from generator.training.sheets import samples, sheet
from generator.training.upscaler.pictures import LARGE, remade, thing

COUNT = 40
SEED = 20_000
PROMPTS = ("red apple", "glass ball", "wine glass", "yellow balloon", "blue chair", "smoke")
ZOOM = 128  # side of the part of a large picture that the sheet shows

Enlarge = Callable[[RGBA8, int], RGBA8]


def ways(network: Upscaler | None) -> dict[str, Enlarge]:
    """Return all ways of enlarging, by name; the network's only where there is one."""
    found: dict[str, Enlarge] = {"Lanczos": plainly, "alpha sharpened": enlarged}
    if network is not None:
        found["network"] = lambda given, scale: enlarged(given, scale, network)
    return found


def plainly(given: RGBA8, scale: int) -> RGBA8:
    """Enlarge by Lanczos on premultiplied colour alone."""
    height, width = given.shape[:2]
    return rgba_from_planes(resampled(planes_from_rgba(given), (width * scale, height * scale)))


def decibels(found: RGBA8, wanted: RGBA8) -> float:
    """Return the peak signal-to-noise ratio of premultiplied colour and alpha."""
    error = (planes_from_rgba(found) - planes_from_rgba(wanted)).square().mean()
    return float(-10 * error.clamp_min(1e-12).log10())


def drawn_for_this() -> dict[str, RGBA8]:
    """Draw the three pictures of the table, LARGE a side."""
    easel = Easel(LARGE, np.random.default_rng(1))
    ball = stacked(
        easel.solid((0.0, 0.15), (0.6, 0.6), (0.85, 0.15, 0.12)),
        easel.flat(easel.stroke([(0.0, -0.42), (0.12, -0.8)], 0.06), (0.25, 0.5, 0.15)),
    )
    lines = [np.zeros((LARGE, LARGE, 4), np.float32)]
    for turn in np.arange(0, np.pi, np.pi / 12):
        x, y = 0.85 * np.cos(turn), 0.85 * np.sin(turn)
        lines.append(easel.flat(easel.stroke([(-x, -y), (x, y)], 0.008), (0.1, 0.12, 0.3)))
    return {
        "ball with stalk": as_rgba(ball),
        "lettering on a plate": _lettering(),
        "thin lines": as_rgba(stacked(*lines)),
    }


def table(network: Upscaler | None) -> list[tuple[str, int, dict[str, float]]]:
    """Return a row for each picture and scale: its name, the scale, dB by the way it was enlarged.

    Held-out kinds are the mean of COUNT pictures.
    """
    rows = []
    rng = np.random.default_rng(SEED)
    kinds = [as_rgba(thing(rng, True, LARGE)) for _ in range(COUNT)]
    shown = {name: [picture] for name, picture in drawn_for_this().items()}
    for scale in (2, 4):
        for name, pictures in {**shown, "kinds never seen": kinds}.items():
            rows.append((name, scale, _measured(pictures, scale, network, smaller)))
    return rows


def as_made(codec: Codec, network: Upscaler | None) -> dict[str, float]:
    """Return dB for held-out kinds that the codec has made small, twice enlarged."""
    rng = np.random.default_rng(SEED)
    kinds = [as_rgba(thing(rng, True, LARGE)) for _ in range(COUNT)]

    def through(picture: RGBA8, scale: int) -> RGBA8:
        planes = planes_from_rgba(smaller(picture, scale))
        levels = (planes * 255).round().to(torch.uint8)[0].permute(1, 2, 0).numpy()
        made = torch.from_numpy(remade(codec, levels)).permute(2, 0, 1)[None].float() / 255
        return rgba_from_planes(made)

    return _measured(kinds, 2, network, through)


def smaller(picture: RGBA8, scale: int) -> RGBA8:
    """Make a picture so many times smaller."""
    side = picture.shape[0] // scale
    return rgba_from_planes(resampled(planes_from_rgba(picture), (side, side)))


def as_rgba(layer: Layer) -> RGBA8:
    """Return a premultiplied layer, 0..1, as straight bytes."""
    planes = torch.from_numpy(np.ascontiguousarray(layer.transpose(2, 0, 1), np.float32))
    return rgba_from_planes(planes[None])


def page(network: Upscaler | None, model: Path) -> Image.Image:
    """Return a sheet: what the model makes and what was drawn, each enlarged in every way."""
    parts = load(model_in(model), torch.device("cpu"), torch.float32)
    small = samples(LayerDiffusionPipeline(parts), PROMPTS, seed=7)
    small += [smaller(picture, 2) for picture in drawn_for_this().values()]
    cells = [
        _zoomed(enlarge(picture, 2)) for picture in small for enlarge in ways(network).values()
    ]
    return sheet(cells, columns=len(ways(network)), cell=2 * ZOOM)


def _zoomed(large: RGBA8) -> RGBA8:
    """Cut the part out whose alpha changes most, so that edges are seen."""
    alpha = large[..., 3].astype(np.float32)
    slope = np.abs(np.diff(alpha, axis=0))[:, :-1] + np.abs(np.diff(alpha, axis=1))[:-1]
    steps = range(0, large.shape[0] - ZOOM + 1, ZOOM // 2)
    places = [(float(slope[y : y + ZOOM, x : x + ZOOM].sum()), y, x) for y in steps for x in steps]
    _, y, x = max(places)
    return np.ascontiguousarray(large[y : y + ZOOM, x : x + ZOOM])


def _lettering() -> RGBA8:
    paper = Image.new("RGBA", (LARGE, LARGE))
    pen = ImageDraw.Draw(paper)
    pen.rounded_rectangle([30, 120, LARGE - 30, LARGE - 120], 30, fill=(40, 60, 110, 255))
    for line, size in enumerate((64, 40, 24)):
        font = ImageFont.load_default(size)
        pen.text((60, 140 + 84 * line), "Acetate 256", font=font, fill=(245, 240, 220, 255))
    picture: NDArray[np.uint8] = np.asarray(paper).copy()
    return picture


def _measured(
    pictures: list[RGBA8],
    scale: int,
    network: Upscaler | None,
    reduce: Callable[[RGBA8, int], RGBA8],
) -> dict[str, float]:
    small = [reduce(picture, scale) for picture in pictures]
    return {
        name: float(
            np.mean([decibels(way(s, scale), p) for s, p in zip(small, pictures, strict=True)])
        )
        for name, way in ways(network).items()
    }


def main() -> int:
    """Print the table, and write the sheet where one is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upscaler", type=Path, help="the part's folder; MODEL/upscaler if none")
    parser.add_argument("--codec", type=Path, help="folder of a trained codec")
    parser.add_argument("--model", type=Path, default=Path("resources/models/pocket"))
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    with torch.inference_mode():
        network = upscaler_from(asked.upscaler or asked.model / "upscaler", torch.device("cpu"))
        rows = table(network)
        if asked.codec is not None:
            rows.append(
                ("kinds, as the codec makes them", 2, as_made(codecs.load(asked.codec), network))
            )
        for name, scale, figures in rows:
            values = " | ".join(f"{value:.1f}" for value in figures.values())
            sys.stdout.write(f"| {name}, {scale} | {values} |\n")
        if asked.sheet is not None:
            page(network, asked.model).save(asked.sheet)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
