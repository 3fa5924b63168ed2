"""Loops marked "unroll" written out: one copy of the body per iteration.

    for i in 0:2 unroll { C[i, 0:16] += … A[i, k] … }
becomes
    C[0, 0:16] += … A[0, k] …;  C[1, 0:16] += … A[1, k] …

The mark stands inside the reduced loops, so the copies share what does not move with `i`
(unroll-and-jam). No dependence has a distance in a marked loop, so one whose trip count is not a
small constant moves out of the serial loops around it instead: its sums still fit in registers.
"""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.loops import Declare, For, Get, If, Let, Set, Stmt, Value
from polyc.codegen.rewrite import map_ints, map_value, map_values
from polyc.codegen.walk import statements
from polyc.frontend.integers import Int, distribute

LIMIT = 64  # copies of a body
MOVED = "moved out: not unrolled"


def unroll(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """Every marked loop with a constant trip count up to LIMIT replaced by copies."""
    out: list[Stmt] = []
    for s in body:
        match s:
            case For(kind="unroll"):
                inner = unroll(s.body)
                count = distribute(s.upper - s.lower)
                if count.is_const and count.value <= LIMIT:
                    for k in range(count.value):
                        out += _copy(inner, s.var, s.lower, k)
                else:
                    out.append(replace(s, kind="serial", body=inner, note=MOVED))
            case For():
                out.append(_around(replace(s, body=unroll(s.body))))
            case If(cond, then, orelse):
                out.append(If(cond, unroll(then), unroll(orelse)))
            case _:
                out.append(s)
    return tuple(out)


def _around(s: For) -> For:
    """The loop, moved inside the one that it surrounds if that is a marked one left as a loop."""
    match s:
        case For(kind="serial", body=(For(note=note) as inner,)) if note == MOVED:
            if s.var not in inner.lower.names | inner.upper.names:
                return replace(inner, body=(replace(s, body=inner.body),))
    return s


def _copy(body: tuple[Stmt, ...], var: str, lower: Int, k: int) -> tuple[Stmt, ...]:
    """The body with the counter fixed, its locals renamed so that copies do not share them."""
    fixed = map_ints(body, lambda e: e.subs({var: lower + k}))
    own = {s.name for s in statements(body) if isinstance(s, Let | Declare)}
    if not own:
        return fixed

    def rename(v: Value) -> Value:
        match v:
            case Get(name) if name in own:
                return replace(v, name=f"{name}.{k}")
            case _:
                return v

    def name(s: Stmt) -> Stmt:
        match s:
            case Let() | Declare() | Set() if s.name in own:
                return replace(s, name=f"{s.name}.{k}")
            case _:
                return s

    return map_values(fixed, lambda v: map_value(v, rename), name)
