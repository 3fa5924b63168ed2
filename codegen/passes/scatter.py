"""Vectors stored across memory, side by side: transposed in registers and stored along it.

    Y[0:4, 0] = a;  Y[0:4, 1] = b;  Y[0:4, 2] = c          (one lane to each row)
becomes, for 4 lanes,
    Y[0, 0:3] = a0 b0 c0;  Y[1, 0:3] = a1 b1 c1;  Y[2, 0:3] = …;  Y[3, 0:3] = …

log2(columns) stages of shuffles interleave the vectors; each result then holds whole rows. A lane
by itself would cost a shuffle and a store. This is how a register tile of sums ends whose vector is
not the last dimension of the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from polyc.codegen.loops import (
    Buffer,
    For,
    Ge,
    Get,
    If,
    Let,
    Lit,
    Shuffle,
    Stmt,
    Store,
    Value,
    dtype_of,
    lanes_of,
)
from polyc.codegen.passes.places import disjoint, stored
from polyc.codegen.walk import all_values, loads_of, values_of
from polyc.frontend.dtypes import BOOL
from polyc.frontend.integers import Int

Key = tuple[str, tuple[Int, ...], tuple[int, ...], Int | None, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Stores of neighbouring columns, the first column's first."""

    stores: tuple[Store, ...]
    lanes: int


def scatter(body: tuple[Stmt, ...], buffers: Mapping[str, Buffer]) -> tuple[Stmt, ...]:
    """The block with every such group of stores transposed."""
    out: list[Stmt] = []
    run: list[Stmt] = []
    for s in body:
        if _continues(s, run):
            run.append(s)
            continue
        out += _turned(run, buffers, len(out))
        run = []
        match s:
            case Store() if s.op is None:
                run = [s]
            case For():
                out.append(replace(s, body=scatter(s.body, buffers)))
            case If(cond, then, orelse):
                out.append(If(cond, scatter(then, buffers), scatter(orelse, buffers)))
            case _:
                out.append(s)
    return (*out, *_turned(run, buffers, len(out)))


def _continues(s: Stmt, run: Sequence[Stmt]) -> bool:
    """The stores of the run may move behind the statement: neither of them reads what the other
    writes, and a name in them keeps its meaning (a block may bind a name twice)."""
    if not run or not isinstance(s, Store | Let) or (isinstance(s, Store) and s.op is not None):
        return False
    if isinstance(s, Let) and s.name in _names(run):
        return False
    written = {x.buffer for x in run if isinstance(x, Store)}
    read = {x.buffer for x in loads_of((s,))}
    reread = isinstance(s, Store) and any(x.buffer == s.buffer for x in loads_of(tuple(run)))
    return read.isdisjoint(written) and not reread


def _names(run: Sequence[Stmt]) -> set[str]:
    """Names that values of the run have."""
    values = (x for s in run for v in values_of(s) for x in all_values(v))
    return {x.name for x in values if isinstance(x, Get)}


def _turned(run: list[Stmt], buffers: Mapping[str, Buffer], number: int) -> list[Stmt]:
    """A run of stores and names, groups last."""
    stores = [s for s in run if isinstance(s, Store)]
    groups = list(_groups(stores, buffers))
    moved = {id(s) for g in groups for s in g.stores}
    places = [stored(s) for s in stores] if groups else []
    if not groups or not all(disjoint(a, b) for k, a in enumerate(places) for b in places[k + 1 :]):
        return run
    out = [s for s in run if id(s) not in moved]
    for k, g in enumerate(groups):
        out += _rows(g, f"turned{number}.{k}")
    return out


def _groups(stores: list[Store], buffers: Mapping[str, Buffer]) -> Iterator[Group]:
    """Stores that differ in the last subscript only, by one from each to the next."""
    found: dict[Key, dict[int, Store]] = {}
    for s in stores:
        lanes, strides = lanes_of(s.value), buffers[s.buffer].strides
        crosses = any(s.step) and s.step[-1] == 0 and strides[-1] == Int.of(1)
        if lanes < 2 or not crosses or dtype_of(s.value) == BOOL:
            continue
        at = s.index[-1].constant
        key = (s.buffer, (*s.index[:-1], s.index[-1] - at), s.step, s.active, lanes)
        found.setdefault(key, {})[at] = s
    for key, columns in found.items():
        for part in _consecutive(sorted(columns), key[-1]):
            if len(part) > 1:
                yield Group(tuple(columns[c] for c in part), key[-1])


def _consecutive(numbers: list[int], most: int) -> Iterator[list[int]]:
    part: list[int] = []
    for n in numbers:
        if part and (n != part[-1] + 1 or len(part) == most):
            yield part
            part = []
        part.append(n)
    yield part


def _rows(g: Group, name: str) -> Iterator[Stmt]:
    """Shuffles, then a store for each lane."""
    first, count = g.stores[0], len(g.stores)
    width = 1 << (count - 1).bit_length()
    zero = Lit(0, dtype_of(first.value), g.lanes)
    held: list[Value] = [*(s.value for s in g.stores), *[zero] * (width - count)]
    for depth in range(width.bit_length() - 1):
        for k in range(width):
            if not k & 1 << depth:
                pair = (held[k], held[k | 1 << depth])
                for n, half in ((k, 0), (k | 1 << depth, 1)):
                    let = Let(f"{name}.{depth}.{n}", Shuffle(*pair, _woven(depth, half, g.lanes)))
                    yield let
                    held[n] = Get(let.name, zero.dtype, g.lanes)
    for lane in range(g.lanes):
        yield from _row(g, held, lane, width)


def _woven(depth: int, half: int, lanes: int) -> tuple[int, ...]:
    """Pieces of 2**depth lanes of two vectors by turns, from their lower or upper half."""
    piece = 1 << depth
    start = half * lanes // 2
    return tuple(
        start + at + k + lanes * side
        for at in range(0, lanes // 2, piece)
        for side in (0, 1)
        for k in range(piece)
    )


def _row(g: Group, held: Sequence[Value], lane: int, width: int) -> Iterator[Stmt]:
    """The store of one lane of all columns. A stage takes the topmost bit of the lane's number as
    a bit of the vector's, from the lowest on."""
    first, count = g.stores[0], len(g.stores)
    per = g.lanes // width
    vector, bit = 0, g.lanes // 2
    for depth in range(width.bit_length() - 1):
        vector |= (1 << depth) * bool(lane & bit)
        bit //= 2
    value = held[vector]
    if per > 1:
        start = lane % per * width
        value = Shuffle(value, value, tuple(range(start, start + width)))
    index = tuple(i + lane * by for i, by in zip(first.index, first.step, strict=True))
    step = (*(0 for _ in index[1:]), 1)
    row = Store(
        first.buffer, index, value, step=step, active=None if count == width else Int.of(count)
    )
    if first.active is None:
        yield row
    elif not first.active.is_const:
        yield If(Ge(first.active - lane - 1), (row,))
    elif first.active.value > lane:
        yield row
