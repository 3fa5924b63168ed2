"""Runs a nest three ways (interpreter, LLVM, C) and compares what they leave in the buffers."""

from __future__ import annotations

import ctypes
import shutil
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from polyc.codegen import c, interpret, llvm, native
from polyc.codegen.interpret_ops import numpy_dtype
from polyc.codegen.loops import Buffer, LoopNest, Scalar, Stmt
from polyc.codegen.workspace import workspace_bytes
from polyc.frontend.dtypes import Dtype
from polyc.frontend.integers import Int, IntLike
from polyc.target import Target, target

Array = npt.NDArray[Any]
HOST = target()
NAN = 0xFF  # a byte of which every float made is NaN
needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler on the PATH")


# ---- building
def dense(shape: tuple[IntLike, ...]) -> tuple[tuple[Int, ...], tuple[Int, ...]]:
    """Extents and C-contiguous strides."""
    extents = tuple(Int.of(n) for n in shape)
    strides: list[Int] = []
    step = Int.of(1)
    for n in reversed(extents):
        strides.insert(0, step)
        step = step * n
    return extents, tuple(strides)


def buffer(
    name: str,
    dtype: Dtype,
    *shape: IntLike,
    out: bool = False,
    space: Any = "argument",
    align: int = 1,
) -> Buffer:
    extents, strides = dense(shape)
    return Buffer(name, dtype, extents, strides, space, out or space != "argument", align)


def nest(
    arguments: Sequence[Buffer | Scalar],
    body: Sequence[Stmt],
    ints: tuple[str, ...] = (),
    workspace: tuple[Buffer, ...] = (),
    name: str = "kernel",
) -> LoopNest:
    return LoopNest(name, tuple(arguments), ints, workspace, tuple(body))


# ---- running
_REGION = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int)
_MEMBER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_KERNEL = ctypes.CFUNCTYPE(
    ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32
)


def _region(fn: int, data: int, threads: int, _flags: int) -> None:
    team = [threading.Thread(target=_MEMBER(fn), args=(data,)) for _ in range(threads)]
    for t in team:
        t.start()
    for t in team:
        t.join()


REGION = _REGION(_region)
PARALLEL = ctypes.cast(REGION, ctypes.c_void_p).value or 0


def call(
    address: int,
    n: LoopNest,
    buffers: Mapping[str, Array],
    scalars: Mapping[str, Any],
    ints: Mapping[str, int],
    threads: int = 1,
) -> int:
    """One call through the kernel's ABI, with a workspace full of NaN."""
    data = [
        np.array([scalars[a.name]], numpy_dtype(a.dtype))
        if isinstance(a, Scalar)
        else buffers[a.name]
        for a in n.arguments
    ]
    pointers = (ctypes.c_void_p * len(data))(*(d.ctypes.data for d in data))
    numbers = (ctypes.c_int64 * max(1, len(n.ints)))(*(ints[i] for i in n.ints))
    size = workspace_bytes(n, ints, threads)
    space = np.full(size + 128, NAN, np.uint8)
    start = -(-space.ctypes.data // 64) * 64
    code: int = _KERNEL(address)(
        ctypes.addressof(pointers), ctypes.addressof(numbers), start, threads
    )
    used = start - space.ctypes.data
    assert (space[:used] == NAN).all(), "wrote before the workspace"
    assert (space[used + size :] == NAN).all(), "wrote past the workspace"
    return code


def compiled(n: LoopNest, backend: str, t: Target = HOST) -> native.Loaded:
    if backend == "llvm":
        return native.load_object(native.object_from_ir(llvm.emit(n, t), t), n.symbol, PARALLEL)
    return native.load_shared(native.shared_library_from_c(c.emit(n, t), t), n.symbol)


def run(
    n: LoopNest,
    backend: str,
    buffers: Mapping[str, Array],
    scalars: Mapping[str, Any] | None = None,
    ints: Mapping[str, int] | None = None,
    *,
    threads: int = 1,
    t: Target = HOST,
) -> tuple[int, dict[str, Array]]:
    """The code returned and copies of the buffers as the backend left them."""
    mine = {name: a.copy() for name, a in buffers.items()}
    scalars, ints = scalars or {}, ints or {}
    if backend == "interpreter":
        return interpret.run(n, mine, scalars, ints), mine
    code = compiled(n, backend, t)
    return call(code.address, n, mine, scalars, ints, threads), mine


def same(found: Array, expected: Array, what: str, *, ulps: int = 0) -> None:
    """Equal bits, but that any NaN equals any NaN and zeros of either sign are equal."""
    a, b = found, expected
    if a.dtype.kind not in "fV" and a.dtype.name != "bfloat16":
        np.testing.assert_array_equal(a, b, what)
        return
    x, y = a.astype(np.float64), b.astype(np.float64)
    close = (x == y) | (np.isnan(x) & np.isnan(y))
    if ulps:
        with np.errstate(all="ignore"):
            close |= np.abs(x - y) <= ulps * np.abs(np.spacing(b)).astype(np.float64)
    bad = np.argwhere(~close)
    first = tuple(bad[0]) if len(bad) else ()
    assert not len(bad), f"{what}: {len(bad)} differ, at {first}: {x[first]!r} != {y[first]!r}"


def agree(
    n: LoopNest,
    backend: str,
    buffers: Mapping[str, Array],
    scalars: Mapping[str, Any] | None = None,
    ints: Mapping[str, int] | None = None,
    *,
    threads: int = 1,
    t: Target = HOST,
    ulps: int = 0,
) -> dict[str, Array]:
    """The backend must leave what the interpreter leaves; returns that."""
    code, expected = run(n, "interpreter", buffers, scalars, ints)
    got, found = run(n, backend, buffers, scalars, ints, threads=threads, t=t)
    assert got == code
    for name, b in expected.items():
        same(found[name], b, f"{backend}: {name}", ulps=ulps)
    return expected
