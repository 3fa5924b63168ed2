"""Runs a `LoopNest` in Python, one statement at a time, with every access checked.

Slow and plain: it says what a nest means, so a wrong answer is bisected by stage. Values are
NumPy arrays of shape (lanes,) in their own dtype, so float32 arithmetic rounds as float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, assert_never

import numpy as np
import numpy.typing as npt

from polyc.codegen import interpret_ops as ops
from polyc.codegen.loops import (
    Aligned,
    All,
    Alloc,
    Bin,
    Bits,
    Buffer,
    Check,
    Cond,
    Convert,
    Declare,
    Dot,
    Fma,
    Fold,
    For,
    FromInt,
    Ge,
    Get,
    If,
    Let,
    Libm,
    Lit,
    Load,
    LoopNest,
    Scalar,
    Sel,
    Set,
    Shuffle,
    Some,
    Splat,
    Stmt,
    Store,
    Un,
    Value,
)
from polyc.frontend.integers import Int

Array = npt.NDArray[Any]
Numbers = Mapping[str, bool | int | float]
# Memory for a buffer of the kernel that starts to live: data, and which elements are written.
Memory = Callable[[Buffer, tuple[int, ...]], tuple[Array, Any]]


class AccessError(IndexError):
    """A nest touched an element outside its buffer, or read one that nothing had written."""


class _Failed(Exception):
    def __init__(self, code: int) -> None:
        self.code = code


def fresh(b: Buffer, shape: tuple[int, ...]) -> tuple[Array, Any]:
    """Memory that no other buffer shares."""
    return np.zeros(shape, ops.numpy_dtype(b.dtype)), np.zeros(shape, bool)


@dataclass(slots=True)
class _Memory:
    """An array, and for buffers the kernel owns, which elements have been written."""

    buffer: Buffer
    data: Array
    written: Any  # None for arguments


@dataclass(slots=True)
class _State:
    own: Memory
    memory: dict[str, _Memory] = field(default_factory=dict)
    locals: dict[str, Array] = field(default_factory=dict)
    ints: dict[str, int] = field(default_factory=dict)
    backwards: bool = False


def run(
    nest: LoopNest,
    buffers: Mapping[str, Array],
    scalars: Numbers,
    ints: Mapping[str, int],
    *,
    backwards: bool = False,
    own: Memory = fresh,
) -> int:
    """Runs the nest on arrays of the buffers' shapes, or in C order with as many elements.

    Returns 0 or the code of a failed `Check`.

    With `backwards`, parallel loops run from the last iteration to the first: a result that
    changes shows that the iterations depend on each other. `own` gives memory to the buffers that
    are no arguments. AccessError names a bad access.
    """
    state = _State(own, ints=dict(ints), backwards=backwards)
    for a in nest.arguments:
        match a:
            case Scalar(name, dtype):
                state.locals[name] = np.array([scalars[name]], ops.numpy_dtype(dtype))
            case Buffer():
                state.memory[a.name] = _Memory(a, _fitting(a, buffers[a.name], ints), None)
    for b in nest.workspace:
        _allocate(b, state)
    try:
        with np.errstate(all="ignore"):
            _block(nest.body, state)
    except _Failed as failed:
        return failed.code
    return 0


def _fitting(b: Buffer, data: Array, ints: Mapping[str, int]) -> Array:
    shape = tuple(n.eval(ints) for n in b.shape)
    if data.size == prod(shape) and data.flags.c_contiguous:  # the same memory
        data = data.reshape(shape)
    if data.shape != shape:
        raise ValueError(f"buffer {b.name}: found shape {data.shape}, expected {shape}")
    if data.dtype != ops.numpy_dtype(b.dtype):
        raise ValueError(f"buffer {b.name}: found {data.dtype}, expected {b.dtype}")
    return data


def _allocate(b: Buffer, state: _State) -> None:
    shape = tuple(n.eval(state.ints) for n in b.shape)
    state.memory[b.name] = _Memory(b, *state.own(b, shape))


# ---- statements
def _block(body: tuple[Stmt, ...], state: _State) -> None:
    outer, around = dict(state.locals), dict(state.memory)
    for s in body:
        _stmt(s, state)
    # What the block declared and allocated ends with it; what it set stays.
    state.locals = {n: state.locals[n] for n in outer}
    state.memory = around


def _stmt(s: Stmt, state: _State) -> None:
    match s:
        case For():
            _loop(s, state)
        case If(cond, then, orelse):
            _block(then if _holds(cond, state) else orelse, state)
        case Store():
            _store(s, state)
        case Let(name, value) | Declare(name, value) | Set(name, value):
            state.locals[name] = _value(value, state)
        case Alloc(buffer):
            _allocate(buffer, state)
        case Check(value, code):
            if not _value(value, state)[0]:
                raise _Failed(code)
        case _:
            assert_never(s)


def _loop(s: For, state: _State) -> None:
    steps = range(s.lower.eval(state.ints), s.upper.eval(state.ints), s.step)
    outer = state.ints.get(s.var)
    for i in reversed(steps) if s.kind == "parallel" and state.backwards else steps:
        state.ints[s.var] = i
        _block(s.body, state)
    if outer is None:
        state.ints.pop(s.var, None)
    else:
        state.ints[s.var] = outer


def _holds(c: Cond, state: _State) -> bool:
    match c:
        case Ge(expr):
            return expr.eval(state.ints) >= 0
        case All(parts):
            return all(_holds(p, state) for p in parts)
        case Some(parts):
            return any(_holds(p, state) for p in parts)
        case Aligned(buffer, size):
            return int(state.memory[buffer].data.ctypes.data) % size == 0


def _store(s: Store, state: _State) -> None:
    value = _value(s.value, state)
    where = _lanes(s.buffer, s.index, s.step, s.active, len(value), state)
    m = _memory(s.buffer, state)
    if not m.buffer.writable:
        raise AccessError(f"store to {s.buffer}, which is not writable")
    for lane, at in enumerate(where):
        new = value[lane : lane + 1]
        if s.op is not None:
            new = ops.binary(s.op, _element(m, at), new)
        m.data[at] = new[0]
        if m.written is not None:
            m.written[at] = True


# ---- memory
def _memory(buffer: str, state: _State) -> _Memory:
    if buffer not in state.memory:
        raise AccessError(f"{buffer} is used outside the block that allocates it")
    return state.memory[buffer]


def _lanes(
    buffer: str,
    index: tuple[Int | Value, ...],
    step: tuple[int, ...],
    active: Int | None,
    lanes: int,
    state: _State,
) -> list[tuple[int, ...]]:
    """The index of every active lane, checked against the box."""
    live = lanes if active is None else max(0, min(lanes, active.eval(state.ints)))
    columns = []
    for i, by in zip(index, step or (0,) * len(index), strict=True):
        if isinstance(i, Int):
            start = i.eval(state.ints)
            columns.append([start + lane * by for lane in range(live)])
        else:
            found = _value(i, state)
            columns.append([int(found[lane if len(found) > 1 else 0]) for lane in range(live)])
    where = [tuple(c[lane] for c in columns) for lane in range(live)]
    shape = _memory(buffer, state).data.shape
    for at in where:
        if len(at) != len(shape) or not all(0 <= i < n for i, n in zip(at, shape, strict=True)):
            raise AccessError(f"{buffer}[{', '.join(map(str, at))}] is outside {shape}")
    return where


def _element(m: _Memory, at: tuple[int, ...]) -> Array:
    if m.written is not None and not m.written[at]:
        raise AccessError(f"{m.buffer.name}[{', '.join(map(str, at))}] was never written")
    return np.array([m.data[at]], m.data.dtype)


def _load(v: Load, state: _State) -> Array:
    m = _memory(v.buffer, state)
    out = np.zeros(v.lanes, m.data.dtype)
    where = _lanes(v.buffer, v.index, v.step, v.active, v.lanes, state)
    for lane, at in enumerate(where):
        out[lane] = _element(m, at)[0]
    return out


# ---- values
def _value(v: Value, state: _State) -> Array:
    def go(x: Value) -> Array:
        return _value(x, state)

    match v:
        case Lit(value, dtype, lanes):
            return np.full(lanes, ops.literal(value, dtype), ops.numpy_dtype(dtype))
        case FromInt(expr, dtype, lanes, step):
            at = expr.eval(state.ints)
            wide = np.array([at + lane * step for lane in range(lanes)], np.int64)
            return ops.convert(wide, dtype)
        case Load():
            return _load(v, state)
        case Get(name):
            return state.locals[name]
        case Un(op, x):
            return ops.unary(op, go(x))
        case Bin(op, x, y):
            return ops.binary(op, go(x), go(y))
        case Fma(a, b, c):
            return ops.fma(go(a), go(b), go(c))
        case Dot(a, b, c):
            return ops.dot(go(a), go(b), go(c))
        case Sel(cond, yes, no):
            return np.where(go(cond), go(yes), go(no))
        case Convert(x, dtype):
            return ops.convert(go(x), dtype)
        case Bits(x, dtype):
            return go(x).view(ops.numpy_dtype(dtype))
        case Libm(fn, args, where):
            out = ops.libm(fn, [go(a) for a in args])
            return out if where is None else np.where(go(where), out, np.zeros_like(out))
        case Splat(x, lanes):
            first = go(x)
            return np.tile(first, lanes // len(first))
        case Fold(op, x):
            return ops.fold(op, go(x))
        case Shuffle(x, y, order):
            return np.concatenate([go(x), go(y)])[list(order)]
        case _:
            assert_never(v)
