"""Blocks of two vector variables: loads across the vector become loads along it and shuffles.

    for i in 0:4 vector { for j in 0:4 vector { Y[i, j] = X[j, i] * a[j] } }
becomes, for 4 lanes,
    r0 = X[0, 0:4];  r1 = X[1, 0:4];  r2 = X[2, 0:4];  r3 = X[3, 0:4]
    … shuffles (`codegen.passes.exchange`) …
    Y[0, 0:4] = c0 * a[0:4];  Y[1, 0:4] = c1 * a[0:4];  …

Rows and columns beyond the ranges are masked. All loads of a block may run before its stores: no
dependence has a distance in a marked loop. Where no load gains by it, the outer loop becomes a
plain one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from polyc.codegen.bounds import Ranges
from polyc.codegen.loops import (
    All,
    Buffer,
    Convert,
    For,
    Ge,
    Get,
    If,
    Let,
    Lit,
    Load,
    Shuffle,
    Stmt,
    Store,
    Value,
    dtype_of,
    lanes_of,
)
from polyc.codegen.passes.exchange import exchange
from polyc.codegen.passes.vectorise import Lanes, NotVector, in_lanes, movement, widest
from polyc.codegen.rewrite import map_ints, map_value, map_values
from polyc.codegen.walk import blocked, loads_of, statements
from polyc.frontend.dtypes import BOOL, UINT8, Dtype
from polyc.frontend.integers import Int, distribute, minimum
from polyc.target import Target

NEAR = 4  # lanes at most this many elements apart are loaded as vectors anyway
BLOCKS = 16  # that one pair of loops may be written as
ROOM = 4000  # statements of all blocks in one outermost loop


@dataclass(frozen=True, slots=True)
class Block:
    """Two loops with constant largest trip counts: columns are stored, rows are loaded."""

    outer: For
    inner: For
    lanes: int
    width: int  # iterations of the outer loop that are in registers at once
    loads: tuple[Load, ...]  # that are transposed
    locals: frozenset[str]


@dataclass(frozen=True, slots=True)
class Part:
    """One block of registers: where it starts in both loops, and how much of it counts."""

    column: int
    row: int
    columns: Int
    rows: Int


def transpose(
    body: tuple[Stmt, ...],
    target: Target,
    buffers: Mapping[str, Buffer],
    ranges: Ranges | None = None,
) -> tuple[Stmt, ...]:
    """Every block replaced; other loops marked "vector" are left as they are."""
    around = ranges or Ranges()
    parts = (_replaced((s,), target, buffers, around, [ROOM]) for s in body)
    return tuple(s for part in parts for s in part)


def _replaced(
    body: tuple[Stmt, ...],
    target: Target,
    buffers: Mapping[str, Buffer],
    around: Ranges,
    room: list[int],
) -> tuple[Stmt, ...]:
    """A block of statements; `room` is what is left of those that blocks may be written as."""
    out: list[Stmt] = []
    for s in body:
        match s:
            case For():
                inner = blocked(s)
                try:
                    if inner is not None:
                        found = _written(_block(s, inner, target, buffers), around)
                        count = sum(1 for _ in statements(tuple(found)))
                        if count > room[0]:
                            raise NotVector
                        room[0] -= count
                        out += found
                        continue
                except NotVector:
                    s = replace(s, kind="serial")
                inside = around.inside(s.var, s.lower, s.upper)
                out.append(replace(s, body=_replaced(s.body, target, buffers, inside, room)))
            case If(cond, then, orelse):
                parts = (_replaced(b, target, buffers, around, room) for b in (then, orelse))
                out.append(If(cond, *parts))
            case _:
                out.append(s)
    return tuple(out)


def _block(outer: For, inner: For, target: Target, buffers: Mapping[str, Buffer]) -> Block:
    lanes = target.lanes(widest(inner.body))
    stores = [s for s in statements(inner.body) if isinstance(s, Store)]
    along = all(_stride(s.buffer, s.index, inner.var, buffers) == Int.of(1) for s in stores)
    loads = tuple(
        dict.fromkeys(x for x in loads_of(inner.body) if _crosses(x, outer.var, inner.var, buffers))
    )
    square = outer.var not in inner.lower.names | inner.upper.names
    if lanes < 2 or not (loads and along and square):
        raise NotVector
    width = lanes
    while width > 2 and width * len(loads) > target.vector_registers // 2:
        width //= 2
    names = frozenset(s.name for s in statements(inner.body) if isinstance(s, Let))
    return Block(outer, inner, lanes, width, loads, names)


def _crosses(x: Load, outer: str, inner: str, buffers: Mapping[str, Buffer]) -> bool:
    """The load is contiguous in the outer variable, and far from it in the inner one."""
    step = _stride(x.buffer, x.index, inner, buffers)
    if step is None or _stride(x.buffer, x.index, outer, buffers) != Int.of(1):
        return False
    return not step.is_const or abs(step.value) > NEAR


def _stride(
    name: str, index: tuple[Int | Value, ...], var: str, buffers: Mapping[str, Buffer]
) -> Int | None:
    """Elements from one iteration to the next; None where data decides."""
    if not all(isinstance(i, Int) for i in index):
        return None
    total = Int.of(0)
    for by, size in zip(movement(index, var), buffers[name].strides, strict=True):
        total = total + size * by
    return total


def _written(b: Block, ranges: Ranges) -> list[Stmt]:
    """The blocks of registers one after another; each in a full form, a masked one, or both."""
    counts = [distribute(x.upper - x.lower) for x in (b.outer, b.inner)]
    most = [ranges.upper_bound(n) for n in counts]
    if most[0] is None or most[1] is None or most[0] * most[1] > BLOCKS * b.lanes * b.width:
        raise NotVector
    out: list[Stmt] = []
    for column in range(0, most[0], b.width):
        for row in range(0, most[1], b.lanes):
            full = (min(b.width, most[0] - column), min(b.lanes, most[1] - row))
            left = (counts[0] - column, counts[1] - row)
            out += _forms(b, Part(column, row, *left), full, ranges)
    return out


def _forms(b: Block, part: Part, full: tuple[int, int], ranges: Ranges) -> list[Stmt]:
    gaps = (part.columns - full[0], part.rows - full[1])
    open_ = tuple(Ge(g) for g in gaps if not ranges.never_negative(g))
    plain = replace(part, columns=Int.of(full[0]), rows=Int.of(full[1]))
    if not open_:
        return _registers(b, plain)
    if full != (b.width, b.lanes) or any(ranges.never_negative(-g - 1) for g in gaps):
        return _registers(b, part)
    test = open_[0] if len(open_) == 1 else All(open_)
    return [If(test, tuple(_registers(b, plain)), tuple(_registers(b, part)))]


def _registers(b: Block, part: Part) -> list[Stmt]:
    out: list[Stmt] = []
    columns: dict[Load, list[Value]] = {}
    for number, load in enumerate(b.loads):
        lets, columns[load] = _turned(b, part, load, f"{load.buffer}.{number}")
        out += lets
    for j in range(b.width):
        left = part.columns - j
        if left.is_const and left.value <= 0:
            break
        copy = _column(b, part, j, {load: found[j] for load, found in columns.items()})
        out += copy if left.is_const else (If(Ge(left - 1), copy),)
    return out


def _column(b: Block, part: Part, j: int, turned: Mapping[Load, Value]) -> tuple[Stmt, ...]:
    """The body for one iteration of the outer loop and all lanes of the inner one."""
    active = None if part.rows == Int.of(b.lanes) else part.rows
    at = Lanes(b.inner.var, b.inner.lower + part.row, b.lanes, active, b.locals)
    place = {b.outer.var: b.outer.lower + part.column + j}

    def column(v: Value) -> Value:
        return turned.get(v, v) if isinstance(v, Load) else v

    here = map_values(b.inner.body, lambda v: map_value(v, column))
    return in_lanes(map_ints(here, lambda e: e.subs(place)), at)


def _turned(b: Block, part: Part, load: Load, name: str) -> tuple[list[Stmt], list[Value]]:
    """Locals that hold the columns of one load, and how each is read."""
    plan = exchange(b.lanes, b.width, _stored(load.dtype).bytes)
    lets: list[Stmt] = []

    def let(what: str, value: Value) -> Value:
        lets.append(Let(f"{name}.{what}", value))
        return Get(f"{name}.{what}", dtype_of(value), lanes_of(value))

    held = [let(f"r{k}", _rows(b, part, load, rows)) for k, rows in enumerate(plan.rows)]
    for depth, s in enumerate(plan.stages):
        for k in range(b.width):
            if not k & s.distance:
                x, y = held[k], held[k | s.distance]
                for n, order in ((k, s.low), (k | s.distance, s.high)):
                    held[n] = let(f"{'st'[depth % 2]}{n}", Shuffle(x, y, order))
    place = {c: held[k] for k, c in enumerate(plan.columns)}
    found = [place[c] for c in range(b.width)]
    return lets, [Convert(v, BOOL) if load.dtype == BOOL else v for v in found]


def _stored(dtype: Dtype) -> Dtype:
    """What is shuffled: bools are bytes in memory."""
    return UINT8 if dtype == BOOL else dtype


def _rows(b: Block, part: Part, load: Load, rows: tuple[int, ...]) -> Value:
    """Rows one after another in one vector."""
    parts = [_row(b, part, load, row) for row in rows]
    while len(parts) > 1:
        every = tuple(range(2 * lanes_of(parts[0])))
        parts = [Shuffle(x, y, every) for x, y in zip(parts[::2], parts[1::2], strict=True)]
    return parts[0]


def _row(b: Block, part: Part, load: Load, row: int) -> Value:
    """Elements of all columns in one row; nothing is read beyond the last one."""
    dtype, left = _stored(load.dtype), part.rows - row
    if left.is_const and left.value <= 0:
        return Lit(0, dtype, b.width)
    active: Int | None = part.columns
    if active == Int.of(b.width):
        active = None
    if not left.is_const:
        active = minimum(part.columns, left * b.width)
    table = {
        b.outer.var: b.outer.lower + part.column,
        b.inner.var: b.inner.lower + part.row + row,
    }
    at = tuple(i.subs(table) if isinstance(i, Int) else i for i in load.index)
    step = movement(load.index, b.outer.var)
    read = replace(load, index=at, lanes=b.width, step=step, active=active)
    return Convert(read, UINT8) if load.dtype == BOOL else read
