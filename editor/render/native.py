"""The compiled kernels in this process: loads their machine code and runs a tile's steps with it.

It never compiles and never imports numba, which alone takes half a second: `warm_up.py` does both
in a child process and leaves an object file in the user's cache folder, which is loaded here in a
tenth of a second, most of it without the interpreter's lock. Until then `ready()` is False.
"""

import ctypes
import hashlib
import json
import logging
import os
import pkgutil
import sys
import threading
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.document.layer import BlendMode
from editor.document.pixels import TILE, TileKey
from editor.paths import PROGRAM, cache_folder
from editor.render.program import Flat, Op, Step, Values
from editor.render.strip import OPACITY_ONE, PLANES, ROW, TILES

log = logging.getLogger(__name__)

SOURCES = (
    "strip.py",
    "program.py",
    "stages.py",
    "kernels.py",
    "kernels_hsl.py",
    "adjusting.py",
    "adjust_kernels.py",
    "engine.py",
    "paint_kernels.py",
    "filter_kernels.py",
    "warm_up.py",
)
# of paint_kernels.py and filter_kernels.py, and how many words each takes
MORE = {"stamp": 5, "lay": 8, "lay_pixels": 6, "resample": 8, "sum_rows": 6}
RUN_TILES, HALVE, FUSED = "run_tiles", "halve", "fused "


@dataclass(frozen=True, slots=True)
class MachineCode:
    """Loaded kernels. `owner` keeps the memory of the code alive."""

    run_tiles: Callable[..., None]
    halve: Callable[..., None]
    blend: dict[BlendMode, int]  # address of each mode's kernel
    fused: dict[BlendMode, int]  # of those that read pixels themselves
    more: dict[str, Callable[..., None]]  # by the names of MORE
    owner: Any  # llvmlite's execution engine, which has no type hints


class _State:
    """What this process has loaded; kernels are loaded once and never unloaded."""

    code: MachineCode | None = None
    loading = threading.Lock()
    preparing = threading.Lock()  # held while a child compiles
    ordered = False


_scratch = threading.local()


def ready() -> bool:
    """Whether `run` can be called."""
    return _State.code is not None


def prepare(on_ready: Callable[[], None] | None = None) -> threading.Thread:
    """Load the kernels in a background thread, compiling them in a child process if need be.

    `on_ready` is called in that thread once they are loaded. Returns the thread, to be joined by
    who wants to wait. The child has low priority and, if this process ends first, still finishes
    its work for the next one.
    """
    thread = threading.Thread(target=_prepare, args=(on_ready,), name="kernels", daemon=True)
    thread.start()
    return thread


def load_or_order() -> bool:
    """Load the kernels if they were compiled before, else have that begun; return `ready()`.

    For who composites without a window. Only the first call does more than look.
    """
    if not (ready() or _State.ordered or load()):
        _State.ordered = True
        prepare()
    return ready()


def load(path: Path | None = None) -> bool:
    """Load the kernels if their machine code is there, in about 0.1 s; return `ready()`."""
    with _State.loading:
        if _State.code is None:
            contents = read_object(path or object_path())
            if contents is not None:
                _State.code = loaded(*contents)
    return ready()


def run(steps: Sequence[Step], key: TileKey, out: NDArray[np.uint8], *, for_display: bool) -> None:
    """Composite one tile into (128, 128, 4), which may be part of a wider picture.

    Premultiplied BGRA for display, else straight RGBA.
    """
    code = _State.code
    assert code is not None, "the kernels are not loaded"
    assert out.shape == (TILE, TILE, 4), out.shape
    assert out.strides[1:] == (4, 1), out.strides
    words, copies, depth = _words(steps, code)
    corner = array("q", (key[0] * TILE, key[1] * TILE))
    place = array("q", (address_of(out),))
    code.run_tiles(
        1,
        words.buffer_info()[0],
        len(steps),
        _work(depth + 1),
        corner.buffer_info()[0],
        place.buffer_info()[0],
        out.strides[0],
        int(for_display),
    )
    del copies  # they had to live until here


def run_flat(
    flat: Flat, keys: Sequence[TileKey], outs: Sequence[NDArray[np.uint8]], *, for_display: bool
) -> None:
    """Composite tiles as `run` does, each into its own of `outs`, all of which have one stride.

    Without a list of steps for each tile it takes half the time of `run` outside the machine code.
    """
    code = _State.code
    assert code is not None, "the kernels are not loaded"
    words = flat_words(flat, keys, code)
    corners = np.array(keys, np.int64) * TILE
    places = np.fromiter(map(address_of, outs), np.int64, len(outs))
    code.run_tiles(
        len(keys),
        address_of(words),
        words.shape[1],
        _work(2),
        address_of(corners),
        address_of(places),
        outs[0].strides[0],
        int(for_display),
    )


def halve(source: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    """Write the rounded mean of every 2 x 2 pixels of a (2n, 2n, 4) picture into an (n, n, 4) one.

    Both may be parts of wider pictures, with their pixels of a row side by side.
    """
    code = _State.code
    assert code is not None, "the kernels are not loaded"
    code.halve(address_of(source), source.strides[0], address_of(out), out.strides[0], len(out))


def call(name: str, *words: NDArray[Any] | int | None) -> None:
    """Call one of `MORE` with integers and with the addresses of arrays, 0 for None."""
    code = _State.code
    assert code is not None, "the kernels are not loaded"
    given = []
    for word in words:
        if isinstance(word, np.ndarray):
            assert word.flags.c_contiguous
            given.append(address_of(word))
        else:
            given.append(0 if word is None else int(word))
    code.more[name](*given)


def address_of(array: NDArray[Any]) -> int:
    """Return where an array's first value lies in memory.

    Read from the array object itself, whose first field is that pointer by numpy's public C
    interface (PyArrayObject_fields): `array.ctypes.data` gives the same in ten times the time, and
    would be a quarter of all compositing.
    """
    return ctypes.c_size_t.from_address(id(array) + OBJECT_HEAD).value


PUSHED = {Op.BEGIN: 1, Op.BEGIN_COPY: 1, Op.END: -1, Op.END_LERP: -1, Op.END_WITHIN: -2}
OBJECT_HEAD = object.__basicsize__


def _words(steps: Sequence[Step], code: MachineCode) -> tuple["array[int]", list[Values], int]:
    """Return the steps as rows of integers, copies that they name, and how deep the stack gets.

    Arrays are named by the address of the array object, in which the machine code finds that of
    the values: so steps and copies must live for as long as it runs. This is done for every tile,
    and with numpy it took a fifth of the time of a picture of four layers.
    """
    words: list[int] = []
    copies: list[Values] = []
    depth = deepest = 1
    for op, mode, opacity, mask, (a, b, c, d), source_x, source_y in steps:
        words += (
            op,
            code.blend[mode],
            mode is BlendMode.DISSOLVE,
            round(opacity * OPACITY_ONE),
            0 if mask is None else _name(mask, copies),
            0 if mask is not None else code.fused.get(mode, 0),
            source_x,
            source_y,
            0 if a is None else _name(a, copies),
            0 if b is None else _name(b, copies),
            0 if c is None else _name(c, copies),
            0 if d is None else _name(d, copies),
        )
        if op is not Op.SOURCE:
            depth += PUSHED.get(op, 0)
            deepest = max(deepest, depth)
    return array("q", words), copies, deepest


def flat_words(flat: Flat, keys: Sequence[TileKey], code: MachineCode) -> NDArray[np.int64]:
    """Return the rows of all steps of all tiles, (tiles, layers, ROW), as `_words` makes them."""
    words = np.zeros((len(keys), len(flat), ROW), np.int64)
    for index, layer in enumerate(flat):
        words[:, index, :TILES] = (
            Op.SOURCE,
            code.blend[layer.mode],
            layer.mode is BlendMode.DISSOLVE,
            round(layer.opacity * OPACITY_ONE),
            0,
            code.fused.get(layer.mode, 0),
            *layer.start,
        )
        for quarter, tiles in enumerate(layer.quarters(keys)):
            words[:, index, TILES + quarter] = np.fromiter(map(id, tiles), np.int64, len(keys))
    words[..., TILES:][words[..., TILES:] == id(None)] = 0
    return words


def _name(values: Values, copies: list[Values]) -> int:
    """Return the address of an array object whose values lie in one piece."""
    if not values.flags.c_contiguous:
        whole: Values = values.copy("C")
        copies.append(whole)
        return id(copies[-1])
    return id(values)


def _work(pictures: int) -> int:
    """Return the address of this thread's scratch memory, for so many pictures in work."""
    size = pictures * PLANES + 16
    memory: NDArray[np.float32] | None = getattr(_scratch, "memory", None)
    if memory is None or memory.size < size:
        memory = _scratch.memory = np.zeros(size, np.float32)
    return -(-address_of(memory) // 64) * 64  # wide loads are slower across cache lines


def object_path() -> Path:
    """Return where the machine code for these sources, versions and this processor is kept."""
    from importlib.metadata import version  # these take longer than a first paint may wait

    import llvmlite
    from llvmlite import binding

    parts = [pkgutil.get_data("editor.render", name) or b"" for name in SOURCES]
    parts += [llvmlite.__version__.encode(), version("numba").encode()]
    parts += [binding.get_host_cpu_name().encode(), binding.get_default_triple().encode()]
    name = hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]
    return cache_folder() / "kernels" / f"{name}.o"


def read_object(path: Path) -> tuple[dict[str, str], bytes] | None:
    """Return names of symbols and machine code, or None if the file is absent or damaged."""
    try:
        header, _, code = path.read_bytes().partition(b"\n")
        described = json.loads(header)
        if described["sha256"] != hashlib.sha256(code).hexdigest():
            raise ValueError("checksum")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("The compiled kernels in %s cannot be used: %s", path, error)
        return None
    return described["symbols"], code


def write_object(path: Path, symbols: dict[str, str], code: bytes) -> None:
    """Write machine code with the names of its symbols; the file is there whole or not at all."""
    header = json.dumps({"sha256": hashlib.sha256(code).hexdigest(), "symbols": symbols})
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_bytes(header.encode() + b"\n" + code)
    partial.replace(path)


def loaded(symbols: dict[str, str], code: bytes) -> MachineCode:
    """Link machine code into this process."""
    from llvmlite import binding

    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), target_machine())
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    addresses = {name: engine.get_function_address(symbol) for name, symbol in symbols.items()}
    run_tiles = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 8)(addresses.pop(RUN_TILES))
    halve = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 5)(addresses.pop(HALVE))
    more: dict[str, Callable[..., None]] = {
        name: ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * count)(addresses.pop(name))
        for name, count in MORE.items()
    }
    fused = {
        BlendMode(name.removeprefix(FUSED)): addresses.pop(name)
        for name in tuple(addresses)
        if name.startswith(FUSED)
    }
    blend = {BlendMode(name): address for name, address in addresses.items()}
    blend[BlendMode.PASS_THROUGH] = 0  # never blended with, but in steps that do not blend
    return MachineCode(run_tiles, halve, blend, fused, more, engine)


def target_machine() -> Any:  # llvmlite has no type hints
    """Return the code generator for this very processor."""
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=3,
        codemodel="jitdefault",
        jit=True,
    )


def _prepare(on_ready: Callable[[], None] | None) -> None:
    path = object_path()
    with _State.preparing:
        if not load(path) and not (_compile(path) and load(path)):
            log.warning("The kernels were not compiled; pictures are shown, but slowly")
            return
    if on_ready is not None:
        on_ready()


def _compile(path: Path) -> bool:
    """Compile in a child process, and wait for it."""
    import subprocess

    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", "editor.render.warm_up", str(path)]
    child = subprocess.Popen(command, cwd=PROGRAM, stdin=quiet, stdout=quiet, stderr=quiet)
    return child.wait() == 0
