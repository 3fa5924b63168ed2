"""Loads and stores in LLVM IR: contiguous, reversed, strided, masked, through data.

| lanes lie                | access                                            |
|--------------------------|---------------------------------------------------|
| at one element           | scalar load, splat                                |
| next to each other       | vector load or store, masked where some are off   |
| next to each other, down | the same, reversed                                |
| every 2nd, 3rd or 4th    | as many vector loads, masked too, one shuffle less |
| elsewhere                | one by one; gather or scatter where some are off  |
| in a line of their own   | past the caches, where the loops say so           |
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from polyc.codegen import llvm_ops as ops
from polyc.codegen.llvm_function import Function
from polyc.codegen.llvm_types import Val, constant, lane_numbers, memory_type, suffix
from polyc.codegen.loops import Buffer
from polyc.frontend.dtypes import BOOL, INT64, UINT8
from polyc.frontend.integers import Int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the lanes of an access lie, in elements of the buffer."""

    buffer: Buffer
    base: str  # the address of element 0
    offset: Int  # of lane 0
    stride: Int  # from lane to lane
    data: Val | None  # int64 added to the offset of every lane, or of each
    lanes: int
    active: Int | None
    window: int | None = None  # as in `Load`

    @property
    def gathers(self) -> bool:
        return self.data is not None and self.data.lanes > 1


def _alignment(p: Place) -> int:
    """Bytes the address of lane 0 is surely a multiple of."""
    size = p.buffer.dtype.bytes
    if p.data is not None:
        return size
    divisor = math.gcd(*(c for _, c in p.offset.terms)) if p.offset else 0
    whole = max(p.buffer.align, size)
    return math.gcd(whole, divisor * size) if divisor else whole


def _first(f: Function, p: Place) -> str:
    address = f.address(p.buffer, p.base, p.offset)
    if p.data is None:
        return address
    return f.op(f"getelementptr {memory_type(p.buffer.dtype)}, ptr {address}, {p.data.typed}")


def _lane_addresses(f: Function, p: Place) -> str:
    """A vector of pointers."""
    start = f.address(p.buffer, p.base, p.offset)
    if p.data is not None and p.data.lanes > 1:
        steps = p.data
        if p.stride:
            steps = ops.binary(f, "+", steps, _lane_offsets(f, p))
    else:
        start, steps = _first(f, p), _lane_offsets(f, p)
    kind = memory_type(p.buffer.dtype)
    return f.op(f"getelementptr {kind}, ptr {start}, {steps.typed}")


def _lane_offsets(f: Function, p: Place) -> Val:
    if p.stride.is_const:
        return Val(lane_numbers(64, p.lanes, p.stride.value), INT64, p.lanes)
    by = ops.splat(f, Val(f.integer(p.stride), INT64, 1), p.lanes)
    return ops.binary(f, "*", by, Val(lane_numbers(64, p.lanes), INT64, p.lanes))


def _mask(f: Function, p: Place) -> Val:
    """Lanes l < active."""
    if p.active is None:
        return Val("splat (i1 true)", BOOL, p.lanes)
    if p.active.is_const:
        flags = ", ".join(f"i1 {str(n < p.active.value).lower()}" for n in range(p.lanes))
        return Val(f"<{flags}>", BOOL, p.lanes)
    level = f.level_of(p.active)
    width = 64 if p.buffer.dtype.bytes == 8 else 32
    key = ("mask", p.active, p.lanes, width)
    if key not in level.known:
        level.known[key] = f.in_head(level, lambda: _active_mask(f, p, width))
    return Val(level.known[key], BOOL, p.lanes)


def _active_mask(f: Function, p: Place, width: int) -> str:
    assert p.active is not None
    f.module.declare("declare i64 @llvm.smin.i64(i64, i64)")
    f.module.declare("declare i64 @llvm.smax.i64(i64, i64)")
    count = f.op(f"call i64 @llvm.smin.i64(i64 {f.integer(p.active)}, i64 {p.lanes})")
    if width < 64:
        # Clipped at both ends first, so that nothing is lost in 32 bits.
        count = f.op(f"call i64 @llvm.smax.i64(i64 {count}, i64 0)")
        count = f.op(f"trunc i64 {count} to i32")
    kind = f"<{p.lanes} x i{width}>"
    first = f.op(f"insertelement {kind} poison, i{width} {count}, i64 0")
    zeros = f"<{p.lanes} x i32> zeroinitializer"
    all_ = f.op(f"shufflevector {kind} {first}, {kind} poison, {zeros}")
    return f.op(f"icmp sgt {kind} {all_}, {lane_numbers(width, p.lanes)}")


def _reversed(f: Function, x: Val) -> Val:
    return ops.shuffle(f, x, list(range(x.lanes - 1, -1, -1)))


def _loaded(f: Function, name: str, p: Place, lanes: int) -> Val:
    """bool is i8 in memory and i1 in registers."""
    d = p.buffer.dtype
    if d != BOOL:
        return Val(name, d, lanes)
    return ops.compare(f, "!=", Val(name, UINT8, lanes), constant(0, UINT8, lanes))


def _stored(f: Function, x: Val) -> Val:
    return ops.cast(f, "zext", x, UINT8) if x.dtype == BOOL else x


def load(f: Function, p: Place) -> Val:
    d, lanes = p.buffer.dtype, p.lanes
    if lanes == 1 or not (p.stride or p.gathers or p.active is not None):
        name = f.op(f"load {memory_type(d)}, ptr {_first(f, p)}, align {d.bytes}")
        return ops.splat(f, _loaded(f, name, p, 1), lanes)
    if p.stride == Int.of(-1) and not p.gathers:
        return _reversed(f, _load_next(f, _down(p), _reversed_mask(f, p)))
    if p.stride == Int.of(1) and not p.gathers:
        return _load_next(f, p, _mask(f, p))
    if not p.gathers and p.stride.is_const and 2 <= p.stride.value <= 4:
        return _load_every(f, p, p.stride.value)
    if p.active is None and not p.gathers:
        at = [_lane_address(f, p, number) for number in range(lanes)]
        names = [f.op(f"load {memory_type(d)}, ptr {a}, align {d.bytes}") for a in at]
        return ops.gather_lanes(f, [_loaded(f, name, p, 1) for name in names])
    return _load_scattered(f, p)


def store(f: Function, p: Place, value: Val, *, stream: bool = False) -> None:
    d, lanes, x = p.buffer.dtype, p.lanes, _stored(f, value)
    if stream:
        _store_past_caches(f, p, x)
        return
    if p.active == Int.of(1) and lanes > 1:
        # LLVM 22 makes one scalar store of a mask that is constant with one lane on; after a
        # truncation it stores the wide element and overwrites the next one.
        lanes, x = 1, ops.lane(f, x, 0)
    if lanes == 1:
        f.line(f"store {x.typed}, ptr {_first(f, p)}, align {d.bytes}")
    elif p.stride == Int.of(-1):
        _store_next(f, _down(p), _reversed(f, x), _reversed_mask(f, p))
    elif p.stride == Int.of(1):
        _store_next(f, p, x, _mask(f, p))
    elif p.active is None:
        for number in range(lanes):
            part = ops.lane(f, x, number)
            f.line(f"store {part.typed}, ptr {_lane_address(f, p, number)}, align {d.bytes}")
    else:
        _store_scattered(f, p, x)


def _down(p: Place) -> Place:
    """The same elements from the lowest address up."""
    return replace(p, offset=p.offset - (p.lanes - 1), stride=Int.of(1))


def _reversed_mask(f: Function, p: Place) -> Val:
    return _mask(f, p) if p.active is None else _reversed(f, _mask(f, p))


def _lane_address(f: Function, p: Place, number: int) -> str:
    return _first(f, replace(p, offset=p.offset + p.stride * number))


def _load_next(f: Function, p: Place, mask: Val) -> Val:
    d, kind = p.buffer.dtype, memory_type(p.buffer.dtype, p.lanes)
    address, align = _first(f, p), _alignment(p)
    if p.active is None:
        name = f.op(f"load {kind}, ptr {address}, align {align}")
        return _loaded(f, name, p, p.lanes)
    fn = f"@llvm.masked.load.{suffix(d, p.lanes)}.p0"
    f.module.declare(f"declare {kind} {fn}(ptr, {mask.type}, {kind})")
    args = f"ptr align {align} {address}, {mask.typed}, {kind} zeroinitializer"
    return _loaded(f, f.op(f"call {kind} {fn}({args})"), p, p.lanes)


def _load_every(f: Function, p: Place, stride: int) -> Val:
    """Every stride-th element, out of vectors that touch nothing before the first or beyond the
    last of them: the last vector ends where the last lane lies, or is masked there."""
    lead = 0
    if p.window is not None and p.active is None:  # whole vectors, the same for all that interleave
        lead = p.window
        starts = [k * p.lanes for k in range(stride)]
        ends: list[Int | None] = [None] * stride
    elif p.active is None:
        starts = [k * p.lanes for k in range(stride - 1)] + [(p.lanes - 1) * (stride - 1)]
        ends = [None] * stride
    else:
        starts = [k * p.lanes for k in range(stride)]
        last = (p.active - 1) * stride + 1
        ends = [last - start for start in starts]
    parts = [
        _load_next(f, q, _mask(f, q))
        for start, end in zip(starts, ends, strict=True)
        for q in [replace(p, offset=p.offset + (start - lead), stride=Int.of(1), active=end)]
    ]
    at = [lead + lane * stride for lane in range(p.lanes)]
    owner = [next(k for k, s in enumerate(starts) if s <= a < s + p.lanes) for a in at]
    out = parts[0]
    for k in range(1, stride):  # lanes of vectors 0 .. k are in place afterwards
        order = [
            p.lanes + a - starts[k] if o == k else a if k == 1 and o == 0 else lane
            for lane, (a, o) in enumerate(zip(at, owner, strict=True))
        ]
        out = ops.shuffle(f, out, order, parts[k])
    return out


def _store_next(f: Function, p: Place, x: Val, mask: Val) -> None:
    address, align = _first(f, p), _alignment(p)
    if p.active is None:
        f.line(f"store {x.typed}, ptr {address}, align {align}")
        return
    fn = f"@llvm.masked.store.{suffix(x.dtype, p.lanes)}.p0"
    f.module.declare(f"declare void {fn}({x.type}, ptr, {mask.type})")
    f.line(f"call void {fn}({x.typed}, ptr align {align} {address}, {mask.typed})")


def _store_past_caches(f: Function, p: Place, x: Val) -> None:
    """Such stores are in no order with others: `Function.streams` asks for a fence behind them."""
    f.streams = True
    align = p.lanes * p.buffer.dtype.bytes
    hint = f.module.metadata("!{i32 1}")
    f.line(f"store {x.typed}, ptr {_first(f, p)}, align {align}, !nontemporal {hint}")


def _load_scattered(f: Function, p: Place) -> Val:
    d, kind = p.buffer.dtype, memory_type(p.buffer.dtype, p.lanes)
    mask, pointers = _mask(f, p), f"<{p.lanes} x ptr>"
    fn = f"@llvm.masked.gather.{suffix(d, p.lanes)}.v{p.lanes}p0"
    f.module.declare(f"declare {kind} {fn}({pointers}, {mask.type}, {kind})")
    at = _lane_addresses(f, p)
    args = f"{pointers} align {d.bytes} {at}, {mask.typed}, {kind} zeroinitializer"
    return _loaded(f, f.op(f"call {kind} {fn}({args})"), p, p.lanes)


def _store_scattered(f: Function, p: Place, x: Val) -> None:
    d, mask, pointers = p.buffer.dtype, _mask(f, p), f"<{p.lanes} x ptr>"
    fn = f"@llvm.masked.scatter.{suffix(d, p.lanes)}.v{p.lanes}p0"
    f.module.declare(f"declare void {fn}({x.type}, {pointers}, {mask.type})")
    at = _lane_addresses(f, p)
    f.line(f"call void {fn}({x.typed}, {pointers} align {d.bytes} {at}, {mask.typed})")
