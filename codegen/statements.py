"""One statement instance as loop code: accesses become loads and stores, and reads under an affine
guard are put under an `If`."""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.complexes import multiply
from polyc.codegen.expressions import (
    Body,
    as_dtype,
    as_pair,
    index_of,
    integers_only,
    real_value,
    value_of,
)
from polyc.codegen.guards import Table, condition_of, decide, first_guard
from polyc.codegen.loops import Bin, Convert, Get, If, Let, Load, Stmt, Store, Value
from polyc.frontend import program as ir
from polyc.frontend.dtypes import compute_dtype
from polyc.frontend.integers import Int


def statement(body: Body, s: ir.Statement, table: Table) -> tuple[Stmt, ...]:
    """Code of the instance with the given variables; affine guards become `If`s around it."""
    guard = first_guard(s.value)
    if guard is None:
        return _assign(body, s, table)
    cond = condition_of(guard.cond, table)
    then = statement(body, _with(s, decide(s.value, guard, True)), table)
    orelse = statement(body, _with(s, decide(s.value, guard, False)), table)
    return (If(cond, then, orelse),)


def _with(s: ir.Statement, value: ir.Expr) -> ir.Statement:
    return replace(s, value=value)


def _assign(body: Body, s: ir.Statement, table: Table) -> tuple[Stmt, ...]:
    buffer = body.buffers[s.tensor]
    index = index_of(body, s.tensor, s.subs, table, s)
    if body.program.tensor(s.tensor).dtype.is_complex:
        return _assign_complex(body, s, table, index)
    v = real_value(body, s.value, table, s)
    if s.op is None or compute_dtype(buffer.dtype) == buffer.dtype:
        return (Store(buffer.name, integers_only(index), as_dtype(v, buffer.dtype), s.op),)
    # Half precision: the sum is formed in float32 and rounded on every store.
    wide = compute_dtype(buffer.dtype)
    old = Convert(Load(buffer.name, index, buffer.dtype), wide)
    return (
        Store(
            buffer.name,
            integers_only(index),
            as_dtype(Bin(s.op, old, as_dtype(v, wide)), buffer.dtype),
        ),
    )


def _assign_complex(
    body: Body, s: ir.Statement, table: Table, index: tuple[Int | Value, ...]
) -> tuple[Stmt, ...]:
    buffer = body.buffers[s.tensor]
    parts = [(*index, Int.of(k)) for k in (0, 1)]
    new = as_pair(value_of(body, s.value, table, s), buffer.dtype)
    op = s.op
    if op == "*":
        old = (Load(buffer.name, parts[0], buffer.dtype), Load(buffer.name, parts[1], buffer.dtype))
        new, op = multiply(old, new), None
    names = [f"{s.name}.{part}" for part in ("re", "im")]
    lets = tuple(Let(n, v) for n, v in zip(names, new, strict=True))
    return (
        *lets,
        *(
            Store(buffer.name, integers_only(i), Get(n, buffer.dtype), op)
            for n, i in zip(names, parts, strict=True)
        ),
    )
