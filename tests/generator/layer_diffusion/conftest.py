import csv
import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

DATA = Path(__file__).parents[2] / "data" / "layer_diffusion"
SALT = "layerdiffusion/"

Shapes = dict[str, tuple[int, ...]]


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], dict[str, Tensor]]:
    """Load a set of vectors from its parts."""

    def load(name: str) -> dict[str, Tensor]:
        parts = sorted(DATA.glob(f"{name}-*.safetensors"))
        assert parts, name
        return {key: tensor for part in parts for key, tensor in load_file(part).items()}

    return load


@pytest.fixture(scope="session")
def meta() -> dict[str, Any]:
    """Sizes, cases and schedules that belong to the vectors."""
    loaded: dict[str, Any] = json.loads((DATA / "meta.json").read_text())
    return loaded


@pytest.fixture(scope="session")
def keymap() -> dict[str, Any]:
    """Names of the published files beside diffusers' names."""
    loaded: dict[str, Any] = json.loads((DATA / "keymap.json").read_text())
    return loaded


@pytest.fixture(scope="session")
def table() -> Callable[[str], list[dict[str, str]]]:
    """Load a table of tensor names and shapes, one dict a row."""

    def load(name: str) -> list[dict[str, str]]:
        with (DATA / f"{name}.tsv").open(newline="") as stream:
            return list(csv.DictReader(stream, delimiter="\t"))

    return load


@pytest.fixture(scope="session")
def shapes_of(table: Callable[[str], list[dict[str, str]]]) -> Callable[[str], Shapes]:
    """Load a table of names as the shapes of a state dict."""
    return lambda name: {
        row["key"]: tuple(int(side) for side in row["shape"].split("x")) for row in table(name)
    }


@pytest.fixture(scope="session")
def by_rule() -> Callable[..., dict[str, Tensor]]:
    """Make the tensors of a state dict by the vectors' rule: (prefix, shapes, delta=False)."""

    def make(prefix: str, shapes: Shapes, delta: bool = False) -> dict[str, Tensor]:
        salt = prefix if prefix.startswith(SALT) else SALT + prefix
        return {name: _tensor(salt, name, shape, delta) for name, shape in shapes.items()}

    return make


@pytest.fixture(scope="session")
def fill(by_rule: Callable[..., dict[str, Tensor]]) -> Callable[[nn.Module, str], None]:
    """Fill a module, which may be on the meta device, with weights made by the rule."""

    def load(module: nn.Module, prefix: str) -> None:
        shapes = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
        module.load_state_dict(by_rule(prefix, shapes), strict=True, assign=True)
        module.requires_grad_(False).eval()

    return load


def _tensor(salt: str, name: str, shape: tuple[int, ...], delta: bool) -> Tensor:
    """A tensor seeded by its name alone; a delta is a small difference around zero.

    The legacy RandomState is used because its stream of bits never changes.
    """
    rng = np.random.RandomState(zlib.crc32((salt + name).encode()))
    values = rng.random_sample(int(np.prod(shape)))
    values *= 2.0
    values -= 1.0
    values *= 1.7320508075688772  # uniform, variance 1
    offset, scale = _spread(name, shape)
    values *= 0.3 * scale if delta else scale
    values += 0.0 if delta else offset
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def _spread(name: str, shape: tuple[int, ...]) -> tuple[float, float]:
    if name.rsplit(".", 1)[-1] == "bias":
        return (0.5 if re.search(r"(^|\.)conv_out\.bias$", name) else 0.0), 0.02
    if len(shape) == 1:  # normalisation
        return 1.0, 0.1
    gain = 1.0
    if re.search(r"(^|\.)(to|temporal)_[qk]\.weight$", name):
        gain = 1.5
    elif re.search(r"(^|\.)blocks(_\d)?\.\d+\.weight$", name):
        gain = 1.8
    elif re.search(r"(^|\.)conv_out\.weight$", name):
        gain = 0.5
    return 0.0, gain / float(np.sqrt(float(np.prod(shape[1:]))))
