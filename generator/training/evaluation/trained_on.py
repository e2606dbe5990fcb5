"""How near what a model makes comes to the very pictures that it was trained on.

Reads the folder that the `data` stage of the training leaves; nothing of it is held in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.request import ErrorKind, GenerationError
from generator.training.drawing.easel import Layer
from generator.training.evaluation.classifier import seen_small
from generator.training.pictures import LABELS, PICTURES, SIDE

STEP = 16  # of the pixels by which candidates are found
CANDIDATES = 5  # of these the whole picture is compared
AT_ONCE = 256


def nearest(layers: Sequence[Layer], folder: Path) -> list[float]:
    """For each premultiplied layer the root mean square distance to the nearest training picture.

    Layers have the training's side; distances are of 64 x 64 means, 0..1, alpha among them. Raises
    `GenerationError` where the folder holds no training pictures.
    """
    trained = pictures_in(folder)
    wanted = np.stack([_thin(layer) for layer in layers])
    away = np.concatenate(
        [
            _apart(wanted, _thin_all(trained[first : first + AT_ONCE]))
            for first in range(0, len(trained), AT_ONCE)
        ],
        axis=1,
    )
    found = []
    for layer, row in zip(layers, away, strict=True):
        small = seen_small(layer)
        best = np.argsort(row)[:CANDIDATES]
        errors = [np.square(small - seen_small(_layer(trained[n]))).mean() for n in best]
        found.append(float(np.sqrt(min(errors))))
    return found


def pictures_in(folder: Path) -> NDArray[np.uint8]:
    """The training pictures of a folder, (n, SIDE, SIDE, 4) premultiplied, memory mapped."""
    file, size = folder / PICTURES, SIDE * SIDE * 4
    if not (folder / LABELS).is_file() or not file.is_file() or file.stat().st_size % size:
        raise GenerationError(
            ErrorKind.BAD_REQUEST, f"{folder} holds no training pictures ({PICTURES}, {LABELS})."
        )
    return np.memmap(file, np.uint8, "r", shape=(file.stat().st_size // size, SIDE, SIDE, 4))


def _apart(wanted: Layer, trained: Layer) -> Layer:
    """Squared distances (m, n) of rows; the sum of squares without a large difference in memory."""
    squares = np.square(wanted).sum(1)[:, None] + np.square(trained).sum(1)[None, :]
    apart: Layer = squares - 2 * wanted @ trained.T
    return apart


def _thin(layer: Layer) -> Layer:
    thin: Layer = layer[STEP // 2 :: STEP, STEP // 2 :: STEP].reshape(-1)
    return thin


def _thin_all(pictures: NDArray[np.uint8]) -> Layer:
    thin = pictures[:, STEP // 2 :: STEP, STEP // 2 :: STEP].astype(np.float32) / 255
    return thin.reshape(len(thin), -1)


def _layer(picture: NDArray[np.uint8]) -> Layer:
    return picture.astype(np.float32) / 255
