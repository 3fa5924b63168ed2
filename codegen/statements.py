"""One statement instance as loop code: expressions become values, accesses become loads and stores.

Complex arithmetic is written out on (real, imaginary) pairs here, half precision computes in
float32, and reads under an affine guard are put under an `If`, so that nothing later needs to know
about complex numbers, half precision or guards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

import islpy as isl

from polyc.codegen.ast import loops_of_tree
from polyc.codegen.calls import call
from polyc.codegen.complexes import Complex, divide, multiply
from polyc.codegen.loops import (
    All,
    Bin,
    Buffer,
    Check,
    Cond,
    Convert,
    FromInt,
    Ge,
    Get,
    If,
    Let,
    Lit,
    Load,
    Sel,
    Some,
    Stmt,
    Store,
    Un,
    Value,
    dtype_of,
)
from polyc.errors import InternalError
from polyc.frontend import program as ir
from polyc.frontend.dtypes import INT64, Dtype, compute_dtype, real_part
from polyc.frontend.integers import Int
from polyc.scheduler.tree import Storage

Table = dict[str, Int]


@dataclass(frozen=True, slots=True)
class Body:
    """What writing a statement needs: the program, its buffers, and where temporaries live."""

    program: ir.Program
    buffers: dict[str, Buffer]
    homes: dict[str, Storage]


def statement(body: Body, s: ir.Statement, table: Table) -> tuple[Stmt, ...]:
    """Code of the instance with the given variables; affine guards become `If`s around it."""
    guard = _first_guard(s.value, s)
    if guard is None:
        return _assign(body, s, table)
    cond = _condition(guard.cond, table)
    then = statement(body, _with(s, _decide(s.value, guard, True)), table)
    orelse = statement(body, _with(s, _decide(s.value, guard, False)), table)
    return (If(cond, then, orelse),)


def _with(s: ir.Statement, value: ir.Expr) -> ir.Statement:
    return replace(s, value=value)


def _first_guard(e: ir.Expr, s: ir.Statement) -> ir.Select | None:
    """The outermost select on an affine condition with a load in a branch."""
    if isinstance(e, ir.Select) and _is_affine(e.cond) and _has_load(e.yes, e.no):
        return e
    return next((g for c in ir.children(e) if (g := _first_guard(c, s)) is not None), None)


def _has_load(*parts: ir.Expr) -> bool:
    """A load of a tensor element (a scalar is always there to be read)."""
    return any(isinstance(p, ir.Load) and p.subs for p in parts) or any(
        _has_load(*ir.children(p)) for p in parts
    )


def _is_affine(e: ir.Expr) -> bool:
    match e:
        case ir.Const(bool()):
            return True
        case ir.Unary("!", x):
            return _is_affine(x)
        case ir.Binary("&&" | "||", x, y):
            return _is_affine(x) and _is_affine(y)
        case ir.Binary(op, x, y) if op in ir.COMPARISONS:
            return ir.affine_value(x) is not None and ir.affine_value(y) is not None
        case _:
            return False


def _decide(e: ir.Expr, guard: ir.Select, taken: bool) -> ir.Expr:
    """The expression with every select on the guard's condition replaced by one branch."""

    def go(x: ir.Expr) -> ir.Expr:
        if isinstance(x, ir.Select) and x.cond == guard.cond:
            return go(x.yes if taken else x.no)
        return ir.map_children(x, go)

    return go(e)


def _condition(e: ir.Expr, table: Table) -> Cond:
    match e:
        case ir.Const(bool() as value):
            return All(()) if value else Some(())
        case ir.Unary("!", x):
            return negate(_condition(x, table))
        case ir.Binary("&&", x, y):
            return All((_condition(x, table), _condition(y, table)))
        case ir.Binary("||", x, y):
            return Some((_condition(x, table), _condition(y, table)))
        case ir.Binary(op, x, y):
            p, q = ir.affine_value(x), ir.affine_value(y)
            if p is not None and q is not None:
                return _compare(op, p.subs(table), q.subs(table))
        case _:
            pass
    raise InternalError(f"not an affine condition: {e}")


def _compare(op: str, a: Int, b: Int) -> Cond:
    match op:
        case "<":
            return Ge(b - a - 1)
        case "<=":
            return Ge(b - a)
        case ">":
            return Ge(a - b - 1)
        case ">=":
            return Ge(a - b)
        case "==":
            return All((Ge(a - b), Ge(b - a)))
        case _:
            return Some((Ge(a - b - 1), Ge(b - a - 1)))


def negate(c: Cond) -> Cond:
    """The opposite condition."""
    match c:
        case Ge(e):
            return Ge(-e - 1)
        case All(parts):
            return Some(tuple(map(negate, parts)))
        case Some(parts):
            return All(tuple(map(negate, parts)))


def _assign(body: Body, s: ir.Statement, table: Table) -> tuple[Stmt, ...]:
    buffer = body.buffers[s.tensor]
    index = _index(body, s.tensor, s.subs, table, s)
    if body.program.tensor(s.tensor).dtype.is_complex:
        return _assign_complex(body, s, table, index)
    v = _real(body, s.value, table, s)
    if s.op is None or compute_dtype(buffer.dtype) == buffer.dtype:
        return (Store(buffer.name, _ints(index), _to(v, buffer.dtype), s.op),)
    # Half precision: the sum is formed in float32 and rounded on every store.
    wide = compute_dtype(buffer.dtype)
    old = Convert(Load(buffer.name, index, buffer.dtype), wide)
    return (Store(buffer.name, _ints(index), _to(Bin(s.op, old, _to(v, wide)), buffer.dtype)),)


def _assign_complex(
    body: Body, s: ir.Statement, table: Table, index: tuple[Int | Value, ...]
) -> tuple[Stmt, ...]:
    buffer = body.buffers[s.tensor]
    parts = [(*index, Int.of(k)) for k in (0, 1)]
    new = _pair(_value(body, s.value, table, s), buffer.dtype)
    op = s.op
    if op == "*":
        old = (Load(buffer.name, parts[0], buffer.dtype), Load(buffer.name, parts[1], buffer.dtype))
        new, op = multiply(old, new), None
    names = [f"{s.name}.{part}" for part in ("re", "im")]
    lets = tuple(Let(n, v) for n, v in zip(names, new, strict=True))
    return (
        *lets,
        *(
            Store(buffer.name, _ints(i), Get(n, buffer.dtype), op)
            for n, i in zip(names, parts, strict=True)
        ),
    )


def _ints(index: tuple[Int | Value, ...]) -> tuple[Int, ...]:
    if all(isinstance(i, Int) for i in index):
        return index  # type: ignore[return-value]
    raise InternalError("a left-hand subscript depends on data")


def _index(
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
            out.append(_to(_real(body, sub, table, s), INT64))
            continue
        i = sub.subs(table)
        window = home.windows[d] if home is not None else None
        if window is not None:
            first = (window.row[s.name].subs(table) // window.tile) * window.tile + window.offset
            i = i - first
        out.append(i)
    return tuple(out)


def _to(v: Value, dtype: Dtype) -> Value:
    return v if dtype_of(v) == dtype else Convert(v, dtype)


def _pair(v: Value | Complex, dtype: Dtype) -> Complex:
    """A value as a complex number with parts of the given type."""
    if isinstance(v, tuple):
        return _to(v[0], dtype), _to(v[1], dtype)
    return _to(v, dtype), Lit(0.0, dtype)


def _real(body: Body, e: ir.Expr, table: Table, s: ir.Statement) -> Value:
    v = _value(body, e, table, s)
    return v[0] if isinstance(v, tuple) else v


_OPS = {"&&": "and", "||": "or"}


def _value(body: Body, e: ir.Expr, table: Table, s: ir.Statement) -> Value | Complex:
    def go(x: ir.Expr) -> Value:
        return _real(body, x, table, s)

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
            return Bin(_OPS.get(op, op), go(x), go(y))  # type: ignore[arg-type]
        case ir.Call(fn, args):
            return call(fn, tuple(map(go, args)))
        case ir.Select(cond, yes, no):
            return Sel(go(cond), go(yes), go(no))
        case ir.Cast(x, dtype):
            v = go(x)
            # Rounding to half and back: the value is kept in float32 but has half's precision.
            narrow = _to(v, dtype)
            return _to(narrow, compute_dtype(dtype))
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
        return _to(Get(tensor, t.dtype), compute_dtype(dtype))
    v = Load(tensor, _index(body, tensor, subs, table, s), t.dtype)
    return _to(v, compute_dtype(t.dtype))


def _complex(body: Body, e: ir.Expr, table: Table, s: ir.Statement) -> Complex:
    part = real_part(e.dtype)

    def go(x: ir.Expr) -> Complex:
        return _pair(_value(body, x, table, s), part)

    match e:
        case ir.Const(value, _):
            z = complex(value)
            return Lit(z.real, part), Lit(z.imag, part)
        case ir.Load(tensor, subs, _):
            index = _index(body, tensor, subs, table, s)
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
            c, a, b = _real(body, cond, table, s), go(yes), go(no)
            return Sel(c, a[0], b[0]), Sel(c, a[1], b[1])
        case ir.Cast(x, _):
            return go(x)
        case _:
            raise InternalError(f"no complex form of {e}")


def _complex_equal(body: Body, e: ir.Binary, table: Table, s: ir.Statement) -> Value:
    part = real_part(e.x.dtype)
    a = _pair(_value(body, e.x, table, s), part)
    b = _pair(_value(body, e.y, table, s), part)
    same = Bin("and", Bin("==", a[0], b[0]), Bin("==", a[1], b[1]))
    if e.op == "==":
        return same
    if e.op == "!=":
        return Un("not", same)
    raise InternalError(f"complex numbers have no order: {e.op}")


# ---- gathers
def check_gathers(body: Body) -> tuple[tuple[Stmt, ...], tuple[str, ...]]:
    """Loops that test every data-dependent subscript before anything is written, and what a
    failed test means (the message of code k is number k - 1)."""
    checks: list[Stmt] = []
    messages: list[str] = []
    for s in body.program.statements:
        for load, d in _gathers(s.value):
            sub = load.subs[d]
            assert not isinstance(sub, Int)
            size = body.program.tensor(load.tensor).shape[d]
            messages.append(
                f"a subscript of {load.tensor} (dimension {d}) read from data is outside 0:{size}"
            )
            checks += _check_loops(body, s, sub, size, len(messages))
    return tuple(checks), tuple(messages)


def _gathers(e: ir.Expr) -> list[tuple[ir.Load, int]]:
    own = []
    if isinstance(e, ir.Load):
        own = [(e, d) for d, sub in enumerate(e.subs) if not isinstance(sub, Int)]
    return own + [g for c in ir.children(e) for g in _gathers(c)]


def _check_loops(
    body: Body, s: ir.Statement, sub: ir.Expr, size: Int, code: int
) -> tuple[Stmt, ...]:
    """Loops over the values of the variables in the subscript, each tested once."""
    used = [v for v in s.vars if v in ir.names_of(sub)]
    points = s.domain
    for k in reversed(range(len(s.vars))):
        if s.vars[k] not in used:
            points = points.project_out(isl.dim_type.set, k, 1)
    points = points.set_tuple_name("check")

    def fill(_: str, values: tuple[Int, ...]) -> tuple[Stmt, ...]:
        table = dict(zip(used, values, strict=True))
        v = _to(_real(body, sub, table, s), INT64)
        low = Bin(">=", v, Lit(0, INT64))
        return (Check(Bin("and", low, Bin("<", v, FromInt(size, INT64))), code),)

    order = isl.Schedule.from_domain(isl.UnionSet.from_set(points))
    if used:
        identity = isl.MultiUnionPwAff.from_union_map(
            isl.UnionMap.from_map(
                isl.Map.identity(points.get_space().map_from_set()).reset_tuple_id(isl.dim_type.out)
            ).intersect_domain(isl.UnionSet.from_set(points))
        )
        order = order.insert_partial_schedule(identity)
    return loops_of_tree(order, body.program.context, fill)
