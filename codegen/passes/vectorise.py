"""Loops marked "vector" as vector operations, with masked tails.

    for i in 0:41 vector { Y[i] = X[i] * a }
becomes, for 16 lanes,
    Y[0:16] = X[0:16] * splat(a);  Y[16:32] = …;  Y[32:48 active 9] = X[32:48 active 9] * splat(a)

A tail of exactly half the lanes, or a quarter, … is a shorter vector without a mask, except where
lanes are added up: all vectors of a sum are folded as one.

A sum over the vectorised variable becomes a store of a whole vector into one element, which
means "add all lanes"; `promote` turns it into a vector register that is folded once at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from polyc.codegen.bounds import Ranges
from polyc.codegen.loops import (
    All,
    Bin,
    Bits,
    Convert,
    Fma,
    For,
    FromInt,
    Ge,
    Get,
    If,
    Let,
    Libm,
    Lit,
    Load,
    Sel,
    Splat,
    Stmt,
    Store,
    Un,
    Value,
    dtype_of,
    lanes_of,
)
from polyc.codegen.passes.identity import identity
from polyc.codegen.walk import accumulates, all_values, names_of_cond, statements, values_of
from polyc.frontend.dtypes import INT32, INT64
from polyc.frontend.integers import Int, distribute
from polyc.target import Target

STRAIGHT = 8  # vectors that are written one after another instead of in a loop
_SHORTER = (2, 4, 8, 16, 32)  # lengths of vectors that need no mask


class NotVector(Exception):
    """The loop has no vector form; it stays a scalar loop."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of one vector iteration: counter = base + lane, of which `active` count."""

    var: str
    base: Int
    count: int
    active: Int | None
    locals: frozenset[str]  # names of `Let`s inside, which hold vectors


def vectorise(
    body: tuple[Stmt, ...], target: Target, ranges: Ranges | None = None
) -> tuple[Stmt, ...]:
    """Every marked loop replaced; one that has no vector form becomes a plain loop."""
    around = ranges or Ranges()
    out: list[Stmt] = []
    for s in body:
        match s:
            case For():
                try:
                    out += (
                        _loop(s, target, around)
                        if s.kind == "vector"
                        else _inside(s, target, around)
                    )
                except NotVector:
                    out += _inside(replace(s, kind="serial"), target, around)
            case If(cond, then, orelse):
                parts = (vectorise(b, target, around) for b in (then, orelse))
                out.append(If(cond, *parts))
            case _:
                out.append(s)
    return tuple(out)


def _inside(s: For, target: Target, ranges: Ranges) -> list[Stmt]:
    inner = vectorise(s.body, target, ranges.inside(s.var, s.lower, s.upper))
    return [replace(s, body=inner)]


def _loop(s: For, target: Target, ranges: Ranges) -> list[Stmt]:
    lanes = target.lanes(widest(s.body))
    if lanes < 2:
        raise NotVector
    names = frozenset(x.name for x in statements(s.body) if isinstance(x, Let))
    count = distribute(s.upper - s.lower)
    folds = any(
        isinstance(x, Store) and not any(s.var in i.names for i in x.index)
        for x in statements(s.body)
    )

    def copy(base: Int, active: Int | None) -> tuple[Stmt, ...]:
        few = lanes
        if not folds and active is not None and active.is_const and active.value in _SHORTER:
            few, active = active.value, None
        return in_lanes(s.body, Lanes(s.var, s.lower + base, few, active, names))

    most = ranges.upper_bound(count)
    short = count.is_const or accumulates(s.body)
    if most is not None and short and most <= STRAIGHT * lanes:
        out: list[Stmt] = []
        for base in range(0, most, lanes):
            left = count - base
            full = ranges.never_negative(left - lanes)
            out += copy(Int.of(base), None if full else left)
        return out
    whole = ranges.simplify(count // lanes)
    main = For(s.var, Int.of(0), whole, 1, copy(Int.of(s.var) * lanes, None), note="vector")
    left = ranges.simplify(count - whole * lanes)
    if left == Int.of(0):
        return [main]
    tail = copy(whole * lanes, left)
    conds = tuple(Ge(e) for e in (left - 1, count) if not ranges.never_negative(e))
    if not conds:
        return [main, *tail]
    return [main, If(conds[0] if len(conds) == 1 else All(conds), tail)]


def widest(body: tuple[Stmt, ...]) -> int:
    """Bytes of the widest element in the body, at least 4."""
    found = [4]
    for s in statements(body):
        for v in values_of(s):
            found += [dtype_of(x).bytes for x in all_values(v) if not isinstance(x, FromInt)]
    return max(found)


def in_lanes(body: tuple[Stmt, ...], at: Lanes) -> tuple[Stmt, ...]:
    """The block for all lanes at once; NotVector where it has no such form."""
    return tuple(_statement(s, at) for s in body)


def _statement(s: Stmt, at: Lanes) -> Stmt:
    match s:
        case Store():
            return _store(s, at)
        case Let(name, value):
            return Let(name, _wide(_value(value, at), at.count))
        case If(cond, then, orelse) if at.var not in names_of_cond(cond):
            return If(cond, in_lanes(then, at), in_lanes(orelse, at))
        case _:
            raise NotVector


def _store(s: Store, at: Lanes) -> Store:
    step = movement(s.index, at.var)
    index = tuple(i.subs({at.var: at.base}) for i in s.index)
    value = _wide(_value(s.value, at), at.count)
    if any(step):
        return replace(s, index=index, value=value, step=step, active=at.active)
    if s.op is None:
        raise NotVector
    if at.active is not None:  # lanes beyond the range must not change the sum
        small = INT64 if dtype_of(value).bytes == 8 else INT32
        lane = FromInt(Int.of(0), small, at.count, 1)
        inside = Bin("<", lane, Splat(FromInt(at.active, small), at.count))
        rest = Lit(identity(s.op, dtype_of(value)), dtype_of(value), at.count)
        value = Sel(inside, value, rest)
    return replace(s, index=index, value=value)


def movement(index: tuple[Int | Value, ...], var: str) -> tuple[int, ...]:
    """Movement of each index entry from lane to lane."""
    out: list[int] = []
    for i in index:
        c = i.coefficient(var) if isinstance(i, Int) else 0
        if c is None:
            raise NotVector
        out.append(c)
    return tuple(out)


def _wide(v: Value, lanes: int) -> Value:
    return v if lanes_of(v) == lanes else Splat(v, lanes)


def _value(v: Value, at: Lanes) -> Value:
    """The value in all lanes, or the scalar it is in every one of them."""
    match v:
        case Lit():
            return v
        case FromInt(expr, dtype):
            c = expr.coefficient(at.var)
            if c is None:
                raise NotVector
            first = expr.subs({at.var: at.base})
            return FromInt(first, dtype, at.count, c) if c else replace(v, expr=first)
        case Load():
            return _load(v, at)
        case Get(name, dtype):
            return Get(name, dtype, at.count) if name in at.locals else v
        case Un(op, x):
            return Un(op, _value(x, at))
        case Convert(x, dtype):
            return Convert(_value(x, at), dtype)
        case Bits(x, dtype):
            return Bits(_value(x, at), dtype)
        case Bin(op, x, y):
            a, b = _together((x, y), at)
            return Bin(op, a, b)
        case Fma(x, y, z):
            return Fma(*_together((x, y, z), at))
        case Sel(c, x, y):
            return Sel(*_together((c, x, y), at))
        case Libm(fn, args):
            return Libm(fn, _together(args, at))
        case _:
            raise NotVector


def _together(values: tuple[Value, ...], at: Lanes) -> tuple[Value, ...]:
    """Operands of one operation: all scalars, or all vectors."""
    found = tuple(_value(v, at) for v in values)
    if all(lanes_of(v) == 1 for v in found):
        return found
    return tuple(_wide(v, at.count) for v in found)


def _load(v: Load, at: Lanes) -> Value:
    step = movement(v.index, at.var)
    index: tuple[Int | Value, ...] = tuple(
        i.subs({at.var: at.base}) if isinstance(i, Int) else _value(i, at) for i in v.index
    )
    data = any(not isinstance(i, Int) and lanes_of(i) > 1 for i in index)
    if not any(step) and not data:
        return replace(v, index=index)
    return replace(v, index=index, lanes=at.count, step=step, active=at.active)
