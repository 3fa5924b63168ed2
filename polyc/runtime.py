"""`Function`: a loaded object with its signature, called on NumPy arrays that already fit.

Checking arguments is the caller's business (`polyc.kernel`); this file only builds the call.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from polyc import threads
from polyc.arrays import Array, address, dtype, empty
from polyc.errors import ArgumentError, CompileError
from polyc.signature import Signature

LOCK = threads.LOCK
_CALL = ctypes.CFUNCTYPE(  # int32 NAME(void *const *, const int64_t *, void *, int32_t)
    ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32
)
_LOCAL = threading.local()  # the workspace of each Python thread, grown and kept
_KEPT_BYTES = 64 << 20  # a larger workspace is freed after its call


@dataclass(frozen=True, slots=True)
class Function:
    """Machine code in this process. Calls release the GIL."""

    signature: Signature
    backend: str
    loaded: object  # keeps the code alive
    entry: Any  # the ctypes function
    pointers: Any  # (c_void_p * number of arguments)
    integers: Any  # (c_int64 * number of sizes and strides)
    fixed: Sequence[tuple[tuple[int, ...], np.dtype[Any]]] | None = None  # results, where known
    room: tuple[int, int] | None = None  # shared bytes and those of each thread, where known

    @property
    def address(self) -> int:
        """Where the machine code starts."""
        return ctypes.cast(self.entry, ctypes.c_void_p).value or 0

    def results(self, sizes: Sequence[int]) -> Sequence[tuple[tuple[int, ...], np.dtype[Any]]]:
        """Shape and dtype of each output for these symbolic sizes."""
        if self.fixed is not None:
            return self.fixed
        table = dict(zip(self.signature.sizes, sizes, strict=True))
        return [
            (tuple(n.eval(table) for n in a.shape), dtype(a.dtype)) for a in self.signature.outputs
        ]

    def workspace_bytes(self, sizes: Sequence[int], n: int) -> int:
        """Bytes of workspace for these symbolic sizes and this number of threads."""
        s = self.signature
        if self.room is not None:
            return self.room[0] + n * self.room[1]
        table = dict(zip(s.sizes, sizes, strict=True))
        return s.shared_bytes.eval(table) + n * s.thread_bytes.eval(table)

    def __call__(self, found: Sequence[Array], sizes: Sequence[int], chosen: int | None) -> None:
        """Runs on arrays in the order of the signature, for these symbolic sizes.

        Raises ArgumentError where a check inside the kernel fails; nothing is written then.
        """
        s = self.signature
        n = workers(s.parallel, self.backend, chosen)
        strides = [found[i].strides[d] // found[i].itemsize for i, d in s.strided]
        ints = self.integers(*sizes, *strides)
        size = self.workspace_bytes(sizes, n)
        if s.checks:
            code = self._checked(found, ints, size, n)
            if code:
                raise ArgumentError(s.messages[code - 1])
            return
        space = _workspace(size) if size else None  # held until the kernel returns
        pointers = self.pointers(*[address(a) for a in found])
        code = self.entry(pointers, ints, None if space is None else address(space), n)
        if code:
            raise ArgumentError(s.messages[code - 1])

    def _checked(self, found: Sequence[Array], ints: Any, size: int, n: int) -> int:
        from polyc import checking  # for debugging only

        s = self.signature
        names = (*s.sizes, *(f"{s.arguments[i].name}.s{d}" for i, d in s.strided))
        table = dict(zip(names, ints, strict=False))

        def go(pointers: Sequence[int], space: int | None) -> int:
            code: int = self.entry(self.pointers(*pointers), ints, space, n)
            return code

        return checking.run(s, found, table, size, go)


def workers(parallel: bool, backend: str, chosen: int | None) -> int:
    """Threads of a call. The C backend is linked with an OpenMP runtime, which hangs in a forked
    child: it runs alone there."""
    alone = not parallel or (backend == "c" and threads.PROVIDER.forked)
    return 1 if alone else threads.count(chosen)


def load(signature: Signature, data: bytes, backend: str) -> Function:
    """The function of an object (LLVM) or shared library (C), ready to be called."""
    from polyc.codegen import native  # LLVM stays unloaded until there is something to run

    parallel = threads.PROVIDER.load() if signature.parallel else 0
    if backend == "c":
        loaded = native.load_shared(data, signature.symbol, parallel)
    else:
        loaded = native.load_object(data, signature.symbol, parallel)
    if not loaded.address:
        raise CompileError(f"the object of {signature.symbol} does not define it")
    function = Function(
        signature,
        backend,
        loaded,
        _CALL(loaded.address),
        ctypes.c_void_p * (len(signature.arguments) + bool(signature.checks)),
        ctypes.c_int64 * max(1, len(signature.sizes) + len(signature.strided)),
    )
    if signature.sizes:
        return function
    room = signature.shared_bytes.eval({}), signature.thread_bytes.eval({})
    return replace(function, fixed=function.results(()), room=room)


def _workspace(size: int) -> Array:
    """At least `size` bytes at a multiple of 64, this thread's own."""
    kept: Array | None = getattr(_LOCAL, "space", None)
    if kept is not None and kept.nbytes >= size:
        return kept
    space = empty((size,), np.dtype(np.uint8))
    if size <= _KEPT_BYTES:
        _LOCAL.space = space
    return space
