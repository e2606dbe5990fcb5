"""The SHA-256 of a file, with progress, and cancelled when asked."""

import hashlib
from pathlib import Path

from generator.models.download import OnBytes
from generator.models.stream import IsCancelled
from generator.request import ErrorKind, GenerationError

BLOCK_BYTES = 1 << 20


def sha256_of(path: Path, on_bytes: OnBytes, is_cancelled: IsCancelled) -> str:
    """Read the whole file; raise `GenerationError` when cancelled or where it cannot be read."""
    digest, done = hashlib.sha256(), 0
    try:
        total = path.stat().st_size
        with path.open("rb") as stream:
            while block := stream.read(BLOCK_BYTES):
                digest.update(block)
                done += len(block)
                on_bytes(done, total)
                if is_cancelled():
                    raise GenerationError(
                        ErrorKind.CANCELLED, f"Reading {path.name} was cancelled."
                    )
    except OSError as error:
        raise GenerationError(
            ErrorKind.UNSUPPORTED, f"{path.name} cannot be read: {error.strerror or error}."
        ) from error
    return digest.hexdigest()
