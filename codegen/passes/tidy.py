"""Integers simplified by the ranges of the loops around them; loops of one trip dissolved.

for i in 0:1 { for j in 0:min(8, 16 - 8*i) { S } }    becomes    for j in 0:8 { S }
"""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.bounds import Trips, never_negative, simplify
from polyc.codegen.loops import All, Cond, For, Ge, If, Some, Stmt, map_ints
from polyc.frontend.integers import Int

TRUE, FALSE = All(()), Some(())


def tidy(body: tuple[Stmt, ...], trips: Trips | None = None) -> tuple[Stmt, ...]:
    """The same block with decided bounds, guards and loops; `trips` are the loops around it."""
    around = dict(trips or {})
    return tuple(out for s in body for out in _one(s, around))


def _one(s: Stmt, trips: dict[str, Int]) -> tuple[Stmt, ...]:
    match s:
        case For():
            return _for(s, trips)
        case If(cond, then, orelse):
            cond = decide(cond, trips)
            if cond == TRUE:
                return tidy(then, trips)
            if cond == FALSE:
                return tidy(orelse, trips)
            return (If(cond, tidy(then, trips), tidy(orelse, trips)),)
        case _:
            return map_ints((s,), lambda e: simplify(e, trips))


def _for(s: For, trips: dict[str, Int]) -> tuple[Stmt, ...]:
    count = simplify(s.upper, trips)
    if never_negative(-count, trips):
        return ()
    if never_negative(1 - count, trips) and s.kind != "parallel":
        once = tidy(map_ints(s.body, lambda e: e.subs({s.var: 0})), trips)
        if never_negative(count - 1, trips):
            return once
        return (If(Ge(count - 1), once),) if once else ()
    inner = tidy(s.body, {**trips, s.var: count})
    return (replace(s, upper=count, body=inner),) if inner else ()


def decide(c: Cond, trips: Trips) -> Cond:
    """The condition with decided parts removed; `TRUE` or `FALSE` where all of it is."""
    match c:
        case Ge(e):
            e = simplify(e, trips)
            if never_negative(e, trips):
                return TRUE
            return FALSE if never_negative(-e - 1, trips) else Ge(e)
        case All(parts):
            kept = [p for q in parts if (p := decide(q, trips)) != TRUE]
            if FALSE in kept:
                return FALSE
            return kept[0] if len(kept) == 1 else All(tuple(kept))
        case Some(parts):
            left = [p for q in parts if (p := decide(q, trips)) != FALSE]
            if TRUE in left:
                return TRUE
            return left[0] if len(left) == 1 else Some(tuple(left))
