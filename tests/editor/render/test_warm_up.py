"""What the compiler's output is made self-contained with."""

import pytest

from editor.render.warm_up import _closed

MODULE = """
@PyExc_SystemError = external global i8
@PyExc_RuntimeError = external local_unnamed_addr global i8

declare void @llvm.memset.p0.i64(ptr writeonly captures(none), i8, i64, i1 immarg) #0

declare void @numba_gil_ensure(ptr) local_unnamed_addr

declare ptr @PyUnicode_FromString(ptr) local_unnamed_addr #3

define i32 @kernel() {
  call void @numba_gil_ensure(ptr null)
  ret i32 0
}
"""


def test_nothing_of_python_is_left_to_be_found() -> None:
    closed = _closed(MODULE)
    assert "external" not in closed
    assert "define internal void @numba_gil_ensure(ptr) { unreachable }" in closed
    assert "define internal ptr @PyUnicode_FromString(ptr) { unreachable }" in closed
    assert "declare void @llvm.memset.p0.i64" in closed
    from llvmlite import binding

    module = binding.parse_assembly(closed)
    left = [each.name for each in module.functions if each.is_declaration]
    assert left == ["llvm.memset.p0.i64"]


def test_a_kernel_that_could_raise_is_refused() -> None:
    with pytest.raises(ValueError, match="exception"):
        _closed(MODULE.replace("ret i32 0", "ret i32 1"))
