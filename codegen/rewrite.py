"""Blocks and values rewritten bottom-up: the one traversal that passes build on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from polyc.codegen.loops import (
    Aligned,
    All,
    Alloc,
    Bin,
    Bits,
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


def map_stmts(body: tuple[Stmt, ...], f: Callable[[Stmt], tuple[Stmt, ...]]) -> tuple[Stmt, ...]:
    """Bottom-up rewriting: children first, then `f` replaces each statement by some statements."""
    out: list[Stmt] = []
    for s in body:
        match s:
            case For():
                s = replace(s, body=map_stmts(s.body, f))
            case If(cond, then, orelse):
                s = If(cond, map_stmts(then, f), map_stmts(orelse, f))
            case _:
                pass
        out.extend(f(s))
    return tuple(out)


def map_value(v: Value, f: Callable[[Value], Value]) -> Value:
    """Bottom-up rewriting of a value."""

    def go(x: Value) -> Value:
        return map_value(x, f)

    match v:
        case Lit() | FromInt() | Get():
            out: Value = v
        case Load(_, index) if all(isinstance(i, Int) for i in index):
            out = v
        case Load(_, index):
            out = replace(v, index=tuple(i if isinstance(i, Int) else go(i) for i in index))
        case Un(op, x):
            out = Un(op, go(x))
        case Bin(op, x, y):
            out = Bin(op, go(x), go(y))
        case Fma(a, b, c):
            out = Fma(go(a), go(b), go(c))
        case Dot(a, b, c):
            out = Dot(go(a), go(b), go(c))
        case Sel(c, a, b):
            out = Sel(go(c), go(a), go(b))
        case Convert(x, d):
            out = Convert(go(x), d)
        case Bits(x, d):
            out = Bits(go(x), d)
        case Libm(fn, args, where):
            out = Libm(fn, tuple(map(go, args)), None if where is None else go(where))
        case Splat(x, n):
            out = Splat(go(x), n)
        case Fold(op, x):
            out = Fold(op, go(x))
        case Shuffle(x, y, lanes):
            out = Shuffle(go(x), go(y), lanes)
    return f(out)


def map_ints_value(v: Value, f: Callable[[Int], Int]) -> Value:
    """Every `Int` of a value replaced."""

    def one(x: Value) -> Value:
        match x:
            case FromInt():
                return replace(x, expr=f(x.expr))
            case Load(buffer, index, dtype, lanes, step, active):
                index = tuple([f(i) if isinstance(i, Int) else i for i in index])
                active = None if active is None else f(active)
                return Load(buffer, index, dtype, lanes, step, active)
            case _:
                return x

    return map_value(v, one)


def map_ints_cond(c: Cond, f: Callable[[Int], Int]) -> Cond:
    match c:
        case Ge(e):
            return Ge(f(e))
        case All(parts):
            return All(tuple(map_ints_cond(p, f) for p in parts))
        case Some(parts):
            return Some(tuple(map_ints_cond(p, f) for p in parts))
        case Aligned():
            return c


def map_ints(body: tuple[Stmt, ...], f: Callable[[Int], Int]) -> tuple[Stmt, ...]:
    """Every `Int` of a block replaced (bounds, indices, conditions, values)."""

    def one(s: Stmt) -> Stmt:
        match s:
            case For():
                work = None if s.work is None else f(s.work)
                lower, upper, inside = f(s.lower), f(s.upper), tuple(map(one, s.body))
                return replace(s, lower=lower, upper=upper, body=inside, work=work)
            case If(cond, then, orelse):
                return If(map_ints_cond(cond, f), tuple(map(one, then)), tuple(map(one, orelse)))
            case Store(index=index, value=value, active=active):
                active = None if active is None else f(active)
                value = map_ints_value(value, f)
                return replace(s, index=tuple(map(f, index)), value=value, active=active)
            case Let(n, v):
                return Let(n, map_ints_value(v, f))
            case Declare(n, v):
                return Declare(n, map_ints_value(v, f))
            case Set(n, v):
                return Set(n, map_ints_value(v, f))
            case Check(v, code):
                return Check(map_ints_value(v, f), code)
            case Alloc():
                return s

    return tuple(map(one, body))


def map_values(
    body: tuple[Stmt, ...],
    value: Callable[[Value], Value],
    stmt: Callable[[Stmt], Stmt] = lambda s: s,
) -> tuple[Stmt, ...]:
    """Every value of a block replaced by `value(v)`, then every statement by `stmt(s)`."""

    def one(s: Stmt) -> tuple[Stmt, ...]:
        match s:
            case Store() | Let() | Declare() | Set() | Check():
                s = replace(s, value=value(s.value))
            case _:
                pass
        return (stmt(s),)

    return map_stmts(body, one)
