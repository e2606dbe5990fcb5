"""Compiles every kernel into one object file: `python -m editor.render.warm_up [path]`.

A process of its own, since numba holds the interpreter's lock for the seconds it takes. The result
needs neither numba nor Python to run.
"""

import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from editor.render import native

log = logging.getLogger(__name__)

LOW_PRIORITY = 10
DECLARED = re.compile(r"^declare ([^@\n]*@(?!llvm\.)[\w.$]+\(.*\))[^)\n]*$", re.M)
EXTERNAL = re.compile(r"^(@[\w.$]+ = )external (?:local_unnamed_addr )?global (\S+)$", re.M)


def main(arguments: list[str]) -> int:
    """Compile, try the result, and write it where the editor looks for it."""
    logging.basicConfig(format="%(message)s")
    if hasattr(os, "nice"):
        os.nice(LOW_PRIORITY)
    path = Path(arguments[0]) if arguments else native.object_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.with_suffix(".lock")):
            if native.read_object(path) is None:
                native.write_object(path, *compiled())
    except OSError as error:
        log.error("The compiled kernels cannot be kept in %s: %s", path.parent, error)
        return 1
    return 0 if native.load(path) else 1


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait while another process compiles the same; where there are no such locks, both do."""
    with path.open("w") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def compiled() -> tuple[dict[str, str], bytes]:
    """Return the symbol of each kernel by its name, and the machine code of them all."""
    from editor.render.engine import halve, run_tiles
    from editor.render.filter_kernels import sum_rows
    from editor.render.kernels import BLEND, FUSED
    from editor.render.paint_kernels import lay, lay_pixels, resample, stamp

    functions = {native.RUN_TILES: run_tiles, native.HALVE: halve}
    functions |= {"stamp": stamp, "lay": lay, "lay_pixels": lay_pixels, "resample": resample}
    functions["sum_rows"] = sum_rows
    functions |= {mode.value: kernel for mode, kernel in BLEND.items()}
    functions |= {native.FUSED + mode.value: kernel for mode, kernel in FUSED.items()}
    return emitted(functions)


def emitted(functions: dict[str, Any]) -> tuple[dict[str, str], bytes]:  # numba has no type hints
    """Return the symbols and the machine code of numba's `cfunc`s, by name."""
    from llvmlite import binding

    machine = native.target_machine()
    whole = binding.parse_assembly("")
    for function in dict.fromkeys(functions.values()):
        whole.link_in(binding.parse_assembly(_closed(function.inspect_llvm())))
    _discard_unused(whole, {function.native_name for function in functions.values()})
    code = machine.emit_object(whole)
    return {name: function.native_name for name, function in functions.items()}, code


def _closed(module: str) -> str:
    """Return the module with nothing left to be found in Python or numba.

    What numba declares serves to raise exceptions. No kernel raises any (checked: none has an exit
    with a status other than 0), so each such function may be one that is never reached.
    """
    if re.search(r"ret i32 -?[1-9]", module):
        raise ValueError("a kernel can raise an exception")
    module = EXTERNAL.sub(r"\1internal global \2 zeroinitializer", module)
    return DECLARED.sub(r"define internal \1 { unreachable }", module)


def _discard_unused(module: Any, wanted: set[str]) -> None:  # llvmlite has no type hints
    """Make all but the wanted functions private, so that the code is small."""
    for function in module.functions:
        if not function.is_declaration and function.name not in wanted:
            function.linkage = "internal"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
