"""Blocks of loops written by hand, their text, and what they compute."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polyc.codegen.interpret import run
from polyc.codegen.loops import (
    Bin,
    BinOp,
    Buffer,
    For,
    Ge,
    If,
    Load,
    LoopKind,
    LoopNest,
    Stmt,
    Store,
    Value,
)
from polyc.frontend.dtypes import FLOAT32, Dtype
from polyc.frontend.integers import Int, IntLike, product
from polyc.target import target

Block = tuple[Stmt, ...]
V3 = target("x86-64-v3")  # eight lanes of float32
i, j, k, n = (Int.of(v) for v in "ijkn")


# ---- writing
def loop(var: str, count: IntLike, *body: Stmt, kind: LoopKind = "serial", at: IntLike = 0) -> For:
    """`for var in at:count`."""
    return For(var, Int.of(at), Int.of(count), 1, body, kind)


def vector(var: str, count: IntLike, *body: Stmt, at: IntLike = 0) -> For:
    return loop(var, count, *body, kind="vector", at=at)


def when(expr: IntLike, *then: Stmt, orelse: Block = ()) -> If:
    """`if expr >= 0`."""
    return If(Ge(Int.of(expr)), then, orelse)


def read(buffer: str, *index: IntLike, dtype: Dtype = FLOAT32) -> Load:
    return Load(buffer, tuple(map(Int.of, index)), dtype)


def write(buffer: str, *index: IntLike, value: Value, op: Any = None) -> Store:
    return Store(buffer, tuple(map(Int.of, index)), value, op)


def add(buffer: str, *index: IntLike, value: Value, op: Any = "+") -> Store:
    return write(buffer, *index, value=value, op=op)


def times(x: Value, y: Value, op: BinOp = "*") -> Bin:
    return Bin(op, x, y)


def copy(*index: IntLike) -> Store:
    """`Y[index] = X[index]`."""
    return write("Y", *index, value=read("X", *index))


# ---- reading
def text(*body: Stmt) -> str:
    """The printed block, without the kernel around it."""
    lines = str(LoopNest("k", (), (), (), body)).splitlines()[1:]
    return dedent("\n".join(lines))


def shown(expected: str) -> str:
    return dedent(expected).strip()


# ---- running
def results(
    body: Block,
    shapes: Mapping[str, tuple[int, ...]],
    ints: Mapping[str, int] | None = None,
    dtype: Dtype = FLOAT32,
) -> dict[str, NDArray[Any]]:
    """What the block leaves in buffers that hold small random integers."""
    rng = np.random.default_rng(0)
    data = {b: rng.integers(-4, 5, shape).astype(dtype.name) for b, shape in shapes.items()}
    buffers = tuple(_buffer(b, dtype, shape) for b, shape in shapes.items())
    nest = LoopNest("k", buffers, tuple(ints or {}), (), body)
    assert run(nest, data, {}, ints or {}) == 0
    return data


def _buffer(name: str, dtype: Dtype, shape: tuple[int, ...]) -> Buffer:
    extents = tuple(map(Int.of, shape))
    strides = tuple(product(extents[d + 1 :]) for d in range(len(shape)))
    return Buffer(name, dtype, extents, strides, "argument")


def agree(
    before: Block,
    after: Block,
    shapes: Mapping[str, tuple[int, ...]],
    ints: Mapping[str, int] | None = None,
) -> None:
    """Both blocks leave the same bits."""
    expected, found = results(before, shapes, ints), results(after, shapes, ints)
    for name in shapes:
        np.testing.assert_array_equal(found[name], expected[name], name)
