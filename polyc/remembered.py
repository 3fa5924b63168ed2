"""`Remembered`: calls that went through every check, so that the next like them need not.

A call is what the checks saw: types, extents, strides. The second one alike leaves a table for
the native entry (`polyc.entry_layout`), which runs the kernel on operands that match it. What the
table does not cover, and every mistake, goes through Python as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from polyc import entry_layout
from polyc.arrays import Array, dtype
from polyc.entry import ENTRY
from polyc.frontend.integers import Extreme, FloorDiv, Int
from polyc.options import counts_processors
from polyc.runtime import Function, workers
from polyc.signature import Argument, Signature

_ROWS = 8  # tables that are kept, the newest first
_SEEN = 256  # calls that are counted
_CONTIGUOUS, _ALIGNED, _WRITEABLE = 0x1, 0x100, 0x400
_WARN_ON_WRITE = 0x80000000
_LONG = 4096  # points: a kernel with fewer keeps the GIL
_FROM_PYTHON = {"float64": 1, "float32": 2, "int64": 3, "int32": 4}


class Remembered:
    """The calls of one kernel, operator or einsum string under one set of options."""

    __slots__ = ("_kept", "_seen", "backend", "parallel", "rows")

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self.rows: tuple[Any, ...] = ()  # a table and its Function, by turns
        self.parallel = False  # some row needs a number of threads
        self._seen: dict[Any, int] = {}
        self._kept: tuple[Any, ...] = ()  # what each row stands for

    def threads(self, chosen: int | None) -> int | None:
        """What the native entry is to be told; None: it is to count processors itself."""
        if chosen is None and self.backend == "llvm" and counts_processors():
            return None
        return workers(True, self.backend, chosen)

    def learn(
        self,
        inputs: Sequence[object],
        found: Sequence[Array],
        function: Function,
        sizes: Sequence[int],
        *,
        numbers: bool = False,
        any_size: bool = False,
        skip: int = 0,
    ) -> None:
        """Takes note of a call that succeeded.

        inputs    as the caller gave them; found, what the kernel got
        numbers   Python numbers may stand for arguments of rank 0
        any_size  no check but that extents agree decided that the call is right
        skip      operands in front of the inputs
        """
        if function.signature.checks:
            return  # tested around each call, in Python
        if not all(map(_is_plain if numbers else _same, inputs, found)):
            return
        any_size = any_size and not function.signature.strided
        key: Any = "any size" if any_size else tuple(map(_seen_of, found))
        times = self._seen[key] = self._seen.get(key, 0) + 1
        if len(self._seen) > _SEEN:
            self._seen.clear()
        if times < 2 or not ENTRY.load():
            return
        n = workers(function.signature.parallel, self.backend, None)
        space = function.workspace_bytes(sizes, n)
        if key in self._kept:
            if space > entry_layout.STACK_BYTES:
                ENTRY.make_room(space, more=times & (times - 1) == 0)
            return
        if times & (times - 1):
            return  # calls that take turns push each other out: not at each of them
        table = _table(found, function, sizes, numbers, any_size, skip)
        if table is None:
            return
        if space > entry_layout.STACK_BYTES:
            ENTRY.make_room(space, more=False)
        self.parallel = self.parallel or function.signature.parallel
        self.rows = (table, function, *self.rows)[: 2 * _ROWS]
        self._kept = (key, *self._kept)[:_ROWS]


def _same(x: object, a: Array) -> bool:
    return x is a and type(x) is np.ndarray


def _is_plain(x: object, a: Array) -> bool:
    return _same(x, a) or (a.ndim == 0 and isinstance(x, (int, float, np.generic)))


def _seen_of(a: Array) -> Any:
    contiguous = a.flags.num & _CONTIGUOUS
    return a.dtype, a.shape, None if contiguous else a.strides


def _table(
    found: Sequence[Array],
    function: Function,
    sizes: Sequence[int],
    numbers: bool,
    any_size: bool,
    skip: int,
) -> Array | None:
    """The table of `polyc.entry_layout`; None where it cannot hold the call."""
    s = function.signature
    results = function.results(sizes)
    if len(s.arguments) > entry_layout.ARGUMENTS or len(sizes) > entry_layout.SIZES:
        return None
    if any(x.dtype is not dtype(x.dtype.name) for x in found):
        return None  # tables name a type by its one descriptor, which lives for ever
    names = s.sizes if any_size else ()
    records: list[int] = []
    for a, x in zip(s.inputs, found, strict=True):
        extents = _open(a, names) if any_size else x.shape
        strides = () if x.flags.num & _CONTIGUOUS else x.strides
        records += _record(x.dtype, extents, strides, _ALIGNED | (not strides), numbers)
    for a, (shape, kind) in zip(s.outputs, results, strict=True):
        extents = _open(a, names) if any_size else shape
        records += _record(kind, extents, (), _ALIGNED | _WRITEABLE | _CONTIGUOUS, False)
    strided = [found[i].strides[d] // found[i].itemsize for i, d in s.strided]
    shared, each = (function.workspace_bytes(sizes, n) for n in (0, 1))
    steps = postfix(s, names) if any_size else []
    if steps is None:
        return None
    header = [
        function.address,
        len(s.inputs),
        len(results),
        shared,
        each - shared,
        s.parallel or s.points is None or s.points > _LONG,
        len(names),
        entry_layout.HEADER + len(records),
        skip,
        s.parallel,
        entry_layout.HEADER + len(records) + len(sizes) + len(strided) if steps else 0,
    ]
    table = np.array([*header, *records, *sizes, *strided, *steps], np.int64)
    table.flags.writeable = False
    return table


def _record(
    kind: np.dtype[Any],
    extents: Sequence[int],
    strides: Sequence[int],
    flags: int,
    numbers: bool,
) -> list[int]:
    mask = _CONTIGUOUS | _ALIGNED | (flags & _WRITEABLE and _WRITEABLE | _WARN_ON_WRITE)
    number = numbers and not extents
    own = kind.kind in "iuf" and kind.isbuiltin == 1 and kind.type is not np.longdouble
    return [
        id(kind),
        len(extents),
        mask,
        flags,
        bool(strides),
        kind.itemsize,
        _FROM_PYTHON.get(kind.name, 0) if number else 0,
        id(kind.type) if number and own else 0,
        *extents,
        *strides,
    ]


def plain_sizes(arguments: Sequence[Argument], names: Sequence[str]) -> bool:
    """Whether every extent is a number or a size, and some input has each size for an extent."""
    inputs = {n for a in arguments if a.role != "output" for n in a.shape}
    known = {Int.var(name) for name in names}
    return known <= inputs and all(n.is_const or n in known for a in arguments for n in a.shape)


def sizes_of(s: Signature, found: Sequence[Array]) -> list[int] | None:
    """The sizes of a signature whose sizes are plain; None where a rank or an extent is wrong."""
    values: dict[str, int] = {}
    for a, x in zip(s.inputs, found, strict=True):
        if x.ndim != len(a.shape):
            return None
        for n, extent in zip(a.shape, x.shape, strict=True):
            if extent != (n.value if n.is_const else values.setdefault(min(n.names), extent)):
                return None
    return [values[name] for name in s.sizes]


def _open(a: Argument, names: Sequence[str]) -> list[int]:
    """Extents, with -1-k for size k."""
    return [n.value if n.is_const else -1 - names.index(min(n.names)) for n in a.shape]


def postfix(s: Signature, names: Sequence[str]) -> list[int] | None:
    """The program for the bytes of workspace; None where it needs too deep a stack."""
    n = [entry_layout.THREADS, 0]
    each = [*_steps(s.thread_bytes, names), *n, entry_layout.MULTIPLY, 0]
    program = [*_steps(s.shared_bytes, names), *each, entry_layout.ADD, 0]
    depth = deepest = 0
    for op in program[::2]:
        depth += 1 if op in (entry_layout.NUMBER, entry_layout.SIZE, entry_layout.THREADS) else -1
        deepest = max(deepest, depth)
    return [*program, entry_layout.END, 0] if deepest <= entry_layout.DEPTH else None


def _steps(e: Int, names: Sequence[str]) -> list[int]:
    out = [entry_layout.NUMBER, 0]
    for atoms, c in e.terms:
        out += [entry_layout.NUMBER, c]
        for atom in atoms:
            out += [*_atom(atom, names), entry_layout.MULTIPLY, 0]
        out += [entry_layout.ADD, 0]
    return out


def _atom(atom: str | FloorDiv | Extreme, names: Sequence[str]) -> list[int]:
    match atom:
        case str():
            return [entry_layout.SIZE, names.index(atom)]
        case FloorDiv(a, b):
            op = entry_layout.DIVIDE
        case Extreme(kind, a, b):
            op = entry_layout.LEAST if kind == "min" else entry_layout.GREATEST
    return [*_steps(a, names), *_steps(b, names), op, 0]
