"""Bounds of every access, tested inside the kernel: what `Options.check` adds to the loops.

    y[i] = x[i + 1]      if i >= 0 and i + 1 <= 9 and ...:
                    ->       y[i] = x[i + 1]
                         else:
                             note[0] = 1; note[1] = i + 1         (which access, and where)

The pass comes last and sees what runs: tiles, packed copies, vectors, registers. A statement with
an access outside its buffer is not executed; it leaves a note in an array that comes behind the
arguments, and the caller raises once the kernel is back. Subscripts that data decides are tested
by the checks in front of every kernel (`codegen.gathers`) and are not tested again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from polyc.codegen.loops import (
    All,
    Alloc,
    Buffer,
    Check,
    Cond,
    Declare,
    FromInt,
    Ge,
    Get,
    If,
    Let,
    Lit,
    Load,
    LoopNest,
    Set,
    Some,
    Stmt,
    Store,
    Value,
    dtype_of,
    lanes_of,
)
from polyc.codegen.notes import Site, length
from polyc.codegen.rewrite import map_stmts
from polyc.codegen.walk import all_values, statements
from polyc.frontend.dtypes import BOOL, INT64, Dtype
from polyc.frontend.integers import ONE, ZERO, Int, minimum

NOTES = "check.notes"  # no name of a program has a dot


def checked(nest: LoopNest) -> tuple[LoopNest, tuple[Site, ...]]:
    """The nest with its accesses tested, and what the rows of the notes mean, in order.

    The notes, int64 and zero before the call, are one more argument.
    """
    found = [a for a in nest.arguments if isinstance(a, Buffer)]
    found += [*nest.workspace, *(s.buffer for s in statements(nest.body) if isinstance(s, Alloc))]
    work = _Checker({b.name: b for b in found})
    body = map_stmts(nest.body, work.statement)
    rows = Int.of(length(work.sites))
    notes = Buffer(NOTES, INT64, (rows,), (ONE,), "argument", align=8)
    return replace(nest, arguments=(*nest.arguments, notes), body=body), tuple(work.sites)


@dataclass(slots=True)
class _Checker:
    buffers: Mapping[str, Buffer]
    sites: list[Site] = field(default_factory=list)
    length: int = 0
    locals: int = 0

    def statement(self, s: Stmt) -> tuple[Stmt, ...]:
        match s:
            case Store(buffer, index, value, _, step, active):
                store = self._access("write", buffer, index, lanes_of(value), step, active)
                return self._guarded([store, *self._loads(value)], s)
            case Let(name, value) | Declare(name, value):
                tests = self._loads(value)
                if not tests:
                    return (s,)
                first = Declare(name, _zero(dtype_of(value), lanes_of(value)))
                return (first, *self._guarded(tests, Set(name, value)))
            case Set(_, value):
                return self._guarded(self._loads(value), s)
            case Check(value, code):
                self.locals += 1
                name = f"check.{self.locals}"
                held = Set(name, value)
                declared = Declare(name, Lit(True, BOOL))
                return (
                    declared,
                    *self._guarded(self._loads(value), held),
                    Check(Get(name, BOOL), code),
                )
            case _:
                return (s,)

    def _guarded(self, tests: list[tuple[Cond, tuple[Stmt, ...]]], s: Stmt) -> tuple[Stmt, ...]:
        if not tests:
            return (s,)
        notes = tuple(If(good, (), note) for good, note in tests)
        return (If(All(tuple(good for good, _ in tests)), (s,), notes),)

    def _loads(self, value: Value) -> list[tuple[Cond, tuple[Stmt, ...]]]:
        loads = dict.fromkeys(x for x in all_values(value) if isinstance(x, Load))
        return [
            self._access("read", x.buffer, x.index, x.lanes, x.step, x.active, x.window)
            for x in loads
        ]

    def _access(
        self,
        what: str,
        buffer: str,
        index: tuple[Int | Value, ...],
        lanes: int,
        step: tuple[int, ...],
        active: Int | None,
        window: int | None = None,
    ) -> tuple[Cond, tuple[Stmt, ...]]:
        """That the access is inside its buffer, and the note to leave where it is not."""
        shape = self.buffers[buffer].shape
        steps = step or (0,) * len(index)
        live = Int.of(lanes) if active is None else minimum(active, lanes)
        parts: list[Cond] = []
        for d, (i, by, n) in enumerate(zip(index, steps, shape, strict=True)):
            if isinstance(i, Int):
                first, last = i, i + (live - 1) * by
                low, high = (first, last) if by >= 0 else (last, first)
                if window is not None and d == len(index) - 1:  # what a backend may load at once
                    low, high = first - window, first - window + lanes * by - 1
                parts += [Ge(low), Ge(n - 1 - high)]
        inside: Cond = All(tuple(parts))
        if active is not None:
            inside = Some((Ge(-active), inside))
        row = [ONE, live, *(i if isinstance(i, Int) else ZERO for i in index)]
        note = tuple(
            Store(NOTES, (Int.of(self.length + k),), FromInt(x, INT64)) for k, x in enumerate(row)
        )
        site = Site(what, buffer, shape, steps)
        self.sites.append(site)
        self.length += site.length
        return inside, note


def _zero(dtype: Dtype, lanes: int) -> Lit:
    return Lit(False if dtype == BOOL else 0.0 if dtype.is_float else 0, dtype, lanes)
