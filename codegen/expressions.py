"""Expressions of the program as values of a loop nest.

Complex arithmetic is written out on (real, imaginary) pairs, and half precision computes in
float32, so that nothing later needs to know about either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from polyc.codegen.calls import call
from polyc.codegen.complexes import Complex, divide, multiply
from polyc.codegen.guards import Table
from polyc.codegen.loops import (
    Bin,
    Buffer,
    Convert,
    FromInt,
    Get,
    Lit,
    Load,
    Sel,
    Un,
    Value,
    dtype_of,
)
from polyc.errors import InternalError
from polyc.frontend import program as ir
from polyc.frontend.dtypes import INT64, Dtype, compute_dtype, real_part
from polyc.frontend.integers import Int
from polyc.scheduler.tree import Storage


@dataclass(frozen=True, slots=True)
class Body:
    """What writing a statement needs: the program, its buffers, and where temporaries live."""

    program: ir.Program
    buffers: dict[str, Buffer]
    homes: dict[str, Storage]


def integers_only(index: tuple[Int | Value, ...]) -> tuple[Int, ...]:
    found = tuple(i for i in index if isinstance(i, Int))
    if len(found) == len(index):
        return found
    raise InternalError("a left-hand subscript depends on data")


def index_of(
    body: Body,
    tensor: str,
    subs: tuple[ir.Subscript, ...],
    table: Table,
    s: ir.Statement,
) -> tuple[Int | Value, ...]:
    """Subscripts as indices of the buffer: relative to the tile where the tensor lives in one."""
    out: list[Int | Value] = []
    home = body.homes.get(tensor)
    for d, sub in enumerate(subs):
        if not isinstance(sub, Int):
            out.append(as_dtype(real_value(body, sub, table, s), INT64))
            continue
        i = sub.subs(table)
        window = home.windows[d] if home is not None else None
        if window is not None:
            first = (window.row[s.name].subs(table) // window.tile) * window.tile + window.offset
            i = i - first
        out.append(i)
    return tuple(out)


def as_dtype(v: Value, dtype: Dtype) -> Value:
    return v if dtype_of(v) == dtype else Convert(v, dtype)


def as_pair(v: Value | Complex, dtype: Dtype) -> Complex:
    """A value as a complex number with parts of the given type."""
    if isinstance(v, tuple):
        return as_dtype(v[0], dtype), as_dtype(v[1], dtype)
    return as_dtype(v, dtype), Lit(0.0, dtype)


def real_value(body: Body, e: ir.Expr, table: Table, s: ir.Statement) -> Value:
    v = value_of(body, e, table, s)
    return v[0] if isinstance(v, tuple) else v


def value_of(body: Body, e: ir.Expr, table: Table, s: ir.Statement) -> Value | Complex:
    def go(x: ir.Expr) -> Value:
        return real_value(body, x, table, s)

    if e.dtype.is_complex:
        return _complex(body, e, table, s)
    match e:
        case ir.Const(value, dtype):
            plain = value.real if isinstance(value, complex) else value
            return Lit(plain, compute_dtype(dtype))
        case ir.Index(expr, dtype):
            return FromInt(expr.subs(table), compute_dtype(dtype))
        case ir.Load(tensor, subs, dtype):
            return _load(body, tensor, subs, dtype, table, s)
        case ir.Unary("-", x):
            return Un("neg", go(x))
        case ir.Unary(_, x):
            return Un("not", go(x))
        case ir.Binary(op, x, y):
            if x.dtype.is_complex:
                return _complex_equal(body, e, table, s)
            a, b = go(x), go(y)
            if op == "&&" or op == "||":
                return Bin("and" if op == "&&" else "or", a, b)
            return Bin(op, a, b)
        case ir.Call(fn, args):
            return call(fn, tuple(map(go, args)))
        case ir.Select(cond, yes, no):
            return Sel(go(cond), go(yes), go(no))
        case ir.Cast(x, dtype):
            v = go(x)
            # Rounding to half and back: the value is kept in float32 but has half's precision.
            narrow = as_dtype(v, dtype)
            return as_dtype(narrow, compute_dtype(dtype))
    assert_never(e)


def _load(
    body: Body,
    tensor: str,
    subs: tuple[ir.Subscript, ...],
    dtype: Dtype,
    table: Table,
    s: ir.Statement,
) -> Value:
    t = body.program.tensor(tensor)
    if t.scalar:
        return as_dtype(Get(tensor, t.dtype), compute_dtype(dtype))
    v = Load(tensor, index_of(body, tensor, subs, table, s), t.dtype)
    return as_dtype(v, compute_dtype(t.dtype))


def _complex(body: Body, e: ir.Expr, table: Table, s: ir.Statement) -> Complex:
    part = real_part(e.dtype)

    def go(x: ir.Expr) -> Complex:
        return as_pair(value_of(body, x, table, s), part)

    match e:
        case ir.Const(value, _):
            z = complex(value)
            return Lit(z.real, part), Lit(z.imag, part)
        case ir.Load(tensor, subs, _):
            index = index_of(body, tensor, subs, table, s)
            re, im = (Load(tensor, (*index, Int.of(k)), part) for k in (0, 1))
            return re, im
        case ir.Unary("-", x):
            a = go(x)
            return Un("neg", a[0]), Un("neg", a[1])
        case ir.Binary("+" | "-" as op, x, y):
            a, b = go(x), go(y)
            return Bin(op, a[0], b[0]), Bin(op, a[1], b[1])
        case ir.Binary("*", x, y):
            return multiply(go(x), go(y))
        case ir.Binary("/", x, y):
            return divide(go(x), go(y))
        case ir.Select(cond, yes, no):
            c, a, b = real_value(body, cond, table, s), go(yes), go(no)
            return Sel(c, a[0], b[0]), Sel(c, a[1], b[1])
        case ir.Cast(x, _):
            return go(x)
        case _:
            raise InternalError(f"no complex form of {e}")


def _complex_equal(body: Body, e: ir.Binary, table: Table, s: ir.Statement) -> Value:
    part = real_part(e.x.dtype)
    a = as_pair(value_of(body, e.x, table, s), part)
    b = as_pair(value_of(body, e.y, table, s), part)
    same = Bin("and", Bin("==", a[0], b[0]), Bin("==", a[1], b[1]))
    if e.op == "==":
        return same
    if e.op == "!=":
        return Un("not", same)
    raise InternalError(f"complex numbers have no order: {e.op}")
