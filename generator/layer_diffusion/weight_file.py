"""A safetensors file of published weights, read tensor by tensor.

Pickles are refused unread, because opening one runs whatever its maker put inside; so is a file
whose header is larger than any model's. Nothing here downloads or looks for files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from generator.layer_diffusion.eight_bit import SCALE, from_eight_bits
from generator.request import ErrorKind, GenerationError

PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl"})
MAX_HEADER_BYTES = 16 * 2**20  # the largest published one, a whole SDXL checkpoint, has 0.4 MB
SHOWN = 3  # tensor names told in one message


class WeightFile:
    """An open file: its tensors' names and shapes, its notes, and each tensor when asked for."""

    def __init__(self, path: Path) -> None:
        """Open the file; raise `GenerationError` with one sentence where it cannot serve."""
        _check(path)
        self.name = path.name
        # safetensors is not typed; the handle has keys(), get_slice() and get_tensor().
        try:
            self._file: Any = safe_open(path, framework="pt", device="cpu")
        except (SafetensorError, OSError) as error:
            raise unusable(f"{path.name} is damaged or no safetensors file.") from error
        shapes = _shapes(self._file)
        self._scales = frozenset(name for name in shapes if name.endswith(SCALE))
        self.shapes = {name: shape for name, shape in shapes.items() if name not in self._scales}
        self.metadata = _metadata(self._file)

    def tensor(self, name: str) -> Tensor:
        """Read one tensor, on the CPU and in the file's type; a wrong name is a KeyError.

        What is stored in eight bits comes in float32.
        """
        if name not in self.shapes:
            raise KeyError(name)
        tensor: Tensor = self._file.get_tensor(name)
        if name + SCALE in self._scales:
            return from_eight_bits(tensor, self._file.get_tensor(name + SCALE))
        return tensor


def load_strictly(
    module: nn.Module,
    file: WeightFile,
    what: str,
    device: torch.device,
    dtype: torch.dtype,
    names: Mapping[str, str] | None = None,
) -> None:
    """Fill the module with the file's tensors; names and shapes must agree exactly, both ways.

    The module may have been built on the meta device. `what` says in words what the file should be,
    for the one sentence of the `GenerationError` raised where it is something else. `names` gives
    for each of the module's names the file's, where these are others.
    """
    theirs = {name: name for name in file.shapes} if names is None else names
    there = {name: file.shapes[key] for name, key in theirs.items()}
    wanted = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    differing = [
        ("lacks", sorted(wanted.keys() - there.keys())),
        ("has unknown", sorted(there.keys() - wanted.keys())),
        (
            "has misshapen",
            sorted(n for n in wanted.keys() & there.keys() if wanted[n] != there[n]),
        ),
    ]
    reasons = [f"it {verb} {_listed(those)}" for verb, those in differing if those]
    if reasons:
        raise unusable(f"{file.name} is not {what}: {', '.join(reasons)}.")
    # Copied, so that nothing stays tied to a file that may be replaced while it is in use.
    state = {name: file.tensor(theirs[name]).to(device, dtype, copy=True) for name in wanted}
    module.load_state_dict(state, strict=True, assign=True)
    module.requires_grad_(False).eval()


def unusable(message: str) -> GenerationError:
    """Return the error for a file that cannot serve, with that sentence."""
    return GenerationError(ErrorKind.UNSUPPORTED, message)


def _shapes(file: Any) -> dict[str, tuple[int, ...]]:
    names: list[str] = list(file.keys())
    return {name: tuple(file.get_slice(name).get_shape()) for name in names}


def _metadata(file: Any) -> dict[str, str]:
    notes: dict[str, str] | None = file.metadata()
    return notes or {}


def _listed(names: list[str]) -> str:
    noun = "tensor" if len(names) == 1 else "tensors"
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{noun} {', '.join(names[:SHOWN])}{more}"


def _check(path: Path) -> None:
    if path.suffix.lower() in PICKLES:
        raise unusable(
            f"{path.name} is a pickle, which can run any program when it is opened; "
            "only .safetensors files are read."
        )
    if not path.is_file():
        raise GenerationError(
            ErrorKind.WEIGHTS_MISSING, f"The weight file {path.name} is not there."
        )
    with path.open("rb") as stream:
        start = stream.read(8)
    header_bytes = int.from_bytes(start, "little")
    if len(start) < 8 or not 2 <= header_bytes <= path.stat().st_size - 8:
        raise unusable(f"{path.name} is damaged or no safetensors file.")
    if header_bytes > MAX_HEADER_BYTES:
        raise unusable(f"{path.name} has a header of {header_bytes} bytes; no model needs that.")
