"""Dependences by running the text: every instance in order, with each element's history.

Nothing of isl or of the scheduler is used but the points of a domain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import islpy as isl

from polyc.frontend.integers import Int
from polyc.frontend.program import (
    Binary,
    Cast,
    Const,
    Expr,
    Index,
    Load,
    Program,
    Select,
    Statement,
    Unary,
    children,
)

Env = dict[str, int]
Instance = tuple[str, tuple[int, ...]]
Element = tuple[str, tuple[int, ...]]
Key = tuple[str, str, str, str, bool]  # kind, source, sink, tensor, reduction
Pairs = set[tuple[tuple[int, ...], tuple[int, ...]]]

_COMPARE = {
    "<": int.__lt__,
    "<=": int.__le__,
    ">": int.__gt__,
    ">=": int.__ge__,
    "==": int.__eq__,
    "!=": int.__ne__,
}


def points(s: isl.Set) -> list[tuple[int, ...]]:
    """The integer points of a bounded set, in no order."""
    found: list[tuple[int, ...]] = []
    width = s.dim(isl.dim_type.set)

    def keep(p: isl.Point) -> None:
        at = [p.get_coordinate_val(isl.dim_type.set, d).to_python() for d in range(width)]
        found.append(tuple(at))

    s.foreach_point(keep)
    return found


def relation(m: isl.Map) -> Pairs:
    """The pairs of a relation."""
    width = m.dim(isl.dim_type.in_)
    return {(p[:width], p[width:]) for p in points(m.wrap())}


def instances(program: Program) -> list[tuple[Statement, Env]]:
    """All instances in the order of the text."""
    found = []
    for s in program.statements:
        for p in points(s.domain):
            env = dict(zip(s.vars, p, strict=True))
            inner = [v for v in s.vars if v not in s.order]
            moment = [env[x] if isinstance(x, str) else x for x in (*s.order, *inner)]
            found.append((moment, s, env))
    found.sort(key=lambda x: x[0])
    return [(s, env) for _, s, env in found]


def element(tensor: str, subs: tuple[Int, ...], env: Env) -> Element:
    return tensor, tuple(x.eval(env) for x in subs)


def reads(e: Expr, env: Env, program: Program) -> Iterator[Element]:
    """Elements that an expression may read: only the branch that an affine condition takes."""
    match e:
        case Load(tensor, subs):
            shape = [n.value for n in program.tensor(tensor).shape]
            yield from (
                (tensor, at)
                for at in product(
                    *(
                        [x.eval(env)] if isinstance(x, Int) else range(n)
                        for x, n in zip(subs, shape, strict=True)
                    )
                )
            )
        case Select(cond, yes, no):
            taken = holds(cond, env)
            yield from reads(cond, env, program)
            for branch, when in ((yes, True), (no, False)):
                if taken in (None, when):
                    yield from reads(branch, env, program)
            return
    for c in children(e):
        yield from reads(c, env, program)


def holds(e: Expr, env: Env) -> bool | None:
    """The value of a condition on integers, None if it depends on data."""
    match e:
        case Const(bool() as value):
            return value
        case Unary("!", x):
            inner = holds(x, env)
            return None if inner is None else not inner
        case Binary("&&" | "||" as op, x, y):
            a, b = holds(x, env), holds(y, env)
            if a is None or b is None:
                return None
            return (a and b) if op == "&&" else (a or b)
        case Binary(op, x, y) if op in _COMPARE:
            p, q = number(x, env), number(y, env)
            return None if p is None or q is None else bool(_COMPARE[op](p, q))
    return None


def number(e: Expr, env: Env) -> int | None:
    match e:
        case Index(expr):
            return expr.eval(env)
        case Const(int() as value):
            return value
        case Cast(x):
            return number(x, env)
    return None


@dataclass(slots=True)
class History:
    """What happened to one element."""

    live: list[Instance] = field(default_factory=list)  # writers whose value may be read now
    writers: list[Instance] = field(default_factory=list)
    readers: list[tuple[Instance, bool]] = field(default_factory=list)  # True: an accumulator


def dependences(program: Program) -> dict[Key, Pairs]:
    """Every edge: flow from the writers that may be seen, anti and output between all."""
    edges: dict[Key, Pairs] = defaultdict(set)
    past: dict[Element, History] = defaultdict(History)

    def add(kind: str, a: Instance, b: Instance, tensor: str, tag: bool) -> None:
        writer = b[0] if kind == "anti" else a[0]
        reduces = program.statement(writer).op is not None
        edges[kind, a[0], b[0], tensor, tag and a[0] == b[0] and reduces].add((a[1], b[1]))

    for s, env in instances(program):
        me = (s.name, tuple(env.values()))
        target = element(s.tensor, s.subs, env)
        loaded = [(x, False) for x in set(reads(s.value, env, program))]
        if s.op is not None:
            loaded.append((target, True))
        for x, accumulates in loaded:
            for writer in past[x].live:
                add("flow", writer, me, x[0], accumulates)
        here = past[target]
        for reader, accumulates in here.readers:
            add("anti", reader, me, s.tensor, accumulates)
        for writer in here.writers:
            add("output", writer, me, s.tensor, True)
        for x, accumulates in loaded:
            past[x].readers.append((me, accumulates))
        here.writers.append(me)
        here.live = [*here.live, me] if s.op is not None else [me]
    return dict(edges)
