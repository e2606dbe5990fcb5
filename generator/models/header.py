"""The header of a safetensors file: names, types and shapes of its tensors, and no tensor's values.

Needs no model library. Pickles are refused unread, because opening one runs whatever its maker put
inside; so is a header that is larger than any model's or does not fit the file.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import msgspec

from generator.request import ErrorKind, GenerationError

SUFFIX = ".safetensors"
PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl"})
MAX_HEADER_BYTES = 16 * 2**20  # a whole SDXL checkpoint has 0.4 MB
METADATA = "__metadata__"
BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "U16": 16, "I16": 16,
    "F16": 16, "BF16": 16, "U32": 32, "I32": 32, "F32": 32, "U64": 64, "I64": 64, "F64": 64,
    "C64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tensor:
    dtype: str
    shape: tuple[int, ...]
    data_offsets: tuple[int, int]


Shapes = dict[str, tuple[int, ...]]


def read_shapes(path: Path) -> Shapes:
    """Read the names and shapes of a file's tensors; raise `GenerationError` with one sentence."""
    refuse_pickle(path)
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
            if len(start) < 8 or start[:2] in (b"PK", b"\x80\x02", b"\x80\x04"):
                raise _damaged(path)
            length = int.from_bytes(start, "little")
            if length > MAX_HEADER_BYTES:
                raise _unusable(f"{path.name} has a header of {length} bytes; no model needs that.")
            payload_bytes = path.stat().st_size - 8 - length
            if payload_bytes < 0:
                raise _damaged(path)
            text = stream.read(length)
    except OSError as error:
        raise _unusable(
            f"{path.name} cannot be read: {error.strerror or type(error).__name__}."
        ) from error
    return _shapes(path, text, payload_bytes)


def read_notes(path: Path) -> dict[str, str]:
    """Read a file's metadata, which anybody may have written; {} where it has none to read.

    Call it for a file that `read_shapes` has accepted.
    """
    with path.open("rb") as stream:
        text = stream.read(int.from_bytes(stream.read(8), "little"))
    try:
        raw = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        return msgspec.json.decode(raw.get(METADATA, msgspec.Raw(b"{}")), type=dict[str, str])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return {}


def refuse_pickle(path: Path) -> None:
    """Raise `GenerationError` when the name is not that of a safetensors file; opens nothing."""
    if path.suffix.lower() in PICKLES:
        raise _unusable(
            f"{path.name} is a pickle, which can run any program when it is opened, so it was not "
            "read; only .safetensors files are."
        )
    if path.suffix.lower() != SUFFIX:
        raise _unusable(f"{path.name} is no .safetensors file, and no others are read.")


def _shapes(path: Path, text: bytes, payload_bytes: int) -> Shapes:
    try:
        raw = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        raw.pop(METADATA, None)
        tensors = {name: msgspec.json.decode(each, type=_Tensor) for name, each in raw.items()}
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    end = 0
    for tensor in sorted(tensors.values(), key=lambda each: each.data_offsets):
        begin, after = tensor.data_offsets
        bits = BITS.get(tensor.dtype)
        if bits is None or min(tensor.shape, default=0) < 0 or begin != end:
            raise _damaged(path)
        if (after - begin) * 8 != math.prod(tensor.shape) * bits:
            raise _damaged(path)
        end = after
    if not tensors or end != payload_bytes:
        raise _damaged(path)
    return {name: tensor.shape for name, tensor in tensors.items()}


def _damaged(path: Path) -> GenerationError:
    return _unusable(f"{path.name} is damaged, not all there, or no safetensors file.")


def _unusable(sentence: str) -> GenerationError:
    return GenerationError(ErrorKind.UNSUPPORTED, sentence)
