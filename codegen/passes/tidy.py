"""Integers simplified by the ranges of the loops around them; loops of one trip dissolved.

for i in 0:1 { for j in 0:min(8, 16 - 8*i) { S } }    becomes    for j in 0:8 { S }
"""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.bounds import Ranges
from polyc.codegen.loops import Aligned, All, Cond, For, Ge, If, Some, Stmt
from polyc.codegen.rewrite import map_ints

TRUE, FALSE = All(()), Some(())


def tidy(body: tuple[Stmt, ...], ranges: Ranges | None = None) -> tuple[Stmt, ...]:
    """The same block with decided bounds, guards and loops; `ranges` are of the loops around it."""
    around = ranges or Ranges()
    return tuple(out for s in body for out in _one(s, around))


def _one(s: Stmt, ranges: Ranges) -> tuple[Stmt, ...]:
    match s:
        case For():
            return _for(s, ranges)
        case If(cond, then, orelse):
            cond = decide(cond, ranges)
            if cond == TRUE:
                return tidy(then, ranges)
            if cond == FALSE:
                return tidy(orelse, ranges)
            return (If(cond, tidy(then, ranges), tidy(orelse, ranges)),)
        case _:
            return map_ints((s,), ranges.simplify)


def _for(s: For, ranges: Ranges) -> tuple[Stmt, ...]:
    lower, upper = ranges.simplify(s.lower), ranges.simplify(s.upper)
    if ranges.never_negative(lower - upper):
        return ()
    if ranges.never_negative(lower - upper + 1) and s.kind != "parallel":
        once = tidy(map_ints(s.body, lambda e: e.subs({s.var: lower})), ranges)
        if ranges.never_negative(upper - lower - 1):
            return once
        return (If(Ge(upper - lower - 1), once),) if once else ()
    inner = tidy(s.body, ranges.inside(s.var, lower, upper))
    return (replace(s, lower=lower, upper=upper, body=inner),) if inner else ()


def decide(c: Cond, ranges: Ranges) -> Cond:
    """The condition with decided parts removed; `TRUE` or `FALSE` where all of it is."""
    match c:
        case Ge(e):
            e = ranges.simplify(e)
            if ranges.never_negative(e):
                return TRUE
            return FALSE if ranges.never_negative(-e - 1) else Ge(e)
        case All(parts):
            kept = [p for q in parts if (p := decide(q, ranges)) != TRUE]
            if FALSE in kept:
                return FALSE
            return kept[0] if len(kept) == 1 else All(tuple(kept))
        case Some(parts):
            left = [p for q in parts if (p := decide(q, ranges)) != FALSE]
            if TRUE in left:
                return TRUE
            return left[0] if len(left) == 1 else Some(tuple(left))
        case Aligned():
            return c
