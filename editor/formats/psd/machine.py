"""The compiled PackBits kernels in this process, loaded as `editor.render.native` loads its own.

Numba never comes into the editor's process, where its import and its compiler would make the window
wait: `python -m editor.formats.psd.machine PATH` compiles in a child and leaves an object file in
the user's cache folder. Until that is there, `codec()` is None and the slower codec serves.
"""

import ctypes
import hashlib
import logging
import pkgutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from editor.paths import PROGRAM, cache_folder
from editor.render import native

log = logging.getLogger(__name__)

PACK, UNPACK = "pack", "unpack"
AS_IT_IS, CLEARED, ON_WHITE = 0, 1, 2  # how colour is packed: 0 under alpha 0, or laid on white


@dataclass(frozen=True, slots=True)
class Codec:
    """Loaded kernels; see `packbits.py` for what they take. `owner` keeps their code alive."""

    pack: Callable[..., int]
    unpack: Callable[..., int]
    owner: Any  # llvmlite's execution engine, which has no type hints


class _State:
    """What this process has loaded, and the child that compiles, if one was started."""

    codec: Codec | None = None
    child: "subprocess.Popen[bytes] | None" = None
    lock = threading.Lock()


def codec() -> Codec | None:
    """Return the kernels; the first call that finds none has them compiled for later ones."""
    if _State.codec is None:
        with _State.lock:
            if _State.codec is None:
                _load_or_compile()
    return _State.codec


def wait() -> bool:
    """Wait until the kernels were compiled, and return whether they are there."""
    if codec() is None and _State.child is not None:
        _State.child.wait()
    return codec() is not None


def object_path() -> Path:
    """Return where the machine code for this source, these versions and this processor is kept."""
    from llvmlite import binding

    parts = [pkgutil.get_data(__package__, "packbits.py") or b"", version("numba").encode()]
    parts += [binding.get_host_cpu_name().encode(), binding.get_default_triple().encode()]
    name = hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]
    return cache_folder() / "kernels" / f"packbits-{name}.o"


def _load_or_compile() -> None:
    path = object_path()
    contents = native.read_object(path)
    if contents is not None:
        _State.codec = _loaded(*contents)
    elif _State.child is None:
        command = [sys.executable, "-m", "editor.formats.psd.machine", str(path)]
        quiet = subprocess.DEVNULL
        _State.child = subprocess.Popen(
            command, cwd=PROGRAM, stdin=quiet, stdout=quiet, stderr=quiet
        )


def _loaded(symbols: dict[str, str], code: bytes) -> Codec:
    from llvmlite import binding

    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), native.target_machine())
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    word = ctypes.c_int64
    pack = ctypes.CFUNCTYPE(word, *[word] * 10)(engine.get_function_address(symbols[PACK]))
    unpack = ctypes.CFUNCTYPE(word, *[word] * 7)(engine.get_function_address(symbols[UNPACK]))
    return Codec(pack, unpack, engine)


def _compile(path: Path) -> int:
    """Compile, and write the result where `codec` looks for it; runs in the child."""
    from editor.formats.psd import packbits
    from editor.render.warm_up import emitted

    try:
        native.write_object(path, *emitted({PACK: packbits.pack, UNPACK: packbits.unpack}))
    except OSError as error:
        log.error("The compiled kernels cannot be kept in %s: %s", path.parent, error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_compile(Path(sys.argv[1])))
