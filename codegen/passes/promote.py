"""Sums kept in registers while a loop runs (scalar replacement of accumulators).

    for k in 0:K { C[m, n:n+16] += splat(A[m, k]) * B[k, n:n+16] }
becomes
    r = C[m, n:n+16];  for k in 0:K { r = r + splat(A[m, k]) * B[k, n:n+16] };  C[m, n:n+16] = r

A vector stored into one element ("add all lanes") gets a vector register of its own for every
place it stands in, so that several chains of additions overlap; the registers are combined and
folded in a fixed order after the loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from polyc.codegen.bounds import Ranges
from polyc.codegen.loops import (
    Bin,
    Declare,
    Fold,
    For,
    Ge,
    Get,
    If,
    Lit,
    Load,
    Set,
    Splat,
    Stmt,
    Store,
    Value,
    dtype_of,
    lanes_of,
)
from polyc.codegen.passes.identity import identity
from polyc.codegen.passes.places import Place, disjoint, stored
from polyc.codegen.walk import all_values, loads_of, statements, values_of
from polyc.frontend.program import Reduction

LIMIT = 64  # registers one loop may take; beyond it they live on the stack anyway


@dataclass(frozen=True, slots=True)
class Register:
    """A local that stands for one stored place."""

    name: str
    store: Store
    op: Reduction
    folded: bool  # one element receives all lanes

    @property
    def lanes(self) -> int:
        return lanes_of(self.store.value)


def promote(body: tuple[Stmt, ...], ranges: Ranges | None = None) -> tuple[Stmt, ...]:
    """Accumulating stores moved out of every loop that does not move them, outermost first."""
    taken = {
        v.name
        for s in statements(body)
        for x in values_of(s)
        for v in all_values(x)
        if isinstance(v, Get)
    }
    names = (f"r{n}" for n in count())
    return _block(body, ranges or Ranges(), (n for n in names if n not in taken))


def _block(body: tuple[Stmt, ...], around: Ranges, names: Iterator[str]) -> tuple[Stmt, ...]:
    out: list[Stmt] = []
    for s in body:
        match s:
            case For(kind="serial"):
                out += _loop(s, around, names)
            case For():
                inner = _block(s.body, around.inside(s.var, s.lower, s.upper), names)
                out.append(replace(s, body=inner))
            case If(cond, then, orelse):
                out.append(If(cond, _block(then, around, names), _block(orelse, around, names)))
            case Store(op=str() as op) if _folds(s):
                out.append(replace(s, value=Fold(op, s.value)))
            case _:
                out.append(s)
    return tuple(out)


def _folds(s: Store) -> bool:
    return s.op is not None and lanes_of(s.value) > 1 and not any(s.step)


def _loop(s: For, ranges: Ranges, names: Iterator[str]) -> list[Stmt]:
    inside = ranges.inside(s.var, s.lower, s.upper)
    stores = _promotable(s, inside)
    if not stores:
        return [replace(s, body=_block(s.body, inside, names))]
    table: dict[int, Register] = {}
    registers: list[Register] = []
    shared: dict[tuple[Place, int], Register] = {}
    for store in stores:
        place = _place(store)
        found = None if _folds(store) else shared.get(place)
        if found is None:
            assert store.op is not None
            found = Register(next(names), store, store.op, _folds(store))
            registers.append(found)
            shared[place] = found
        table[id(store)] = found
    loop = replace(s, body=_block(_rewrite(s.body, table), inside, names))
    out = [*map(_enter, registers), loop, *_leave(registers)]
    turns = s.upper - s.lower - 1
    return out if ranges.never_negative(turns) else [If(Ge(turns), tuple(out))]


def _place(s: Store) -> tuple[Place, int]:
    """What a register stands for; folded vectors of unlike lengths have registers of their own."""
    return stored(s), lanes_of(s.value)


def _promotable(s: For, ranges: Ranges) -> list[Store]:
    """Accumulating stores that the loop does not move, of buffers it does not use otherwise."""
    inner = {x.var for x in statements(s.body) if isinstance(x, For)} | {s.var}
    read = {x.buffer for x in loads_of(s.body)}
    found: dict[str, list[Store]] = {}
    for store in _always(s.body, ranges):
        found.setdefault(store.buffer, []).append(store)
    every: dict[str, int] = {}
    for x in statements(s.body):
        if isinstance(x, Store):
            every[x.buffer] = every.get(x.buffer, 0) + 1
    good = [
        group
        for buffer, group in found.items()
        if buffer not in read
        and len(group) == every[buffer]
        and _fixed(group, inner)
        and _apart(group)
    ]
    out = [store for group in good for store in group]
    return out if len(out) <= LIMIT else []


def _always(body: tuple[Stmt, ...], ranges: Ranges) -> list[Store]:
    """Stores that run in every iteration: under no guard, in loops that surely turn."""
    out: list[Store] = []
    for s in body:
        match s:
            case Store():
                out.append(s)
            case For() if s.kind != "parallel" and ranges.never_negative(s.upper - s.lower - 1):
                out += _always(s.body, ranges.inside(s.var, s.lower, s.upper))
            case _:
                pass
    return out


def _fixed(group: list[Store], inner: set[str]) -> bool:
    """All accumulate with one operator into places that no inner counter moves."""
    first = group[0].op
    for s in group:
        moved = set().union(*(i.names for i in s.index))
        moved |= s.active.names if s.active is not None else set()
        if s.op is None or s.op != first or not moved.isdisjoint(inner):
            return False
    return True


def _apart(group: list[Store]) -> bool:
    """Two places of the group are equal or provably disjoint."""
    places = list({stored(s): s for s in group})
    return all(disjoint(a, b) for k, a in enumerate(places) for b in places[k + 1 :])


def _rewrite(body: tuple[Stmt, ...], table: dict[int, Register]) -> tuple[Stmt, ...]:
    out: list[Stmt] = []
    for s in body:
        match s:
            case Store() if id(s) in table:
                r = table[id(s)]
                old = Get(r.name, dtype_of(s.value), r.lanes)
                out.append(Set(r.name, Bin(r.op, old, s.value)))
            case For():
                out.append(replace(s, body=_rewrite(s.body, table)))
            case If(cond, then, orelse):
                out.append(If(cond, _rewrite(then, table), _rewrite(orelse, table)))
            case _:
                out.append(s)
    return tuple(out)


def _enter(r: Register) -> Stmt:
    s, dtype = r.store, dtype_of(r.store.value)
    if r.folded:
        return Declare(r.name, Lit(identity(r.op, dtype), dtype, r.lanes))
    first: Value = Load(s.buffer, s.index, dtype, r.lanes if any(s.step) else 1, s.step, s.active)
    return Declare(r.name, first if lanes_of(first) == r.lanes else Splat(first, r.lanes))


def _leave(registers: list[Register]) -> list[Stmt]:
    """Registers written back; those of one place are combined in pairs and folded."""
    out: list[Stmt] = []
    folded: dict[tuple[Place, int], list[Register]] = {}
    for r in registers:
        if r.folded:
            folded.setdefault(_place(r.store), []).append(r)
        else:
            out.append(replace(r.store, value=_get(r), op=None))
    for group in folded.values():
        op, store = group[0].op, group[0].store
        values: list[Value] = [_get(r) for r in group]
        while len(values) > 1:
            pairs = [values[k : k + 2] for k in range(0, len(values), 2)]
            values = [Bin(op, p[0], p[1]) if len(p) == 2 else p[0] for p in pairs]
        out.append(replace(store, value=Fold(op, values[0])))
    return out


def _get(r: Register) -> Get:
    return Get(r.name, dtype_of(r.store.value), r.lanes)
