"""Values of a `LoopNest` in LLVM IR.

A value used twice within one statement (the same object) is computed once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from polyc.codegen import llvm_ops as ops
from polyc.codegen.llvm_convert import convert
from polyc.codegen.llvm_dot import dot
from polyc.codegen.llvm_function import Function
from polyc.codegen.llvm_memory import Place, load
from polyc.codegen.llvm_types import SMALL_FLOATS, Val, constant, lane_numbers
from polyc.codegen.loops import (
    Bin,
    Bits,
    Buffer,
    Convert,
    Dot,
    Fma,
    Fold,
    FromInt,
    Get,
    Libm,
    Lit,
    Load,
    Sel,
    Shuffle,
    Splat,
    Un,
    Value,
)
from polyc.frontend.dtypes import BOOL, FLOAT32, INT64
from polyc.frontend.integers import ZERO, Int


class Values:
    """Computes values into a function; `local` and `buffer` find what names mean here."""

    def __init__(
        self,
        f: Function,
        local: Callable[[str], Val],
        buffer: Callable[[str], tuple[Buffer, str]],
    ) -> None:
        self.f, self.local, self.buffer = f, local, buffer
        self.done: dict[int, Val] = {}

    def forget(self) -> None:
        """A new statement begins."""
        self.done.clear()

    def __call__(self, v: Value) -> Val:
        found = self.done.get(id(v))
        if found is None:
            found = self.done[id(v)] = self._compute(v)
        return found

    def _compute(self, v: Value) -> Val:
        f = self.f
        match v:
            case Lit(value, dtype, lanes):
                return constant(value, dtype, lanes)
            case FromInt():
                return self._from_int(v)
            case Load():
                place = self.place(v.buffer, v.index, v.step, v.lanes, v.active)
                if v.window is not None and place.stride == Int.of(v.step[-1]):
                    place = replace(place, window=v.window)
                return load(f, place)
            case Get(name):
                return self.local(name)
            case Un(op, x):
                return self._widely(lambda a: ops.unary(f, op, a), self(x))
            case Bin("/" | "%" as op, x, Lit() as y) if y.dtype.is_integer:
                return ops.divide_by_literal(f, op, self(x), y)
            case Bin(op, x, y):
                return self._widely(lambda a, b: ops.binary(f, op, a, b), self(x), self(y))
            case Fma(a, b, c):
                return self._widely(lambda x, y, z: ops.fma(f, x, y, z), self(a), self(b), self(c))
            case Dot(a, b, c):
                return dot(f, self(a), self(b), self(c))
            case Sel(cond, yes, no):
                return ops.select(f, self(cond), self(yes), self(no))
            case Convert(x, dtype):
                return convert(f, self(x), dtype)
            case Bits(x, dtype):
                return ops.bits(f, self(x), dtype)
            case Libm(fn, args, where):
                chosen = None if where is None else self(where)
                return ops.libm(f, fn, tuple(map(self, args)), chosen)
            case Splat(x, lanes):
                return ops.splat(f, self(x), lanes)
            case Fold(op, x):
                return self._fold(op, self(x))
            case Shuffle(x, y, order):
                return ops.shuffle(f, self(x), list(order), self(y))
            case _:
                assert_never(v)

    def _widely(self, op: Callable[..., Val], *args: Val) -> Val:
        """Small floats compute in float32 and round after every operation."""
        d = args[0].dtype
        if d not in SMALL_FLOATS:
            return op(*args)
        out = op(*(convert(self.f, a, FLOAT32) for a in args))
        return out if out.dtype == BOOL else convert(self.f, out, d)

    def combine(self, op: str, x: Val, y: Val) -> Val:
        return self._widely(lambda a, b: ops.binary(self.f, op, a, b), x, y)

    def _fold(self, op: str, x: Val) -> Val:
        return ops.fold(self.f, lambda a, b: self.combine(op, a, b), x)

    def _from_int(self, v: FromInt) -> Val:
        f = self.f
        if v.lanes == 1 or v.step == 0:
            start = convert(f, Val(f.integer(v.expr), INT64, 1), v.dtype)
            return ops.splat(f, start, v.lanes)
        # Lanes are added as integers: a float might not hold expr and expr + step apart.
        d = v.dtype if v.dtype.is_integer else INT64
        first = ops.splat(f, convert(f, Val(f.integer(v.expr), INT64, 1), d), v.lanes)
        steps = Val(lane_numbers(d.bits, v.lanes, v.step), d, v.lanes)
        return convert(f, ops.binary(f, "+", first, steps), v.dtype)

    def place(
        self,
        name: str,
        index: tuple[Int | Value, ...],
        step: tuple[int, ...],
        lanes: int,
        active: Int | None,
    ) -> Place:
        buffer, base = self.buffer(name)
        offset, stride, data = ZERO, ZERO, None
        for i, by, size in zip(index, step or (0,) * len(index), buffer.strides, strict=True):
            stride = stride + size * by
            if isinstance(i, Int):
                offset = offset + i * size
            else:
                data = self._add_data(data, self(i), size)
        return Place(buffer, base, offset, stride, data, lanes, active)

    def _add_data(self, total: Val | None, index: Val, size: Int) -> Val:
        f = self.f
        by = ops.splat(f, Val(f.integer(size), INT64, 1), index.lanes)
        part = index if size == Int.of(1) else ops.binary(f, "*", index, by)
        if total is None:
            return part
        lanes = max(total.lanes, part.lanes)
        return ops.binary(f, "+", ops.splat(f, total, lanes), ops.splat(f, part, lanes))
