"""Contact sheets: many transparent pictures over a checkerboard, to be looked at by people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.request import GenerationRequest

RGBA8 = NDArray[np.uint8]  # (h, w, 4), straight

CELL, SQUARE = 128, 8
PROMPTS = (
    "red apple",
    "glass ball",
    "blue glass ball",
    "smoke",
    "fire",
    "purple glow",
    "wine glass",
    "purple chair",
    "yellow balloon",
    "cyan car",
    "white feather",
    "dog",
)


def sheet(pictures: Sequence[RGBA8], columns: int, cell: int = CELL) -> Image.Image:
    """Row by row, each picture `cell` pixels wide."""
    rows = -(-len(pictures) // columns)
    paper = _checkerboard(columns * cell, rows * cell)
    for number, picture in enumerate(pictures):
        place = ((number % columns) * cell, (number // columns) * cell)
        small = Image.fromarray(picture).resize((cell, cell), Image.Resampling.LANCZOS)
        paper.paste(small, place, small)
    return paper


def samples(pipeline: LayerDiffusionPipeline, prompts: Sequence[str], seed: int) -> list[RGBA8]:
    """One picture for each prompt, all with the same seed and the model's defaults."""
    size = pipeline.parts.card.native_size
    requests = (GenerationRequest(prompt, size, seed) for prompt in prompts)
    return [
        pipeline.run(request, lambda _progress: None, lambda: False).layers[0].pixels
        for request in requests
    ]


def _checkerboard(width: int, height: int) -> Image.Image:
    across, along = np.meshgrid(np.arange(width) // SQUARE, np.arange(height) // SQUARE)
    grey = np.where((across + along) % 2, 190, 140).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")
